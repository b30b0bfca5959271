import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import { leadingPath, type PathStep } from './jq-tokens.js';
import type { Expression } from './mapping.js';
import { nearest } from '../problems/nearest.js';

/** Why a list has nulls, as far as an item tells. */
export interface FillingPath {
  /** The key that no member has. */
  readonly missing: string;
  /** The path that leads to something instead, as jq writes it. */
  readonly instead?: string;
}

/** `.a | map(.b)` is what `[.a[] | .b]` is. */
const MAPPED = /^(?<list>[^|]+)\|\s*map\((?<each>[^()]+)\)\s*$/u;

/**
 * Looks for the key that an expression names and an item lacks, and for the path that it may have meant:
 * the same without that key, or with the one that the item has and that resembles it.
 * @returns null where the path is there, or cannot be told
 */
export function fillingPath(expression: Expression, item: JsonObject): FillingPath | null {
  const { list = '', each = '' } = MAPPED.exec(expression)?.groups ?? {};
  const { steps } = leadingPath(each === '' ? expression : `${list.trimEnd()}[] | ${each}`);
  for (let length = 1; length <= steps.length; length += 1) {
    const end = whereItEnds(steps.slice(0, length), [item], null);
    if (end.type !== 'missing') continue;
    const { missing, nearest } = end;
    const before = steps.slice(0, length - 1);
    const after = steps.slice(length);
    const others = [
      ...(nearest === undefined ? [] : [[...before, { key: nearest }, ...after]]),
      ...(after.length === 0 ? [] : [[...before, ...after]]),
    ];
    const instead = others.find((path) => whereItEnds(path, [item], null).type === 'there');
    return { missing, ...(instead === undefined ? {} : { instead: written(instead) }) };
  }
  return null;
}

function written(steps: readonly PathStep[]): string {
  return steps
    .map((step) => {
      if (step === 'member') return '[]';
      return /^[A-Za-z_]\w*$/u.test(step.key) ? `.${step.key}` : `.[${JSON.stringify(step.key)}]`;
    })
    .join('');
}

/** How far a path leads into some items. */
export type PathEnd =
  /** No item has the key at this step; `nearest` is the one that they have and that resembles it. */
  | { readonly type: 'missing'; readonly missing: string; readonly nearest?: string }
  /** Some item has all of it. */
  | { readonly type: 'there' }
  /** What holds the next step is null or empty everywhere. */
  | { readonly type: 'nowhere' }
  /** There is no path, or it leads into what only jq knows. */
  | { readonly type: 'unknown' };

/**
 * Follows a path into items.
 * @param made a key at the top whose value is not in the items; null: there is none
 */
export function whereItEnds(
  steps: readonly PathStep[],
  items: readonly JsonObject[],
  made: string | null,
): PathEnd {
  const [first] = steps;
  if (first === undefined) return { type: 'unknown' };
  if (first !== 'member' && first.key === made) return { type: 'unknown' };
  let values: readonly JsonValue[] = items;
  for (const step of steps) {
    if (step === 'member') {
      values = values.flatMap((value) => (isJsonArray(value) ? value : membersOf(value)));
      continue;
    }
    const objects = values.filter(isJsonObject);
    if (objects.length === 0) return { type: 'nowhere' };
    const holders = objects.filter((object) => Object.hasOwn(object, step.key));
    if (holders.length === 0) return missing(step.key, objects, values === items ? made : null);
    values = holders.map((holder) => holder[step.key] ?? null);
  }
  return { type: 'there' };
}

function membersOf(value: JsonValue): readonly JsonValue[] {
  return isJsonObject(value) ? Object.values(value) : [];
}

function missing(key: string, objects: readonly JsonObject[], made: string | null): PathEnd {
  const keys = new Set(objects.flatMap((object) => Object.keys(object)));
  if (made !== null) keys.add(made);
  const meant = nearest(key, keys);
  return { type: 'missing', missing: key, ...(meant === undefined ? {} : { nearest: meant }) };
}
