import type { Problem, ProblemCode } from './problem.js';
import type { Words } from './severity.js';
import { wordsOf } from './words.js';

/** Something could not be read or loaded. */
const INCOMPLETE = 4;

/** The same, and nothing else could be either. */
const NOTHING_DONE = 6;

/** A refusal of what the run is for. */
const REFUSED = 3;

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
  /** Whether Port took any write. */
  readonly hasWritten?: boolean;
}

/** The exit code that a run's problems add up to; 0 when none of them is a failure. */
export function exitCodeOf(
  problems: Iterable<Problem>,
  { strict = false, isNothingDone = false, hasWritten = true }: RunFacts = {},
): ExitCode {
  const all = [...problems];
  const asked = new Set<ExitCode>();
  for (const problem of all) {
    const { severity, exitCode } = wordsOf(problem);
    if (severity === 'failure') {
      asked.add(exitCode === INCOMPLETE && isNothingDone ? NOTHING_DONE : exitCode);
    } else if (severity === 'warning' && strict) {
      asked.add(INCOMPLETE);
    }
  }
  if (!hasWritten && isEveryWriteRefused(all, isNothingDone)) asked.add(REFUSED);
  return ORDER.find((code) => asked.has(code)) ?? 0;
}

/** Writes that failed for another reason than the credentials. */
const OTHER_FAILED_WRITES: readonly ProblemCode[] = [
  'entity-refused',
  'entities-not-loaded',
  'entity-blocked',
  'relation-target-missing',
];

/** Whether writes failed, and each of them because Port says that the credentials may not. */
function isEveryWriteRefused(problems: readonly Problem[], isNothingDone: boolean): boolean {
  const others = problems.filter((problem) => !isForbidden(problem, isNothingDone));
  return (
    others.length < problems.length &&
    !others.some(({ code }) => OTHER_FAILED_WRITES.includes(code))
  );
}

function isForbidden(problem: Problem, isNothingDone: boolean): boolean {
  if (problem.code === 'writing-refused') return true;
  // A blueprint that lacks is not what the run is for, where entities of others are as they should be.
  if (problem.code === 'defaults-refused') return problem.isForbidden && isNothingDone;
  return problem.code === 'entity-refused' && [401, 403].includes(problem.status);
}
