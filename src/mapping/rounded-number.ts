import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';

const LARGE_NUMBER = /\d+(?:\.\d+)?e\+?\d+|\d{16,}/giu;

/**
 * Whether a text that jq made has a number of the item in it that is beyond 2^53: `.id | tostring`. Its
 * last digits were lost before jq saw it, and two items would share the identifier. Digits that the item
 * has in a text of its own are as Bitbucket wrote them.
 */
export function holdsRoundedNumber(text: string, item: JsonObject): boolean {
  const written = text.match(LARGE_NUMBER)?.filter((digits) => isRounded(Number(digits))) ?? [];
  if (written.length === 0) return false;
  const { numbers, texts } = scalarsOf(item);
  return written.some(
    (digits) =>
      numbers.has(Number(digits)) && !texts.some((candidate) => candidate.includes(digits)),
  );
}

function isRounded(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Without recursion: an item may be nested thousands of levels deep. */
function scalarsOf(item: JsonObject): {
  readonly numbers: ReadonlySet<number>;
  readonly texts: readonly string[];
} {
  const numbers = new Set<number>();
  const texts: string[] = [];
  const left: JsonValue[] = [item];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === 'number') numbers.add(value);
    else if (typeof value === 'string') texts.push(value);
    else if (isJsonArray(value)) for (const member of value) left.push(member);
    else if (isJsonObject(value)) for (const member of Object.values(value)) left.push(member);
  }
  return { numbers, texts };
}
