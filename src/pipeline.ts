import { gatherFacts } from './deletion/facts.js';
import { proveGone, type Proven } from './deletion/prove-gone.js';
import { remove } from './deletion/remove.js';
import type { LastReads } from './model/last-reads.js';
import type { RunSummary } from './model/summary.js';
import { announceEnd, announceRun } from './stages/announce-run.js';
import { leaveNotes } from './stages/integration-record.js';
import { loadResources } from './stages/load-resources.js';
import { beginRun, prepareCatalog } from './stages/prepare-run.js';
import type { RunRequest } from './stages/run-context.js';
import { sendRawExamples } from './stages/raw-examples.js';
import { startReading } from './stages/resource-run.js';
import { summarizeRun } from './stages/summarize-run.js';

/**
 * One run. `startReading` opens the listings of Bitbucket. `loadResources` takes their pages one after
 * the other: it maps the items, compares the entities with what Port has and writes what differs. Then
 * each entity that Port has but this run did not produce is examined, and deleted only if it is proven
 * to be gone.
 * What goes wrong with an item, a page, a repository or an entity is reported and stays there.
 * @throws ProblemError when the run cannot begin: settings, mapping, credentials, reachability
 */
export async function runPipeline(request: RunRequest): Promise<RunSummary> {
  const begun = await beginRun(request);
  const announced = announceRun(begun);
  try {
    // Bitbucket is read while Port is being prepared. Nothing is written before `loadResources`.
    const runs = await startReading(begun);
    const prepared = await prepareCatalog(begun, announced.isAnnounced);
    const { context } = prepared;
    const loaded = await loadResources(runs, announced, context);
    // One change of the integration's record at a time: deletions leave a mark there as well.
    await prepared.areDefaultsNoted;
    // A stopped run proves nothing, and so it removes nothing.
    const removeGone = async (): Promise<Removal> => {
      const proven = await proveGone(gatherFacts(prepared, announced, loaded));
      return { deleted: await remove(proven, context), withheld: proven.withheld };
    };
    // Port rounds the times of creation down to whole seconds.
    const since = Math.floor(announced.startedAt / 1_000) * 1_000;
    const [{ withheld, deleted }, stubs] = await Promise.all([
      removeGone(),
      context.signal.aborted ? [] : context.writer.createdForRelations(since),
      request.sendRawDataExamples ? sendRawExamples(runs, prepared) : null,
    ]);
    await leaveNotes({ reads: readsOf(request), withheld }, announced.startedAt, context);
    await announceEnd(context, announced, request.outcome());
    return summarizeRun(loaded, { deleted, stubs }, request);
  } catch (error) {
    // Port must not show a run as running that has ended.
    const writing = { client: request.client, writer: request.writer, ...begun.reading };
    const status = request.signal.aborted ? 'aborted' : 'failed';
    // What ended the run is told, even if Port cannot be told that it ended.
    await announceEnd(writing, announced, status).catch(() => undefined);
    throw error;
  }
}

interface Removal extends Pick<Proven, 'withheld'> {
  /** By blueprint. */
  readonly deleted: ReadonlyMap<string, number>;
}

/** Which repositories this run read, where it could not read all of them. */
function readsOf({ source, narrowing, signal }: RunRequest): LastReads | null {
  // A run of some kinds says nothing about the others.
  return narrowing.kinds !== null || signal.aborted ? null : (source.memory?.reads() ?? null);
}
