import { isScalar, visit } from 'yaml';
import { z } from 'zod';
import type { JsonValue } from '../model/json.js';
import { duplicateKeys } from '../yaml/duplicate-keys.js';
import { columnAt, lineAt } from '../yaml/excerpt.js';
import { findPlace } from '../yaml/find-place.js';
import type { Locate, Position } from './origin.js';
import { openYaml, type YamlText } from '../yaml/yaml-text.js';

/** A parsed YAML text, or why it is none, with the line and column. */
export type YamlReading =
  | {
      /** Values as YAML types them. */
      readonly value: JsonValue;
      /** The same with every single value as the text that was written: `0123` stays `0123`. */
      readonly texts: JsonValue;
      readonly locate: Locate;
    }
  | YamlFailure;

/** Why a text is no YAML, and where, if it is one place. */
export interface YamlFailure {
  readonly failure: string;
  readonly at?: Position;
}

/** Parses one YAML (or JSON) document. An empty one is null. */
export function parseYaml(text: string): YamlReading {
  const opened = openYaml(text);
  if ('faults' in opened) {
    const [{ offset, reason } = { offset: null, reason: 'this is not valid YAML' }] = opened.faults;
    return offset === null ? { failure: `it ${reason}` } : failureAt(text, offset, reason);
  }
  const [twice] = duplicateKeys(opened, []);
  // The key itself is not shown: `clientSecret:abc` without its space is a key as a whole.
  if (twice !== undefined) {
    const reason = `the same key stands twice, first in line ${lineAt(text, twice.first)}`;
    return failureAt(text, twice.offset, reason);
  }
  return plainValues(opened);
}

function failureAt(text: string, offset: number, reason: string): YamlFailure {
  const at = positionIn(text, offset);
  return { failure: `line ${at.line}, column ${at.column}: ${reason}`, at };
}

function positionIn(text: string, offset: number): Position {
  return { line: lineAt(text, offset), column: columnAt(text, offset) };
}

function plainValues(opened: YamlText): YamlReading {
  const { document, value, text } = opened;
  visit(document, {
    Scalar: (_key, node) => {
      const isText = typeof node.value === 'string' || node.value === null;
      if (!isText && isScalar(node) && node.source !== undefined) node.value = node.source;
    },
  });
  return {
    value: z.json().parse(value),
    texts: z.json().parse(document.toJS()),
    locate: (path, points) => {
      const offset = findPlace(opened, { path, points });
      return offset === null ? null : positionIn(text, offset);
    },
  };
}
