import { types } from 'node:util';
import type { JsonValue } from '../model/json.js';
import type { RawItem } from '../model/page.js';
import type { JqOutcome, JqProgram } from './engine/engine.js';
import { tooDeep } from './engine/protocol.js';
import { cut, type Need } from './needed-paths.js';

/**
 * Runs the program on the items; one outcome for each, in order. jq gets what the program needs of an
 * item, which may be a tenth of it. It sees numbers as JSON.parse has read
 * them: an integer beyond 2^53 was rounded before, and is refused where it is to be an identifier.
 */
export async function itemOutcomes(
  program: JqProgram,
  items: readonly RawItem[],
  need: Need,
): Promise<readonly (JqOutcome | undefined)[]> {
  const texts = items.map(({ value }) => textOf(cut(value, need)));
  const outcomes = (await program.run(texts.filter((text) => text !== null))).values();
  return texts.map((text) => (text === null ? tooDeep : outcomes.next().value));
}

/** Null where JSON.stringify has no stack left, after some thousand levels. */
function textOf(value: JsonValue): string | null {
  try {
    return withoutHalfCharacters(JSON.stringify(value));
  } catch (error) {
    // By its name: where tests share modules between contexts, classes differ.
    if (types.isNativeError(error) && error.name === 'RangeError') return null;
    throw error;
  }
}

/** An escaped backslash, which is passed over, or half of a surrogate pair. Whole ones are not escaped. */
const halfCharacter = /\\\\|\\ud[89a-f][0-9a-f]{2}/g;

/**
 * A title that was cut in the middle of an emoji ends in half of it. No jq reads that, and all of the
 * item would be lost: the replacement character stands in its place, as in every text decoder.
 */
function withoutHalfCharacters(text: string): string {
  if (!text.includes(String.raw`\ud`)) return text;
  return text.replace(halfCharacter, (found) => (found === String.raw`\\` ? found : '\ufffd'));
}
