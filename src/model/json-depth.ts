import { isJsonObject, type JsonValue } from './json.js';

/**
 * Levels of nesting that content and answers may have where a program of ours, or jq 1.6 with its 256,
 * walks through all of it.
 */
export const deepestJson = 200;

const QUOTE = 0x22;
const [OPENING_BRACKET, CLOSING_BRACKET] = [0x5b, 0x5d];
const [OPENING_BRACE, CLOSING_BRACE] = [0x7b, 0x7d];

/**
 * Whether a JSON text nests lists and objects more than `levels` deep. Short texts cannot, and cost
 * nothing.
 * @param text valid JSON
 */
export function isDeeperThan(levels: number, text: string): boolean {
  if (text.length <= 2 * levels) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at + 1);
    else if (character === OPENING_BRACKET || character === OPENING_BRACE) depth += 1;
    else if (character === CLOSING_BRACKET || character === CLOSING_BRACE) depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}

/** The value, with `…` in place of what is nested deeper than `levels`. */
export function cutBelow(levels: number, value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '…';
  if (!isJsonObject(value)) return value.map((member) => cutBelow(levels - 1, member));
  const members = Object.entries(value);
  return Object.fromEntries(members.map(([name, member]) => [name, cutBelow(levels - 1, member)]));
}

/** Where the quote is that ends the string whose content begins at `from`. */
function endOfString(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote === -1 ? text.length : quote;
}

/** Whether an odd number of backslashes stands before the quote. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote - 1;
  while (text[before] === '\\') before -= 1;
  return (quote - before) % 2 === 0;
}
