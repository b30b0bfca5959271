import { type Plan, totalsOf } from '../model/plan.js';
import type { RunSummary } from '../model/summary.js';
import type { ExitCode } from '../problems/exit-code.js';
import type { ProblemGroup } from '../problems/problem-log.js';
import { wordsOf } from '../problems/words.js';

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

const OUTCOMES: Partial<Record<PlanEnd['exitCode'], string>> = {
  0: 'Plan',
  [CHANGES_EXIT_CODE]: 'Plan',
  1: 'Plan, ended by a bug (exit 1)',
  4: 'Plan, incomplete (exit 4)',
  5: 'Plan, without the deletions that the threshold stops (exit 5)',
  6: 'Failed, there is nothing to plan (exit 6)',
  130: 'Plan, interrupted (exit 130)',
  143: 'Plan, terminated (exit 143)',
  129: 'Plan, terminated (exit 129)',
};

/** The words that the last line begins with. */
export function planOutcome(exitCode: PlanEnd['exitCode']): string {
  return OUTCOMES[exitCode] ?? `Plan (exit ${exitCode})`;
}

/** What is due and stays all the same, by why. */
export const POSTPONED = {
  'next run': 'Not deleted by this run; the next one would delete',
  stopped: 'Would be deleted, but needs approval',
} as const satisfies Record<Plan['postponed'][number]['why'], string>;

/** Said where `Plan.deletions` is `unknown`. */
export const NO_DELETIONS =
  'Deletions are not shown: Port lets admins and moderators read the integration, and not these credentials. A sync with them deletes nothing either.';

/** The shape of the document; a change that a reader of it could notice makes it another number. */
const VERSION = 1;

/** A plan as one value for programs, nothing shortened. The same members in each case. */
export function planDocument({
  planned,
  problems,
  exitCode,
}: PlanEnd): Readonly<Record<string, unknown>> {
  const worded = problems.map(({ count, samples }) => ({ count, ...wordsOf(samples[0]), samples }));
  const head = { version: VERSION, exitCode };
  if (planned === null) return { ...head, summary: null, plan: null, problems: worded };
  const { plan, summary } = planned;
  const {
    integration,
    newBlueprints,
    changedBlueprints,
    blueprints,
    alwaysSent,
    related,
    deletions,
    postponed,
  } = plan;
  return {
    ...head,
    summary: {
      ...totalsOf(plan),
      unchanged: totalOf(summary, 'unchanged'),
      failed: totalOf(summary, 'failed'),
      alwaysSent,
    },
    plan: {
      integration,
      newBlueprints,
      changedBlueprints,
      changes: blueprints.flatMap(({ blueprint, changes }) =>
        changes.map((change) => ({ blueprint, ...change })),
      ),
      related,
      deletions,
      postponed: postponed.map(({ entity, why }) => ({ ...entity, why })),
    },
    problems: worded,
  };
}
