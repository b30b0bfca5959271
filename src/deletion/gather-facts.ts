import { readIntegration } from '../port/integration.js';
import { ProblemError } from '../problems/problem.js';
import type { AnnouncedRun } from '../stages/announce-run.js';
import { leaveMark } from '../stages/integration-record.js';
import type { LoadedResources } from '../stages/load-resources.js';
import type { PreparedRun } from '../stages/prepare-run.js';
import { Facts, type LastWord } from './facts.js';

/** All that a run knows when it has read and loaded everything. */
export function gatherFacts(
  prepared: PreparedRun,
  run: AnnouncedRun,
  loaded: LoadedResources,
): Facts {
  const { context, policy, catalog } = prepared;
  return new Facts(context, policy, loaded, catalog.startedAt, lastWordOf(prepared, run));
}

function lastWordOf({ context, catalog }: PreparedRun, { startedAt }: AnnouncedRun): LastWord {
  const { record } = catalog;
  const { client, writer, report } = context;
  return {
    isStillOurs: async () => {
      if (record.status !== 'found') return true;
      const before = record.integration;
      try {
        const now = await readIntegration(client);
        if (now.status === 'missing') return false;
        const { version, mark, resync } = now.integration;
        // Ours is the start that Port was told last; a plan tells none.
        const starts = [startedAt, Date.parse(before.resync.lastResyncStart ?? '')];
        const start = Date.parse(resync.lastResyncStart ?? '');
        return (
          version === before.version &&
          mark?.judgedAt === before.mark?.judgedAt &&
          (Number.isNaN(start) || starts.includes(start))
        );
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return false;
      }
    },
    leave: (mark) => leaveMark(writer, client.integration, record, mark, report),
  };
}
