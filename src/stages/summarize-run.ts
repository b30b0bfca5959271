import type { RunSummary } from '../model/summary.js';
import type { AnnouncedRun } from './announce-run.js';
import type { LoadedResources } from './load-resources.js';
import type { Removal } from './remove-gone.js';
import type { RunRequest } from './prepare-run.js';
import { feedsBlueprint } from './withholding.js';

/** Puts together what the run came to. A deletion counts for the first resource of its blueprint. */
export function summarizeRun(
  { runs }: LoadedResources,
  { deleted }: Removal,
  { startedAt }: AnnouncedRun,
  { clock, requests }: Pick<RunRequest, 'clock' | 'requests'>,
): RunSummary {
  let deletedElsewhere = 0;
  for (const [blueprint, count] of deleted) {
    const first = runs.find((run) => feedsBlueprint(run, blueprint));
    if (first === undefined) deletedElsewhere += count;
    else first.tally.deleted += count;
  }
  return {
    resources: runs.map((run) => ({
      resource: run.resource.reference,
      counts: run.tally.counts(run.reading.requests),
      status: run.isComplete ? 'complete' : 'incomplete',
      milliseconds: run.milliseconds,
    })),
    deletedElsewhere,
    requests: requests(),
    milliseconds: clock.now() - startedAt,
  };
}
