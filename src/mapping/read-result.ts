import { isJsonArray, isJsonObject, type JsonValue } from '../model/json.js';
import { cutText } from '../model/text.js';

/** What an expression came to. No output counts as null. */
export type Outcome =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly message: string };

/** What became of an item, or of one of the many that `itemsToParse` made of it. */
export type ItemResult =
  | { readonly type: 'selected'; readonly feeds: readonly (readonly Outcome[])[] }
  | { readonly type: 'unselected' }
  | { readonly type: 'selector-failed'; readonly message: string };

/** All that a raw item came to. */
export type RawResult =
  | { readonly type: 'items'; readonly results: readonly ItemResult[] }
  | { readonly type: 'list-failed'; readonly message: string };

/**
 * Reads the output of a resource's program.
 * @param isList whether the resource has `itemsToParse`
 */
export function readResult(text: string, isList: boolean): RawResult {
  // What JSON.parse gives is a JSON value by definition.
  const output = JSON.parse(text) as JsonValue;
  if (!isList) return { type: 'items', results: [readItem(output)] };
  if (isJsonArray(output)) return { type: 'items', results: output.map(readItem) };
  return { type: 'list-failed', message: failureIn(output, 'not a list') };
}

function readItem(output: JsonValue): ItemResult {
  if (output === false) return { type: 'unselected' };
  if (!isJsonArray(output)) {
    return { type: 'selector-failed', message: failureIn(output, 'not true or false') };
  }
  return { type: 'selected', feeds: output.map((feed) => listIn(feed).map(readOutcome)) };
}

/** Reads what one expression came to. */
export function readOutcome(output: JsonValue): Outcome {
  if (isJsonArray(output)) return { ok: true, value: output[0] ?? null };
  return { ok: false, message: failureIn(output, 'no value') };
}

/** jq's message, or which type was given where another was wanted. */
function failureIn(output: JsonValue, wanted: string): string {
  if (!isJsonObject(output)) throw unreadable(output);
  const { e: message, n: type } = output;
  if (typeof message === 'string') return shortened(message);
  if (typeof type === 'string') return `gave ${TYPES[type] ?? type}, ${wanted}`;
  throw unreadable(output);
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  string: 'a text',
  number: 'a number',
  boolean: 'a boolean',
};

function listIn(output: JsonValue): readonly JsonValue[] {
  if (isJsonArray(output)) return output;
  throw unreadable(output);
}

function unreadable(output: JsonValue): Error {
  return new Error(`jq put out what its program cannot: ${shortened(JSON.stringify(output))}`);
}

/** Characters of a jq message or value that a problem shows: it may quote a whole item. */
const LONGEST = 200;

/** The text, cut where it is long. */
export function shortened(text: string): string {
  return cutText(text, LONGEST);
}
