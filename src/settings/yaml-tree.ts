import { isScalar, visit } from 'yaml';
import { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import { nearest } from '../problems/nearest.js';
import type { Problem } from '../problems/problem.js';
import { columnAt, lineAt } from '../yaml/excerpt.js';
import { duplicateKeys, findOffset } from '../yaml/find-offset.js';
import { openYaml, type YamlText } from '../yaml/yaml-text.js';
import { allSettings } from './declarations/index.js';
import { meaninglessSettings } from './declarations/meaningless.js';
import {
  comparable,
  comparableKey,
  type Locate,
  type Origin,
  locatedAt,
  type Position,
  spelledOut,
} from './spelling.js';

/** A place in the tree that means something. */
export interface TreeLeaf {
  /** What all spellings of its key have in common. */
  readonly comparable: string;
  /** The key as the user wrote it, dotted. */
  readonly key: string;
  /** Its keys, as the user wrote them. */
  readonly path: readonly string[];
  readonly raw: JsonValue;
}

/** A place in the tree that means nothing. */
export interface TreeFault {
  /** The key as the user wrote it, dotted. */
  readonly key: string;
  /** Its keys, as the user wrote them. */
  readonly path: readonly string[];
  readonly is: 'unknown' | 'no branch';
  /** The key that may have been meant. */
  readonly nearest: string | undefined;
}

/** A tree of settings, or a branch of it, taken apart. */
export interface SettingsTree {
  readonly leaves: readonly TreeLeaf[];
  readonly faults: readonly TreeFault[];
}

const settingKeys = allSettings.flatMap(({ keys, pastedKeys }) => [...keys, ...pastedKeys]);
const leafKeys = new Set(settingKeys.map(comparable));
const branches = new Set(settingKeys.flatMap(ancestors));

/** The keys that `key` stands below, in the form of comparisons, the highest first. */
export function ancestors(key: string): readonly string[] {
  return parents(comparable(key));
}

function parents(key: string): readonly string[] {
  const segments = key.split('.');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('.'));
}

function isMeaningless(form: string, raw: JsonValue): boolean {
  return meaninglessSettings.some(
    ({ keys, recognises }) =>
      keys.some((key) => comparable(key) === form) && (recognises?.(raw) ?? true),
  );
}

/** The key of a settings file that a mapping may stand below. */
export const MAPPING_KEY = 'mapping';

/** The text of a settings file as a tree: single values as they were written, the mapping typed. */
export function parseSettingsTree(
  text: string,
): { readonly content: JsonObject; readonly locate: Locate } | YamlFailure {
  const reading = parseYaml(text);
  if ('failure' in reading) return reading;
  const { value, texts, locate } = reading;
  if (texts === null) return { content: {}, locate };
  if (!isJsonObject(texts)) return { failure: 'it must hold keys and values, such as port:' };
  // In a mapping, true is not "true".
  const mapping = isJsonObject(value) ? value[MAPPING_KEY] : undefined;
  const content = mapping === undefined ? texts : { ...texts, [MAPPING_KEY]: mapping };
  return { content, locate };
}

/**
 * Takes a tree apart and finds what no setting has.
 * @param above where the tree is a branch: the key that it stands below
 */
export function takeApart(tree: JsonObject, above: readonly string[] = []): SettingsTree {
  const leaves: TreeLeaf[] = [];
  const faults: TreeFault[] = [];

  const walk = (branch: JsonObject, below: readonly string[]): void => {
    for (const [name, raw] of Object.entries(branch)) {
      const path = [...below, name];
      const form = comparableKey([...above, ...path]);
      if (leafKeys.has(form) || isMeaningless(form, raw)) {
        leaves.push({ comparable: form, key: shown(path), path, raw });
      } else if (branches.has(form)) {
        descend(raw, path);
      } else {
        const nearest = nearestKey([...above, ...path]);
        faults.push({ key: shown(path), path, is: 'unknown', nearest });
      }
    }
  };

  const descend = (raw: JsonValue, path: readonly string[]): void => {
    const below = typeof raw === 'string' ? pastedBlock(raw) : raw;
    if (isJsonObject(below)) walk(below, path);
    else if (below !== null) {
      faults.push({ key: shown(path), path, is: 'no branch', nearest: undefined });
    }
  };

  walk(tree, []);
  return { leaves, faults };
}

/** What is wrong with the tree of a settings file. `file` is its name, for messages. */
export function problemsOfTree(
  { faults }: SettingsTree,
  file: string,
  locate: Locate,
): readonly Problem[] {
  return faults.map(({ key, path, is, nearest }): Problem => {
    const at = locate(path, 'key');
    const origin: Origin = { layer: 'yaml', spelling: key, file, ...(at === null ? {} : { at }) };
    if (is === 'no branch') return notABranch(origin);
    return {
      code: 'setting-unknown',
      key,
      origin: file,
      ...(nearest === undefined ? {} : { nearest }),
      ...locatedAt(origin),
    };
  });
}

/** The problem with a value where keys and values belong. */
export function notABranch(origin: Origin): Problem {
  const spelling = spelledOut(origin);
  const reason = 'must hold keys and values';
  return { code: 'setting-invalid', spelling, reason, ...locatedAt(origin) };
}

/** The GitHub workflow of the container writes `config: |`, which makes a text of the block below. */
function pastedBlock(text: string): JsonValue {
  const reading = parseYaml(text);
  return 'texts' in reading ? reading.texts : text;
}

/** Keys of a mapping that people write at the root of the settings file. */
const MAPPING_KEYS = [
  'resources',
  'createMissingRelatedEntities',
  'deleteDependentEntities',
  'enableMergeEntity',
  'entityDeletionThreshold',
];

function nearestKey(path: readonly string[]): string | undefined {
  const [first = '', ...rest] = path;
  if (rest.length === 0 && MAPPING_KEYS.includes(first)) return `mapping.${first}`;
  const known = allSettings.flatMap(({ keys }) => keys);
  const last = comparableKey(path.slice(-1));
  return (
    nearest(path.join('.'), known.concat(known.flatMap(parents))) ??
    known.find((key) => comparable(key).split('.').at(-1) === last)
  );
}

const AFTER_NAME = /[^A-Za-z0-9_-].*$/su;

/** `clientSecret:abc` without its space is one key to YAML: what follows the name is not shown. */
function shown(path: readonly string[]): string {
  return path.map((name) => name.replace(AFTER_NAME, '…')).join('.');
}

/** A parsed YAML text, or why it is none, with the line and column. */
type YamlReading =
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
      const offset = findOffset(opened, { path, points });
      return offset === null ? null : positionIn(text, offset);
    },
  };
}
