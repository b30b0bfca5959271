import type { BlueprintProperty } from '../model/blueprint.js';
import { isJsonArray, type JsonValue } from '../model/json.js';

/** Formats whose text names an instant. */
const INSTANT_FORMATS: readonly (string | null)[] = ['date-time', 'timer'];

/** A JSON number, as a text may hold one. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/iu;

/**
 * A value in the one spelling that all values of the same meaning have, by what the blueprint says of
 * the property: a date-time is the instant that it names; where a number, boolean or text is wanted,
 * `"1"` and 1 and 1.0 are the same. Texts in a list have no order, as Bitbucket gives reviewers in
 * another one each time.
 */
export function comparableValue(
  value: JsonValue,
  property: BlueprintProperty | undefined,
): JsonValue {
  if (property === undefined || value === null) return value;
  const { type, format, itemsType, itemsFormat } = property;
  if (!isJsonArray(value)) return typed(value, type, format);
  const members = value.map((member) => typed(member, itemsType, itemsFormat));
  const areTexts =
    INSTANT_FORMATS.includes(itemsFormat) || members.every((member) => typeof member === 'string');
  return areTexts ? [...members].sort() : members;
}

function typed(value: JsonValue, type: string | null, format: string | null): JsonValue {
  if (typeof value === 'string') {
    if (INSTANT_FORMATS.includes(format)) return instant(value);
    if (type === 'number' && NUMBER.test(value)) return Number(value);
    if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
    return value;
  }
  const isSimple = typeof value === 'number' || typeof value === 'boolean';
  return type === 'string' && isSimple ? String(value) : value;
}

function instant(text: string): JsonValue {
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? text : milliseconds;
}
