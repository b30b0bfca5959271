import stringWidth from 'string-width';
import type { ProblemGroup } from '../problems/problem-log.js';
import type { Problem } from '../problems/problem.js';
import type { Severity, Words } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';
import { grouped, type ColoredLayout, type Layout, letters, wrapped } from './text.js';

/** How each severity is called at the start of a line. */
export const SEVERITY_LABELS = {
  failure: 'error',
  warning: 'warning',
  notice: 'note',
} as const satisfies Record<Severity, string>;

const ORDER: readonly Severity[] = ['failure', 'warning', 'notice'];

/** Problems in words, the worst first: each with its number, further samples and what to do. */
export function problemList(groups: readonly ProblemGroup[], layout: Layout): readonly string[] {
  return worstFirst(groups).flatMap((group) => problemLines(group, layout));
}

/** The same with the labels in colour. */
export function coloredProblemList(
  groups: readonly ProblemGroup[],
  { colors, ...layout }: ColoredLayout,
): readonly string[] {
  return problemList(groups, layout).map((line) =>
    line
      .replace(/^error:/u, colors.red.bold('error:'))
      .replace(/^warning:/u, colors.yellow('warning:'))
      .replace(/^note:/u, colors.dim('note:')),
  );
}

/** Problems by how much they weigh, and as they came among equals. */
export function worstFirst(groups: readonly ProblemGroup[]): readonly ProblemGroup[] {
  return ORDER.flatMap((severity) =>
    groups.filter(({ samples }) => wordsOf(samples[0]).severity === severity),
  );
}

function problemLines({ count, samples }: ProblemGroup, layout: Layout): readonly string[] {
  const { width, clean } = layout;
  const { severity } = wordsOf(samples[0]);
  const worded = distinct(samples);
  const label = `${SEVERITY_LABELS[severity]}: `;
  const indent = ' '.repeat(label.length);
  const hintLines = (hint: string | null, first: string): readonly string[] =>
    hint === null ? [] : wrapped(clean(hint), width, first);
  // Why is said once.
  const reasonOf = (problem: Problem): string | null =>
    'reason' in problem ? problem.reason : null;
  const isAsFirst = (problem: Problem): boolean => reasonOf(problem) === reasonOf(samples[0]);
  // What to do stands once, at the end, unless it tells something of the single sample.
  const isShared = new Set(worded.map(({ hint }) => hint)).size === 1;
  const lines = worded.flatMap(({ message, hint, problem, brief }, index) => [
    ...wrapped(
      clean(index > 0 && isAsFirst(problem) ? (brief ?? message) : message),
      width,
      index === 0 ? label : `${indent}- `,
    ),
    ...excerptLines(problem, layout, index === 0 ? indent : `${indent}  `),
    ...(isShared ? [] : hintLines(hint, index === 0 ? `${indent}> ` : `${indent}  > `)),
  ]);
  const unseen = count - worded.length;
  const others = worded.length === 1 ? 'like this' : 'like these';
  return [
    ...lines,
    ...(unseen > 0 ? [`${indent}- and ${grouped(unseen)} more ${others}`] : []),
    ...(isShared ? hintLines(worded[0]?.hint ?? null, `${indent}> `) : []),
  ];
}

/** Without those that read the same: a person cannot tell them apart. */
function distinct(problems: readonly Problem[]): readonly (Words & { problem: Problem })[] {
  const worded = problems.map((problem) => ({ ...wordsOf(problem), problem }));
  return [...new Map(worded.map((one) => [`${one.message}\n${one.hint ?? ''}`, one])).values()];
}

/**
 * The line that a problem is about, with a caret below the place:
 *
 *     14 | title: .name | (
 *        |                 ^
 *
 * Leading spaces are left out, and what does not fit beside the caret is cut.
 * @param indent stands before each line
 */
export function excerptLines(
  problem: Problem,
  { width, clean }: Layout,
  indent: string,
): readonly string[] {
  if (!('excerpt' in problem)) return [];
  const { line, text, caret } = problem.excerpt;
  // Masked before it is cut: half a secret is no longer recognised.
  const before = letters(clean(text.slice(0, caret)).trimStart());
  const isMasked = clean(text) !== clean(text.slice(0, caret)) + clean(text.slice(caret));
  if (isMasked) return [];
  const after = letters(clean(text.slice(caret)).trimEnd());
  const number = line === null ? '' : `${line} `;
  const gutter = `${' '.repeat(number.length)}| `;
  const [left, right] = cut(before, after, width - indent.length - gutter.length);
  return [
    `${indent}${number}| ${left}${right}`.trimEnd(),
    `${indent}${gutter}${' '.repeat(stringWidth(left))}^`,
  ];
}

/** The characters before and from the caret that fit, the right side given up to a third at first. */
function cut(
  before: readonly string[],
  after: readonly string[],
  width: number,
): readonly [string, string] {
  const rightWidth = Math.max(width - stringWidth(before.join('')), Math.floor(width / 3));
  const right = fitting(after, rightWidth);
  const isRightCut = right < after.length;
  const leftWidth = width - Math.min(rightWidth, Math.max(stringWidth(after.join('')), 1));
  const left = fitting(before.toReversed(), leftWidth);
  const isLeftCut = left < before.length;
  return [
    (isLeftCut ? '…' : '') + before.slice(before.length - left + (isLeftCut ? 1 : 0)).join(''),
    after.slice(0, isRightCut ? right - 1 : right).join('') + (isRightCut ? '…' : ''),
  ];
}

/** How many of the characters fit. */
function fitting(characters: readonly string[], width: number): number {
  let used = 0;
  const end = characters.findIndex((character) => (used += stringWidth(character)) > width);
  return end < 0 ? characters.length : end;
}
