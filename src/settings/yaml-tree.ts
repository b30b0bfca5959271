import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import { allSettings } from './declarations/index.js';
import { meaninglessSettings } from './declarations/meaningless.js';
import { nearest } from '../problems/nearest.js';
import { comparable, comparableKey } from './spelling.js';
import { placedAt, spelledOut, type Locate, type Origin } from './origin.js';
import { parseYaml, type YamlFailure } from './yaml-document.js';

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
      ...placedAt(origin),
    };
  });
}

/** The problem with a value where keys and values belong. */
export function notABranch(origin: Origin): Problem {
  const spelling = spelledOut(origin);
  const reason = 'must hold keys and values';
  return { code: 'setting-invalid', spelling, reason, ...placedAt(origin) };
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

function parents(key: string): readonly string[] {
  const segments = key.split('.');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('.'));
}

const AFTER_NAME = /[^A-Za-z0-9_-].*$/su;

/** `clientSecret:abc` without its space is one key to YAML: what follows the name is not shown. */
function shown(path: readonly string[]): string {
  return path.map((name) => name.replace(AFTER_NAME, '…')).join('.');
}
