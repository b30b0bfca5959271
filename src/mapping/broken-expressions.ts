import { z } from 'zod';
import type { Problem } from '../problems/problem.js';
import type { Expression, Mapping } from './mapping.js';

/** An expression that jq refuses. */
export interface ExpressionMistake {
  readonly path: readonly PropertyKey[];
  readonly expression: Expression;
  /** jq's own. */
  readonly message: string;
  /** Where in the expression; null: in all of it. */
  readonly offset: number | null;
}

/** What an expression costs that is not jq. */
export type Cost = 'field' | 'entities' | 'resource';

const inResource = z.tuple([z.literal('resources'), z.number()], z.union([z.string(), z.number()]));

/** The parts without which an entity can do. */
const FIELDS = new Set(['title', 'icon', 'team', 'properties', 'relations']);

/** The steps from a resource to the field of an entity, whether `mappings` is a list or not. */
function fieldIn(path: readonly PropertyKey[]): readonly PropertyKey[] | null {
  const below = path.slice(5);
  const isListed = typeof below[0] === 'number';
  const field = isListed ? below.slice(1) : below;
  if (path[4] !== 'mappings' || !FIELDS.has(String(field[0]))) return null;
  const named = field[0] === 'properties' || field[0] === 'relations' ? 2 : 1;
  return path.slice(0, path.length - field.length + named);
}

/** What it costs that the expression at the path is not jq. */
export function costOf(path: readonly PropertyKey[]): Cost {
  if (fieldIn(path) !== null) return 'field';
  return path[4] === 'mappings' ? 'entities' : 'resource';
}

/**
 * A copy of a written mapping in which each mistaken expression is gone with its field; where nothing
 * can be made without it, it fails on each item instead.
 */
export function withoutMistakes(value: unknown, mistakes: readonly ExpressionMistake[]): unknown {
  const copy = structuredClone(value);
  for (const { path } of mistakes) {
    const field = fieldIn(path);
    const steps = field ?? path;
    const last = steps.at(-1);
    const holder = steps.slice(0, -1).reduce<unknown>(member, copy);
    if (last === undefined || typeof holder !== 'object' || holder === null) continue;
    if (field === null) Reflect.set(holder, last, FAILING);
    else Reflect.deleteProperty(holder, last);
  }
  return copy;
}

const FAILING = 'error("the expression is not valid jq")';

/** Whether the problem of an item comes from an expression that was told of with the mapping. */
export function isToldAlready(problem: Problem): boolean {
  return 'expression' in problem && problem.expression === FAILING;
}

/** Notes the resources in which something fails on each item: what they feed is not known. */
export function withBroken(mapping: Mapping, mistakes: readonly ExpressionMistake[]): Mapping {
  const broken = new Set(
    mistakes.flatMap(({ path }) => {
      const position = inResource.safeParse(path).data?.[1];
      return position === undefined || costOf(path) === 'field' ? [] : [position];
    }),
  );
  const resources = mapping.resources.map((resource, position) =>
    broken.has(position) ? { ...resource, isBroken: true as const } : resource,
  );
  return { ...mapping, resources };
}

function member(holder: unknown, step: PropertyKey): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : undefined;
}
