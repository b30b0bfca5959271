import type { ProblemGroup } from '../problems/problem-log.js';
import type { Severity, Words } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';
import { grouped, wrapped, type Layout } from './text.js';

/** How each severity is called at the start of a line. */
export const SEVERITY_LABELS = {
  failure: 'error',
  warning: 'warning',
  notice: 'note',
} as const satisfies Record<Severity, string>;

const ORDER: readonly Severity[] = ['failure', 'warning', 'notice'];

/** Problems in words, the worst first: each with its number, further samples and what to do. */
export function problemList(groups: readonly ProblemGroup[], layout: Layout): readonly string[] {
  return ORDER.flatMap((severity) =>
    groups
      .filter(({ samples }) => wordsOf(samples[0]).severity === severity)
      .flatMap((group) => problemLines(group, severity, layout)),
  );
}

function problemLines(
  { count, samples }: ProblemGroup,
  severity: Severity,
  { width, clean }: Layout,
): readonly string[] {
  const worded = distinct(samples.map((sample) => wordsOf(sample)));
  const label = `${SEVERITY_LABELS[severity]}: `;
  const indent = ' '.repeat(label.length);
  const hintLines = (hint: string | null, first: string): readonly string[] =>
    hint === null ? [] : wrapped(clean(hint), width, first);
  // What to do stands once, at the end, unless it tells something of the single sample.
  const isShared = new Set(worded.map(({ hint }) => hint)).size === 1;
  const lines = worded.flatMap(({ message, hint }, index) => [
    ...wrapped(clean(message), width, index === 0 ? label : `${indent}- `),
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
function distinct(words: readonly Words[]): readonly Words[] {
  return [...new Map(words.map((one) => [`${one.message}\n${one.hint ?? ''}`, one])).values()];
}
