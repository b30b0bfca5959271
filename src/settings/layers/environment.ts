import { allSettings } from '../declarations/index.js';
import { meaninglessSettings } from '../declarations/meaningless.js';
import type { Origin } from '../origin.js';
import { nearest } from '../../problems/nearest.js';
import { comparable, comparableVariable, oceanVariable } from '../spelling.js';
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

/** A layer of variables; `file` is null for the environment itself. */
export function variableLayer(variables: Variables, file: string | null): Layer {
  const candidate = (spelling: string, raw: string): Candidate => ({
    origin: originOf(spelling, file),
    raw,
  });
  const container = containerVariables(variables);

  const short = (names: readonly string[]): readonly Candidate[] =>
    names.flatMap((name) => {
      const raw = variables[name];
      return raw === undefined ? [] : [candidate(name, raw)];
    });

  return {
    candidates: ({ keys, variables: names }) => [
      ...keys.flatMap((key) =>
        container
          .filter((entry) => entry.key === comparable(key))
          .map(({ name, value }) => candidate(name, value)),
      ),
      ...short(names),
    ],
    meaningless: ({ keys, variables: names }) => [
      ...container
        .filter((entry) => isAtOrBelow(entry.key, keys))
        .map(({ name, value }) => candidate(name, value)),
      ...short(names),
    ],
  };
}

/** The `OCEAN__` variables that no setting has, each with the one that may have been meant. */
export function unknownVariables(
  variables: Variables,
): readonly { readonly name: string; readonly nearest: string | undefined }[] {
  const keys = allSettings.flatMap((setting) => setting.keys);
  const known = new Set(keys.map(comparable));
  const meaningless = meaninglessSettings.flatMap((setting) => setting.keys);
  return containerVariables(variables)
    .filter(({ key }) => !known.has(key) && !isAtOrBelow(key, meaningless))
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
    const meant = nearest(name, free);
    return meant === undefined ? [] : [{ name, nearest: meant }];
  });
}

function originOf(spelling: string, file: string | null): Origin {
  return { layer: file === null ? 'environment' : 'env-file', spelling, file };
}

/** The `OCEAN__` variables with the key that each stands for. The usual upper case comes first. */
function containerVariables(
  variables: Variables,
): readonly { readonly name: string; readonly key: string; readonly value: string }[] {
  return Object.entries(variables)
    .flatMap(([name, value]) => {
      const key = comparableVariable(name);
      return key === null || value === undefined ? [] : [{ name, key, value }];
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
