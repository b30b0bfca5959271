import { isJsonObject, type JsonValue } from '../../model/json.js';
import type { Problem } from '../../problems/problem.js';
import { allSettings } from '../declarations/index.js';
import { type Origin, locatedAt, spelledOut } from '../spelling.js';
import { whyUnset } from '../reader.js';
import { ancestors, notABranch, parseYaml, takeApart, type TreeLeaf } from '../yaml-tree.js';
import type { Candidate } from './layer.js';

/** An `OCEAN__` variable, the key that it stands for in the form of comparisons, and its value. */
export interface ContainerVariable {
  readonly origin: Origin;
  readonly key: string;
  readonly value: string;
}

/** What variables add up to that hold a branch of the tree as JSON: OCEAN__PORT, OCEAN__INTEGRATION. */
export interface BranchVariables {
  /** With the form of the key that each is found by; those of the lowest branch first. */
  readonly leaves: readonly (Pick<TreeLeaf, 'comparable'> & Candidate)[];
  /** Keys in them that no setting has. */
  readonly unknown: readonly UnknownMember[];
  readonly problems: readonly Problem[];
}

/** A key in such a variable that no setting has, and the one that may have been meant. */
export interface UnknownMember {
  /** `clientIdd in OCEAN__PORT`. */
  readonly name: string;
  readonly nearest: string | undefined;
}

const branches = new Set(allSettings.flatMap(({ keys }) => keys.flatMap(ancestors)));

/** Whether a key, in the form of comparisons, has others below it. */
export function isBranch(key: string): boolean {
  return branches.has(key);
}

/**
 * Takes apart what variables hold for whole branches. Pure.
 * @param variables of one layer; those of other keys are passed over
 */
export function branchVariables(variables: readonly ContainerVariable[]): BranchVariables {
  const held = variables
    .filter(({ key, value }) => isBranch(key) && whyUnset(value) === null)
    .map((variable) => ({ ...variable, segments: variable.key.split('.') }))
    // What stands for less is meant more.
    .sort((one, other) => other.segments.length - one.segments.length)
    .map((variable) => membersOf(variable, variable.segments));
  return {
    leaves: held.flatMap(({ leaves }) => leaves),
    unknown: held.flatMap(({ unknown }) => unknown),
    problems: held.flatMap(({ problems }) => problems),
  };
}

function membersOf(
  { origin, value }: ContainerVariable,
  above: readonly string[],
): BranchVariables {
  const reading = readObject(value);
  if ('failure' in reading) {
    const quotes = origin.layer === 'env-file' ? '; put it in single quotes' : '';
    const reason = `must be a JSON object such as {"key":"value"}: ${reading.failure}${quotes}`;
    const spelling = spelledOut(origin);
    const problem: Problem = { code: 'setting-invalid', spelling, reason, ...locatedAt(origin) };
    return { ...NONE, problems: [problem] };
  }
  if (!isJsonObject(reading.value)) return NONE;
  const member = (key: string): Origin => ({ ...origin, spelling: `${key} in ${origin.spelling}` });
  const { leaves, faults } = takeApart(reading.value, above);
  return {
    leaves: leaves.map((leaf) => ({
      comparable: leaf.comparable,
      origin: member(leaf.key),
      raw: leaf.raw,
    })),
    unknown: faults.flatMap(({ key, is, nearest }) =>
      is === 'unknown' ? { name: spelledOut(member(key)), nearest } : [],
    ),
    problems: faults.flatMap(({ key, is }) => (is === 'no branch' ? notABranch(member(key)) : [])),
  };
}

const NONE: BranchVariables = { leaves: [], unknown: [], problems: [] };

/** An object, or null; single values are the texts that were written. What is wrong never quotes any. */
function readObject(text: string): { readonly value: JsonValue } | { readonly failure: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null) return { value };
    if (typeof value !== 'object' || Array.isArray(value)) return { failure: 'it holds no object' };
  } catch {
    return { failure: 'it is not valid JSON' };
  }
  // JSON is YAML, whose numbers can be had as they were written.
  const reading = parseYaml(text);
  return 'failure' in reading ? reading : { value: reading.texts };
}
