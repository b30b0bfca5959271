import { allSettings } from '../declarations/index.js';
import { meaninglessSettings } from '../declarations/meaningless.js';
import {
  comparable,
  comparableVariable,
  oceanVariable,
  type Origin,
  type SettingsFile,
} from '../spelling.js';
import { nearest } from '../../problems/nearest.js';
import {
  branchVariables,
  isBranch,
  type BranchVariables,
  type ContainerVariable,
} from './branch-variables.js';
import type { Candidate, Layer } from './layer.js';

/** Environment variables, or what an `.env` file holds. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Whether `key` is one of `keys` or stands below one, in the form that comparisons use. */
function isAtOrBelow(key: string, keys: readonly string[]): boolean {
  return keys.some((known) => {
    const form = comparable(known);
    return key === form || key.startsWith(`${form}.`);
  });
}

/** How the name of a variable ends that names a file with the value, as Docker's secrets are given. */
const FILE_ENDING = '_FILE';

/**
 * The variable whose value is in a file that `name` names: PORT_CLIENT_SECRET for
 * PORT_CLIENT_SECRET_FILE. Null where it is no such name.
 */
export function variableInFile(name: string): string | null {
  if (!name.endsWith(FILE_ENDING)) return null;
  const variable = name.slice(0, -FILE_ENDING.length);
  const key = comparableVariable(variable);
  const isKnown = allSettings.some(({ variables, keys }) =>
    key === null ? variables.includes(variable) : keys.some((known) => comparable(known) === key),
  );
  return isKnown || (key !== null && isBranch(key)) ? variable : null;
}

/** The `.env` file that variables stand in. */
type VariableFile = Pick<SettingsFile<unknown>, 'file' | 'locate'>;

/** Variables as a layer. */
export interface VariableLayer extends Layer, Pick<BranchVariables, 'unknown' | 'problems'> {}

/**
 * A layer of variables. Of what sets one thing, variables that set nothing else come first.
 * @param file null for the environment itself
 * @param contents of the files that variables such as PORT_CLIENT_SECRET_FILE name, by these
 */
export function variableLayer(
  variables: Variables,
  file: VariableFile | null,
  contents: Variables = {},
): VariableLayer {
  const container = [
    ...containerVariables(variables, file, ''),
    ...containerVariables(contents, file, FILE_ENDING),
  ];
  const branches = branchVariables(container);
  const candidate = (name: string, raw: string): Candidate => ({
    origin: originOf(name, file),
    raw,
  });

  const short = (names: readonly string[]): readonly Candidate[] =>
    names.flatMap((name) => {
      const nameOfFile = `${name}${FILE_ENDING}`;
      const [raw, content] = [variables[name], contents[nameOfFile]];
      return [
        ...(raw === undefined ? [] : [candidate(name, raw)]),
        ...(content === undefined ? [] : [candidate(nameOfFile, content)]),
      ];
    });

  return {
    candidates: ({ keys, variables: names }) => [
      ...keys.flatMap((key) =>
        container
          .filter((entry) => entry.key === comparable(key))
          .map(({ origin, value }) => ({ origin, raw: value })),
      ),
      ...short(names),
      ...keys.flatMap((key) =>
        branches.leaves.filter((leaf) => leaf.comparable === comparable(key)),
      ),
    ],
    meaningless: ({ keys, variables: names }) => [
      ...container
        .filter((entry) => isAtOrBelow(entry.key, keys))
        .map(({ origin, value }) => ({ origin, raw: value })),
      ...short(names),
      ...branches.leaves.filter((leaf) => isAtOrBelow(leaf.comparable, keys)),
    ],
    unknown: branches.unknown,
    problems: branches.problems,
  };
}

/** The `OCEAN__` variables that no setting has, each with the one that may have been meant. */
export function unknownVariables(
  variables: Variables,
): readonly { readonly name: string; readonly nearest: string | undefined }[] {
  const keys = allSettings.flatMap((setting) => setting.keys);
  const known = new Set(keys.map(comparable));
  const meaningless = meaninglessSettings.flatMap((setting) => setting.keys);
  return containerVariables(variables, null, '')
    .map(({ key, origin }) => ({ key, name: origin.spelling }))
    .filter(({ name }) => variableInFile(name) === null)
    .filter(({ key }) => !known.has(key) && !isBranch(key) && !isAtOrBelow(key, meaningless))
    .map(({ name }) => ({ name, nearest: nearest(name, keys.map(oceanVariable)) }));
}

/** How the short names of our variables begin. */
const SHORT_NAME = /^(?:PORT|BITBUCKET)_/u;

/** Variables that look like a typo of a short name, each with the one that may have been meant. */
export function misspeltVariables(
  variables: Variables,
): readonly { readonly name: string; readonly nearest: string }[] {
  const known = allSettings.flatMap((setting) => setting.variables);
  const others = meaninglessSettings.flatMap((setting) => setting.variables);
  // Bitbucket Pipelines has many of its own that begin alike.
  if ((variables.BITBUCKET_BUILD_NUMBER ?? '') !== '') return [];
  // Who has set the right one as well means something else by the other.
  const free = known.filter((name) => (variables[name] ?? '') === '');
  return Object.keys(variables).flatMap((name) => {
    if (!SHORT_NAME.test(name) || known.includes(name) || others.includes(name)) return [];
    if (variableInFile(name) !== null) return [];
    const meant = nearest(name, free);
    return meant === undefined ? [] : [{ name, nearest: meant }];
  });
}

function originOf(spelling: string, from: VariableFile | null): Origin {
  if (from === null) return { layer: 'environment', spelling, file: null };
  const at = from.locate?.([spelling], 'key') ?? null;
  return { layer: 'env-file', spelling, file: from.file, ...(at === null ? {} : { at }) };
}

/**
 * The `OCEAN__` variables with the key that each stands for. The usual upper case comes first.
 * @param ending of their names, which is no part of the key
 */
function containerVariables(
  variables: Variables,
  file: VariableFile | null,
  ending: string,
): readonly ContainerVariable[] {
  return Object.entries(variables)
    .flatMap(([name, value]) => {
      const key = comparableVariable(name.slice(0, name.length - ending.length));
      return key === null || value === undefined ? [] : [{ name, key, value }];
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, key, value }) => ({ origin: originOf(name, file), key, value }));
}
