import { runningSince } from '../port/resync-state.js';
import type { BegunRun } from './prepare-run.js';

/**
 * Warns when another run of the integration seems to be under way. Nothing has to stop for it: both
 * write the same entities, and what either writes after the other began is not deleted.
 */
export function tellOverlap({ record, request, reading }: BegunRun): void {
  if (record.status !== 'found') return;
  const since = runningSince(
    record.integration.resync,
    reading.clock.now(),
    request.timeoutMilliseconds,
  );
  if (since === null) return;
  const { identifier } = record.integration;
  reading.report({ code: 'run-overlaps', identifier, since });
}
