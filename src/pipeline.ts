import type { RunSummary } from './model/summary.js';
import { announceEnd, announceRun, concludeRun } from './stages/announce-run.js';
import { loadResources } from './stages/load-resources.js';
import { prepareRun, type RunRequest } from './stages/prepare-run.js';
import { tellOverlap } from './stages/overlap.js';
import { RawExamples, sendRawExamples } from './stages/raw-examples.js';
import { removeGone } from './stages/remove-gone.js';
import { summarizeRun } from './stages/summarize-run.js';

/**
 * One run: source -> mapping -> port -> reconcile. What goes wrong with an item, a page, a
 * repository or an entity is reported and stays there.
 * @throws ProblemError when the run cannot begin: settings, mapping, credentials, reachability
 */
export async function runPipeline(request: RunRequest): Promise<RunSummary> {
  const examples = new RawExamples();
  const prepared = await prepareRun({ ...request, source: examples.watch(request.source) });
  tellOverlap(prepared, request.timeoutMilliseconds);
  const run = await announceRun(prepared, request.describe);
  try {
    const loaded = await loadResources(prepared);
    if (request.sendRawDataExamples) await sendRawExamples(examples, prepared.context);
    const removal = await removeGone(loaded, prepared, run);
    await concludeRun(prepared, run, removal, request.outcome());
    return summarizeRun(loaded, removal, request);
  } catch (error) {
    // Whatever ends a run: Port must not show for ever that it goes on.
    await announceEnd(prepared, run, request.signal.aborted ? 'aborted' : 'failed');
    throw error;
  }
}
