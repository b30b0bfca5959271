import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import { nearest } from '../problems/nearest.js';
import type { PathStep } from './leading-path.js';

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
