import type { Runtime } from '../../src/runtime.js';
import { play, type Outcome } from './play.js';
import { inWords, shrink, without } from './shrink.js';
import { storyOf } from './story.js';

type FindJq = NonNullable<Runtime['findJq']>;

/** How often a story may be played to make it shorter. */
const TRIES = 120;

/** What is known of a sequence that was played. */
export interface Played {
  readonly number: number;
  readonly exitCodes: readonly number[];
  readonly deletions: number;
  readonly ambiguousRoots: number;
  /** Rules that it broke, each once. */
  readonly rules: readonly string[];
}

/** Plays the sequence with this number. A run that throws breaks a rule as well. */
export async function playNumber(
  seed: number,
  number: number,
  findJq: FindJq,
  out: readonly number[] = [],
): Promise<Played & Pick<Outcome, 'told'>> {
  try {
    const { violations, ...rest } = await play(without(storyOf(seed, number), out), findJq);
    return { number, ...rest, rules: [...new Set(violations.map(({ rule }) => rule))] };
  } catch (error) {
    const told = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    const nothing = { exitCodes: [], deletions: 0, ambiguousRoots: 0 };
    return { number, ...nothing, rules: ['a run that throws'], told };
  }
}

/** A violation as short as it gets, in words, and how to see it again. */
export async function explain(
  seed: number,
  number: number,
  rule: string,
  findJq: FindJq,
): Promise<string> {
  const story = storyOf(seed, number);
  const fails = async (shorter: typeof story): Promise<boolean> => {
    try {
      return (await play(shorter, findJq)).violations.some((each) => each.rule === rule);
    } catch {
      return rule === 'a run that throws';
    }
  };
  const out = await shrink(story, fails, TRIES);
  const { told } = await playNumber(seed, number, findJq, out);
  return [
    `${rule}: seed ${String(seed)}, sequence ${String(number)}`,
    `npm run chaos -- --seed ${String(seed)} --replay ${String(number)}` +
      (out.length === 0 ? '' : ` --without ${ranges(out)}`),
    ...inWords(without(story, out)).map((line) => `  ${line}`),
    'and then',
    ...told.map((line) => `  ${line.slice(0, 1_500)}`),
  ].join('\n');
}

/** `0-3,7`, of numbers in order. */
export function ranges(numbers: readonly number[]): string {
  const parts: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const part = parts.at(-1);
    if (part?.last === number - 1) part.last = number;
    else parts.push({ first: number, last: number });
  }
  return parts
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',');
}

/** The numbers of such a text. */
export function numbersIn(text: string): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
