import type { RunSummary } from './model/summary.js';
import { announceEnd, announceRun, concludeRun } from './stages/announce-run.js';
import { loadResources } from './stages/load-resources.js';
import { beginRun, prepareCatalog, type RunRequest } from './stages/prepare-run.js';
import { tellOverlap } from './stages/overlap.js';
import { sendRawExamples } from './stages/raw-examples.js';
import { removeGone } from './stages/remove-gone.js';
import { startReading } from './stages/resource-run.js';
import { summarizeRun } from './stages/summarize-run.js';

/**
 * One run: source -> mapping -> port -> reconcile. What goes wrong with an item, a page, a
 * repository or an entity is reported and stays there.
 * @throws ProblemError when the run cannot begin: settings, mapping, credentials, reachability
 */
export async function runPipeline(request: RunRequest): Promise<RunSummary> {
  const begun = await beginRun(request);
  tellOverlap(begun);
  const announced = announceRun(begun);
  try {
    // Bitbucket is read while Port is being prepared, and waits before the first entity is written.
    const runs = await startReading(begun);
    const prepared = await prepareCatalog(begun, announced);
    const { context } = prepared;
    const loaded = await loadResources(runs, announced, context);
    const [removal] = await Promise.all([
      removeGone(loaded, prepared, announced),
      request.sendRawDataExamples ? sendRawExamples(runs, prepared) : null,
    ]);
    await concludeRun(prepared, announced, removal, request.outcome());
    return summarizeRun(loaded, removal, request);
  } catch (error) {
    // Whatever ends a run: Port must not show for ever that it goes on.
    const writing = { writer: request.writer, ...begun.reading };
    await announceEnd(writing, announced, request.signal.aborted ? 'aborted' : 'failed');
    throw error;
  }
}
