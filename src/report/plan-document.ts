import { totalsOf } from '../model/plan.js';
import { wordsOf } from '../problems/words.js';
import { totalOf, type PlanEnd } from './plan-end.js';

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
