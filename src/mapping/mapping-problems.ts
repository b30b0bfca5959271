import type { AtMapping } from '../problems/file-location.js';
import { ProblemError, type Excerpt, type Problem } from '../problems/problem.js';
import type { DocumentPath } from '../yaml/find-offset.js';
import { costOf, type ExpressionMistake } from './broken-expressions.js';
import { textOf, type Location, type MappingText, type WrittenText } from './mapping-text.js';
import { dotted, type Finding } from './schema-issues.js';
import { shortened } from './read-result.js';

/** Anything that is wrong with a mapping. */
export type Mistake = Finding | ExpressionMistake;

/** Where a mapping comes from. */
export interface MappingSource {
  readonly origin: string;
  readonly written?: WrittenText | null;
}

/** More than this nobody corrects in one go. */
export const MOST_TOLD = 20;

/**
 * The error that tells the mistakes of a mapping, and the keys that stand twice in its text, in the
 * order of the text.
 * @param mistakes at least one, or a key that stands twice
 */
export function toProblems(
  mistakes: readonly Mistake[],
  value: unknown,
  { origin, written = null }: MappingSource,
): ProblemError {
  const text = textOf(value, written);
  const located = [
    ...duplicateProblems(text, origin, written),
    ...mistakes.map((mistake) => {
      const location = text.locate(placeOf(mistake));
      return { location, problem: toProblem(mistake, origin, shown(location?.excerpt, written)) };
    }),
  ];
  const [first, ...others] = inOrder(located);
  if (first === undefined) throw new Error('a mapping that is wrong for no reason');
  return new ProblemError(capped([first, ...others], origin));
}

/** Keys that are passed over. */
export function toWarnings(
  findings: readonly Finding[],
  value: unknown,
  { origin, written = null }: MappingSource,
): readonly Problem[] {
  if (findings.length === 0) return [];
  const text = textOf(value, written);
  return findings.map((finding) => ({
    code: 'mapping-key-unknown',
    origin,
    path: dotted(finding.path),
    reason: finding.reason,
    ...shown(text.locate(placeOf(finding))?.excerpt, written),
  }));
}

/** Expressions of a mapping that Port holds, which are passed over with what they fill. */
export function toFailures(
  mistakes: readonly ExpressionMistake[],
  value: unknown,
  { origin, written = null }: MappingSource,
): readonly Problem[] {
  const text = textOf(value, written);
  const located = mistakes.map((mistake) => {
    const { path, expression } = mistake;
    const location = text.locate(placeOf(mistake));
    const problem: Problem = {
      code: 'expression-passed-over',
      origin,
      path: dotted(path),
      expression,
      message: shortened(mistake.message),
      costs: costOf(path),
      ...shown(location?.excerpt, written),
    };
    return { location, problem };
  });
  return inOrder(located);
}

interface LocatedProblem {
  readonly location: Location | null;
  readonly problem: Problem;
}

function duplicateProblems(
  text: MappingText,
  origin: string,
  written: WrittenText | null,
): readonly LocatedProblem[] {
  return text.duplicates().map(({ reason, location }) => ({
    location,
    problem: {
      code: 'mapping-invalid',
      origin,
      path: '',
      reason,
      ...shown(location.excerpt, written),
    },
  }));
}

function toProblem(
  mistake: Mistake,
  origin: string,
  place: Pick<AtMapping, 'excerpt' | 'at'>,
): Problem {
  const path = dotted(mistake.path);
  if ('reason' in mistake) {
    return { code: 'mapping-invalid', origin, path, reason: mistake.reason, ...place };
  }
  const { expression } = mistake;
  const message = shortened(mistake.message);
  return { code: 'expression-invalid', origin, path, expression, message, ...place };
}

function placeOf(mistake: Mistake): DocumentPath {
  const { path } = mistake;
  if ('reason' in mistake) {
    return mistake.unknownKey === undefined
      ? { path, points: 'value' }
      : { path: [...path, mistake.unknownKey], points: 'key' };
  }
  return { path, points: 'value', offset: mistake.offset ?? 0 };
}

/** The place for a person, and for a platform that marks lines. */
function shown(
  excerpt: Excerpt | undefined,
  written: WrittenText | null,
): Pick<AtMapping, 'excerpt' | 'at'> {
  if (excerpt === undefined) return {};
  const { line, column } = excerpt;
  const file = written?.file;
  if (file === undefined || line === null || column === null) return { excerpt };
  return { excerpt, at: { file, line, column } };
}

/**
 * What is wrong with the whole comes first. What several aliases stand for is wrong once: told under
 * the first of its paths.
 */
function inOrder(located: readonly LocatedProblem[]): readonly Problem[] {
  const offset = ({ location }: LocatedProblem): number => location?.offset ?? -1;
  const sorted = [...located].sort((one, other) => offset(one) - offset(other));
  const isRepeated = (one: LocatedProblem, index: number): boolean =>
    one.location !== null &&
    sorted
      .slice(0, index)
      .some((other) => offset(other) === offset(one) && saysTheSame(other.problem, one.problem));
  return sorted.filter((one, index) => !isRepeated(one, index)).map(({ problem }) => problem);
}

function saysTheSame(one: Problem, other: Problem): boolean {
  if (one.code === 'mapping-invalid' && other.code === 'mapping-invalid') {
    // Two keys that are missing are told at the one place where they should stand.
    return one.reason === other.reason && lastStep(one.path) === lastStep(other.path);
  }
  return one.code === other.code;
}

function lastStep(path: string): string | undefined {
  return path.split(/[.[]/u).at(-1);
}

function capped(problems: readonly [Problem, ...Problem[]], origin: string): typeof problems {
  const more = problems.length - MOST_TOLD;
  if (more <= 0) return problems;
  const [first, ...others] = problems;
  const reason = `has ${more} more ${more === 1 ? 'mistake' : 'mistakes'}; correct these first`;
  const rest: Problem = { code: 'mapping-invalid', origin, path: '', reason };
  return [first, ...others.slice(0, MOST_TOLD - 1), rest];
}
