import { canonicalJson, isJsonArray, type JsonValue } from '../../../model/json.js';
import type { ValueOperator } from '../schemas/search-query.js';

type Comparison = (actual: JsonValue, wanted: JsonValue) => boolean;

const equal: Comparison = (actual, wanted) => canonicalJson(actual) === canonicalJson(wanted);

/** A part of a text, or a member of a list. */
const contains: Comparison = (actual, wanted) => {
  if (isJsonArray(wanted)) return wanted.some((entry) => contains(actual, entry));
  if (isJsonArray(actual)) return actual.some((entry) => equal(entry, wanted));
  return typeof actual === 'string' && typeof wanted === 'string' && actual.includes(wanted);
};

const beginsWith: Comparison = (actual, wanted) =>
  typeof actual === 'string' && typeof wanted === 'string' && actual.startsWith(wanted);

const endsWith: Comparison = (actual, wanted) =>
  typeof actual === 'string' && typeof wanted === 'string' && actual.endsWith(wanted);

/** One of the wanted values is the value, or stands in it where it is a list. */
const isIn: Comparison = (actual, wanted) => {
  const candidates = isJsonArray(wanted) ? wanted : [wanted];
  const values = isJsonArray(actual) ? actual : [actual];
  return values.some((value) => candidates.some((candidate) => equal(value, candidate)));
};

const not =
  (comparison: Comparison): Comparison =>
  (actual, wanted) =>
    !comparison(actual, wanted);

/** How each operator compares what an entity holds with what is asked for. */
export const COMPARISONS = {
  '=': equal,
  '!=': not(equal),
  contains,
  doesNotContains: not(contains),
  containsAny: contains,
  beginsWith,
  doesNotBeginsWith: not(beginsWith),
  endsWith,
  doesNotEndsWith: not(endsWith),
  in: isIn,
  notIn: not(isIn),
} satisfies Record<ValueOperator, Comparison>;

/** Whether a value counts as empty. */
export function isEmpty(value: JsonValue): boolean {
  return value === null || value === '' || (isJsonArray(value) && value.length === 0);
}

/** Whether `actual` stands before (-1), at (0) or after (1) `wanted`; undefined when it cannot be told. */
export function order(actual: JsonValue, wanted: number | string): -1 | 0 | 1 | undefined {
  const left = typeof wanted === 'number' ? numberOf(actual) : instantOf(actual);
  const right = typeof wanted === 'number' ? wanted : Date.parse(wanted);
  if (left === undefined || Number.isNaN(right)) return undefined;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Milliseconds since the epoch of a date text. */
export function instantOf(value: JsonValue): number | undefined {
  const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

function numberOf(value: JsonValue): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
