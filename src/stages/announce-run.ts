import type { ResyncState } from '../port/resync-state.js';
import { builtInFor } from './choose-mapping.js';
import { ensureRecord } from './integration-record.js';
import type { BegunRun } from './prepare-run.js';
import type { RunContext } from './run-context.js';

/** A run under way, as Port's page of the integration shows it. */
export interface AnnouncedRun {
  /** Milliseconds since the epoch, by Port's clock as far as that is known. */
  readonly startedAt: number;
  /**
   * Answers once Port was told, which no entity is written before. False when it does not take the
   * state: then it is not told the end either.
   */
  readonly isAnnounced: Promise<boolean>;
}

/**
 * Tells Port that a run began, on a record that is created where there is none. Bitbucket is read
 * meanwhile.
 */
export function announceRun({ request, reading, resources, catalog }: BegunRun): AnnouncedRun {
  const { writer, client, localMapping, defaults, random } = request;
  const { clock, report } = reading;
  const config = localMapping === null ? builtInFor(catalog.record, defaults.mapping) : null;
  // Port tells whole seconds. Runs that begin in the same one are told apart by what is below it.
  const second = Math.floor((client.now() ?? clock.now()) / 1_000) * 1_000;
  const startedAt = second + Math.floor(random() * 1_000);
  const announce = async (): Promise<boolean> => {
    const made = await ensureRecord(writer, client.integration, catalog.record, config, report);
    if (made !== null) request.onIntegration?.(made, resources);
    return tell(
      { status: 'running', lastResyncStart: startedAt, lastResyncEnd: null },
      writer,
      report,
    );
  };
  const isAnnounced = announce();
  // Whoever waits for it meets a failure; until then it must not end the process.
  isAnnounced.catch(() => undefined);
  return { startedAt, isAnnounced };
}

/** Tells Port that the run is over. */
export async function announceEnd(
  { client, writer, clock, report }: Pick<RunContext, 'client' | 'writer' | 'clock' | 'report'>,
  { startedAt, isAnnounced }: AnnouncedRun,
  status: 'completed' | 'failed' | 'aborted',
): Promise<void> {
  if (!(await isAnnounced)) return;
  await tell(
    { status, lastResyncStart: startedAt, lastResyncEnd: client.now() ?? clock.now() },
    writer,
    report,
  );
}

/** Whether Port took it. */
async function tell(
  state: ResyncState,
  writer: RunContext['writer'],
  report: RunContext['report'],
): Promise<boolean> {
  const problem = await writer.reportResyncState(state);
  if (problem !== null) report(problem);
  return problem === null;
}
