import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import { allSettings } from './declarations/index.js';
import { meaninglessSettings } from './declarations/meaningless.js';
import { nearest } from '../problems/nearest.js';
import { comparable, comparableKey } from './spelling.js';
import { parseYaml } from './yaml-document.js';

/** A place in the tree that means something. */
export interface YamlLeaf {
  /** What all spellings of its key have in common. */
  readonly comparable: string;
  /** The key as the user wrote it, dotted. */
  readonly key: string;
  readonly raw: JsonValue;
}

/** A settings file taken apart. */
export interface YamlTree {
  readonly leaves: readonly YamlLeaf[];
  readonly problems: readonly Problem[];
}

const settingKeys = allSettings.flatMap(({ keys, pastedKeys }) => [...keys, ...pastedKeys]);
const leafKeys = new Set(settingKeys.map(comparable));
const branches = new Set([...settingKeys].flatMap(ancestors));

function ancestors(key: string): readonly string[] {
  const segments = comparable(key).split('.');
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
): { readonly content: JsonObject } | { readonly failure: string } {
  const reading = parseYaml(text);
  if ('failure' in reading) return reading;
  const { value, texts } = reading;
  if (texts === null) return { content: {} };
  if (!isJsonObject(texts)) return { failure: 'it must hold keys and values, such as port:' };
  // In a mapping, true is not "true".
  const mapping = isJsonObject(value) ? value[MAPPING_KEY] : undefined;
  return { content: mapping === undefined ? texts : { ...texts, [MAPPING_KEY]: mapping } };
}

/** Takes a settings file apart and finds what no setting has. `file` is its name, for messages. */
export function takeApart(tree: JsonObject, file: string): YamlTree {
  const leaves: YamlLeaf[] = [];
  const problems: Problem[] = [];

  const walk = (branch: JsonObject, above: readonly string[]): void => {
    for (const [name, raw] of Object.entries(branch)) {
      const path = [...above, name];
      const form = comparableKey(path);
      if (leafKeys.has(form) || isMeaningless(form, raw)) {
        leaves.push({ comparable: form, key: shown(path), raw });
      } else if (branches.has(form)) {
        descend(raw, path);
      } else {
        problems.push(unknownKey(path, file));
      }
    }
  };

  const descend = (raw: JsonValue, path: readonly string[]): void => {
    const below = typeof raw === 'string' ? pastedBlock(raw) : raw;
    if (isJsonObject(below)) walk(below, path);
    else if (isJsonArray(below) || typeof below !== 'object') {
      problems.push({
        code: 'setting-invalid',
        spelling: `${shown(path)} in ${file}`,
        reason: 'must hold keys and values',
      });
    }
  };

  walk(tree, []);
  return { leaves, problems };
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

function unknownKey(path: readonly string[], file: string): Problem {
  const problem = { code: 'setting-unknown', key: shown(path), origin: file } as const;
  const meant = nearestKey(path);
  return meant === undefined ? problem : { ...problem, nearest: meant };
}

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

function parents(key: string): readonly string[] {
  const segments = key.split('.');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('.'));
}

const AFTER_NAME = /[^A-Za-z0-9_-].*$/su;

/** `clientSecret:abc` without its space is one key to YAML: what follows the name is not shown. */
function shown(path: readonly string[]): string {
  return path.map((name) => name.replace(AFTER_NAME, '…')).join('.');
}
