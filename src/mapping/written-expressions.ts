import { z } from 'zod';
import { isBlank } from './jq-tokens.js';
import type { Expression } from './mapping.js';

/** An expression where it is written. */
export interface WrittenExpression {
  readonly path: readonly PropertyKey[];
  readonly expression: Expression;
}

const object = z.record(z.string(), z.unknown());
const list = z.array(z.unknown());
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/**
 * All expressions of a mapping, in its order, in whatever else is wrong with it, so that those that
 * do not compile are told together with everything else.
 */
export function writtenExpressions(mapping: unknown): readonly WrittenExpression[] {
  return listAt(mapping, ['resources']).flatMap(([path, resource]) => [
    ...expressionAt(resource, path, 'selector', 'query'),
    ...expressionAt(resource, path, 'port', 'itemsToParse'),
    ...entitiesOf(resource, path),
  ]);
}

type Path = readonly PropertyKey[];
type Member = readonly [Path, unknown];

function entitiesOf(resource: unknown, path: Path): readonly WrittenExpression[] {
  const steps = ['port', 'entity', 'mappings'];
  const mappings = memberAt(resource, steps);
  const members: readonly Member[] = Array.isArray(mappings)
    ? listAt(mappings, []).map(([below, member]) => [[...path, ...steps, ...below], member])
    : [[[...path, ...steps], mappings]];
  return members.flatMap(([below, entity]) => entityExpressions(entity, below));
}

function entityExpressions(entity: unknown, path: Path): readonly WrittenExpression[] {
  return [
    ...fieldAt(entity, path, 'identifier'),
    ...expressionAt(entity, path, 'blueprint'),
    ...expressionAt(entity, path, 'title'),
    ...expressionAt(entity, path, 'icon'),
    ...fieldAt(entity, path, 'team'),
    ...namesIn(entity, 'properties').flatMap((name) =>
      expressionAt(entity, path, 'properties', name),
    ),
    ...namesIn(entity, 'relations').flatMap((name) => fieldAt(entity, path, 'relations', name)),
  ];
}

/** An expression, or those of a search query. */
function fieldAt(holder: unknown, path: Path, ...steps: readonly string[]): WrittenExpression[] {
  const field = memberAt(holder, steps);
  const here = [...path, ...steps];
  if (!object.safeParse(field).success) return expressionAt(holder, path, ...steps);
  return [
    ...expressionAt(field, here, 'combinator'),
    ...expressionAt(field, here, 'property'),
    ...expressionAt(field, here, 'operator'),
    ...expressionAt(field, here, 'value'),
    ...listAt(field, ['rules']).flatMap(([below, rule]) => fieldAt(rule, [...here, ...below])),
  ];
}

function expressionAt(holder: unknown, path: Path, ...steps: readonly string[]) {
  const { data } = scalar.safeParse(memberAt(holder, steps));
  if (data === undefined || isBlank(String(data))) return [];
  return [{ path: [...path, ...steps], expression: String(data) }];
}

/** The members of a list, each with its path below the holder. */
function listAt(holder: unknown, steps: readonly string[]): readonly Member[] {
  const { data } = list.safeParse(memberAt(holder, steps));
  return (data ?? []).map((member, index) => [[...steps, index], member]);
}

function namesIn(holder: unknown, step: string): readonly string[] {
  return Object.keys(object.safeParse(memberAt(holder, [step])).data ?? {});
}

function memberAt(holder: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => object.safeParse(value).data?.[step], holder);
}
