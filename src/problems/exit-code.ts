import type { Problem } from './problem.js';
import type { Words } from './severity.js';
import { wordsOf } from './words.js';

/** What a process of ours may end with. */
export type ExitCode = Words['exitCode'];

/** When several apply, the first of these wins. */
const ORDER = [1, 130, 143, 129, 3, 2, 5, 4] as const satisfies readonly ExitCode[];

/** With `--strict`, a warning makes a run incomplete. */
const STRICT_WARNING = 4;

/** The exit code that a run's problems add up to; 0 when none of them is a failure. */
export function exitCodeOf(
  problems: Iterable<Problem>,
  { strict = false }: { readonly strict?: boolean } = {},
): ExitCode {
  const asked = new Set<ExitCode>();
  for (const problem of problems) {
    const { severity, exitCode } = wordsOf(problem);
    if (severity === 'failure') asked.add(exitCode);
    else if (severity === 'warning' && strict) asked.add(STRICT_WARNING);
  }
  return ORDER.find((code) => asked.has(code)) ?? 0;
}
