import type { ProblemGroup } from '../problems/problem-log.js';
import type { Problem } from '../problems/problem.js';
import type { Severity, Words } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';
import { excerptLines } from './excerpt-lines.js';
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
  layout: Layout,
): readonly string[] {
  const { width, clean } = layout;
  const worded = distinct(samples);
  const label = `${SEVERITY_LABELS[severity]}: `;
  const indent = ' '.repeat(label.length);
  const hintLines = (hint: string | null, first: string): readonly string[] =>
    hint === null ? [] : wrapped(clean(hint), width, first);
  // What to do stands once, at the end, unless it tells something of the single sample.
  const isShared = new Set(worded.map(({ hint }) => hint)).size === 1;
  const lines = worded.flatMap(({ message, hint, problem }, index) => [
    ...wrapped(clean(message), width, index === 0 ? label : `${indent}- `),
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
