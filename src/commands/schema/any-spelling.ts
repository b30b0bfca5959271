import { isJsonArray } from '../../model/json.js';
import type { JsonSchema } from './json-schema.js';

const SEPARATORS = '[_-]*';

/**
 * A pattern of every other spelling of a key that the reader takes for the same: any case, with or
 * without `_` and `-`. The key itself stands among the properties, where editors propose it from.
 */
export function otherSpellings(key: string): string {
  const letters = Array.from(key, inAnyCase).join(SEPARATORS);
  return `^(?!${key}$)${SEPARATORS}${letters}${SEPARATORS}$`;
}

/** The same schema where words of a list may be in any case, as the reader takes them. */
export function inAnyCaseOf(schema: JsonSchema): JsonSchema {
  const { enum: listed, ...rest } = schema;
  if (listed === undefined || !isJsonArray(listed)) return schema;
  const words = listed.flatMap((word) => (typeof word === 'string' ? [word] : []));
  const pattern = words.map((word) => Array.from(word, inAnyCase).join('')).join('|');
  return {
    ...rest,
    anyOf: [{ enum: listed }, { type: 'string', pattern: `^\\s*(?:${pattern})\\s*$` }],
  };
}

function inAnyCase(letter: string): string {
  const upper = letter.toUpperCase();
  const lower = letter.toLowerCase();
  return upper === lower ? letter : `[${lower}${upper}]`;
}
