import type { Plan } from '../model/plan.js';
import type { RunSummary } from '../model/summary.js';
import type { ExitCode } from '../problems/exit-code.js';
import type { ProblemGroup } from '../problems/problem-log.js';

/** How a plan ended. */
export interface PlanEnd {
  /** Null when the run could not begin. */
  readonly planned: { readonly plan: Plan; readonly summary: RunSummary } | null;
  readonly problems: readonly ProblemGroup[];
  /** 10: there are changes, and the user asked to be told so. */
  readonly exitCode: ExitCode | typeof CHANGES_EXIT_CODE;
}

/** What `--detailed-exitcode` ends with when there are changes and nothing is wrong. */
export const CHANGES_EXIT_CODE = 10;

/** A count of all resources of the run. */
export function totalOf({ resources }: RunSummary, count: 'unchanged' | 'failed'): number {
  return resources.reduce((total, { counts }) => total + counts[count], 0);
}
