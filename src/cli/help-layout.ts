import { wrapped } from '../report/text.js';
import type { Example } from './commands.js';

/** Below this many columns beside its term, a description reads better in lines of its own. */
const NARROW = 24;
const INDENT = '  ';
const BELOW = '      ';

/**
 * An item of a list in help: the description beside the term, or below it where it is narrow.
 * @param termWidth that of the longest term of the list
 */
export function itemLines(
  term: string,
  termWidth: number,
  description: string,
  width: number,
): string {
  if (description === '') return `${INDENT}${term}`;
  const beside = `${INDENT}${term.padEnd(termWidth)}${INDENT}`;
  const lines =
    width - beside.length < NARROW
      ? [`${INDENT}${term}`, ...wrapped(description, width, BELOW)]
      : wrapped(description, width, beside);
  return lines.join('\n');
}

/** Command lines with what each does: side by side where all fit. */
export function exampleLines(
  title: string,
  examples: readonly Example[],
  width: number,
): readonly string[] {
  const longest = Math.max(...examples.map(({ line }) => line.length));
  const fits = examples.every(
    ({ does }) => INDENT.length + longest + INDENT.length + does.length <= width,
  );
  const lines = examples.flatMap(({ line, does }) =>
    fits
      ? [`${INDENT}${line.padEnd(longest)}${INDENT}${does}`]
      : [`${INDENT}${line}`, ...wrapped(does, width, BELOW)],
  );
  return ['', `${title}:`, ...lines];
}
