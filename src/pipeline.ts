import type { RunSummary } from './model/summary.js';
import { announceRun, concludeRun } from './stages/announce-run.js';
import { loadResources } from './stages/load-resources.js';
import { prepareRun, type RunRequest } from './stages/prepare-run.js';
import { removeGone } from './stages/remove-gone.js';
import { summarizeRun } from './stages/summarize-run.js';

/**
 * One run: source -> mapping -> port -> reconcile. What goes wrong with an item, a page, a
 * repository or an entity is reported and stays there.
 * @throws ProblemError when the run cannot begin: settings, mapping, credentials, reachability
 */
export async function runPipeline(request: RunRequest): Promise<RunSummary> {
  const prepared = await prepareRun(request);
  const run = await announceRun(prepared, request.describe);
  const loaded = await loadResources(prepared);
  const removal = await removeGone(loaded, prepared, run);
  await concludeRun(prepared, run, removal, request.outcome());
  return summarizeRun(loaded, removal, run, request);
}
