import type { Problem } from './problem.js';
import type { Words } from './severity.js';
import { wordsOf } from './words.js';

/** Something could not be read or loaded. */
const INCOMPLETE = 4;

/** The same, and nothing else could be either. */
const NOTHING_DONE = 6;

/** What a process of ours may end with. */
export type ExitCode = Words['exitCode'] | typeof NOTHING_DONE;

/** When several apply, the first of these wins. */
const ORDER = [
  1,
  130,
  143,
  129,
  3,
  2,
  5,
  NOTHING_DONE,
  INCOMPLETE,
] as const satisfies readonly ExitCode[];

/** What tells more about a run than its problems do. */
export interface RunFacts {
  /** Whether a warning makes it incomplete. */
  readonly strict?: boolean;
  /** Whether no entity was written, and none was found in Port as it should be. */
  readonly isNothingDone?: boolean;
}

/** The exit code that a run's problems add up to; 0 when none of them is a failure. */
export function exitCodeOf(
  problems: Iterable<Problem>,
  { strict = false, isNothingDone = false }: RunFacts = {},
): ExitCode {
  const asked = new Set<ExitCode>();
  for (const problem of problems) {
    const { severity, exitCode } = wordsOf(problem);
    if (severity === 'failure') {
      asked.add(exitCode === INCOMPLETE && isNothingDone ? NOTHING_DONE : exitCode);
    } else if (severity === 'warning' && strict) {
      asked.add(INCOMPLETE);
    }
  }
  return ORDER.find((code) => asked.has(code)) ?? 0;
}
