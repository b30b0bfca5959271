import { ProblemError } from '../problems/problem.js';
import { trippedThresholds } from '../reconcile/deletion-threshold.js';
import type { AnnouncedRun } from './announce-run.js';
import { deleteInOrder } from './delete-entities.js';
import { findDue } from './find-due.js';
import { KeptEntities } from './kept-entities.js';
import type { LoadedResources } from './load-resources.js';
import type { RunContext } from './run-context.js';
import type { DeletionPolicy } from './withholding.js';

/** What became of what is gone. */
export interface Removal {
  /** How many entities were deleted, by blueprint. */
  readonly deleted: ReadonlyMap<string, number>;
  /**
   * Whether the whole catalog was looked through, so that the user has been told all that the next
   * run would delete. A run that is narrowed, or that could not read all of it, does not do that.
   */
  readonly isJudged: boolean;
}

const NOTHING: ReadonlyMap<string, number> = new Map();

/** Deletes what our data source owns in Port and Bitbucket no longer has. */
export async function removeGone(
  loaded: LoadedResources,
  { policy, context }: { readonly policy: DeletionPolicy; readonly context: RunContext },
  { startedAt }: AnnouncedRun,
): Promise<Removal> {
  const { report, signal, emit, clock, writer } = context;
  emit({ type: 'reconcile-started', at: clock.now() });
  const kept = new KeptEntities();
  try {
    const { lists, cascading, isWhole } = await findDue(loaded, policy, startedAt, kept, context);
    kept.report(report);
    if (lists.length === 0) return { deleted: NOTHING, isJudged: false };
    if (policy.takenOverFrom !== null) {
      const due = lists.flatMap((list) => list.due);
      writer.postpone(due, 'taken over');
      const { takenOverFrom: version } = policy;
      report({ code: 'taken-over', version, due: due.length, isWhole });
      return { deleted: NOTHING, isJudged: isWhole && !signal.aborted };
    }
    const tripped = trippedThresholds(
      lists.map((list) => list.deletions()),
      policy.threshold,
    );
    tripped.forEach(report);
    const due = lists.flatMap((list) => list.due);
    if (tripped.length > 0) writer.postpone(due, 'threshold');
    if (tripped.length > 0 || signal.aborted) return { deleted: NOTHING, isJudged: false };
    const deleted = await deleteInOrder(due, cascading, context);
    return { deleted, isJudged: isWhole };
  } catch (error) {
    // A stop ends the calls under way: nothing is deleted on what they would have told.
    if (signal.aborted) return { deleted: NOTHING, isJudged: false };
    if (!(error instanceof ProblemError)) throw error;
    error.problems.forEach(report);
    return { deleted: NOTHING, isJudged: false };
  }
}
