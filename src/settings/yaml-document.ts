import { isScalar, visit } from 'yaml';
import { z } from 'zod';
import type { JsonValue } from '../model/json.js';
import { duplicateKeys } from '../yaml/duplicate-keys.js';
import { columnAt, lineAt } from '../yaml/excerpt.js';
import { openYaml, type YamlText } from '../yaml/yaml-text.js';

/** A parsed YAML text, or why it is none, with the line and column. */
export type YamlReading =
  | {
      /** Values as YAML types them. */
      readonly value: JsonValue;
      /** The same with every single value as the text that was written: `0123` stays `0123`. */
      readonly texts: JsonValue;
    }
  | { readonly failure: string };

/** Parses one YAML (or JSON) document. An empty one is null. */
export function parseYaml(text: string): YamlReading {
  const opened = openYaml(text);
  if ('faults' in opened) {
    const [{ offset, reason } = { offset: null, reason: 'this is not valid YAML' }] = opened.faults;
    return { failure: offset === null ? `it ${reason}` : `${placeIn(text, offset)}: ${reason}` };
  }
  const [twice] = duplicateKeys(opened, []);
  // The key itself is not shown: `clientSecret:abc` without its space is a key as a whole.
  if (twice !== undefined) {
    const reason = `the same key stands twice, first in line ${lineAt(text, twice.first)}`;
    return { failure: `${placeIn(text, twice.offset)}: ${reason}` };
  }
  return plainValues(opened);
}

function placeIn(text: string, offset: number): string {
  return `line ${lineAt(text, offset)}, column ${columnAt(text, offset)}`;
}

function plainValues({ document, value }: YamlText): YamlReading {
  visit(document, {
    Scalar: (_key, node) => {
      const isText = typeof node.value === 'string' || node.value === null;
      if (!isText && isScalar(node) && node.source !== undefined) node.value = node.source;
    },
  });
  return { value: z.json().parse(value), texts: z.json().parse(document.toJS()) };
}
