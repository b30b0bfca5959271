import type { ResyncState } from '../port/resync-state.js';
import type { Removal } from './remove-gone.js';
import type { PreparedRun } from './prepare-run.js';
import { signRecord } from './integration-record.js';

/** A run under way, as Port's page of the integration shows it. */
export interface AnnouncedRun {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** False when Port does not take the state: then it is not told the end either. */
  readonly isAnnounced: boolean;
}

/** Tells Port that a run began. */
export async function announceRun(
  { context, resources }: PreparedRun,
  description: string,
): Promise<AnnouncedRun> {
  const startedAt = context.clock.now();
  context.emit({
    type: 'run-started',
    at: startedAt,
    source: description,
    port: context.client.origin,
    integration: context.client.integration.identifier,
    resources: resources.map(({ reference }) => reference),
  });
  const state: ResyncState = { status: 'running', lastResyncStart: startedAt, lastResyncEnd: null };
  const problem = await context.writer.reportResyncState(state);
  if (problem !== null) context.report(problem);
  return { startedAt, isAnnounced: problem === null };
}

/**
 * Tells Port how the run ended and, once the user knows what a next run would delete, that its
 * catalog is ours now.
 */
export async function concludeRun(
  { context, record }: PreparedRun,
  { startedAt, isAnnounced }: AnnouncedRun,
  { isJudged }: Removal,
  status: 'completed' | 'failed' | 'aborted',
): Promise<void> {
  const { client, writer, report } = context;
  if (isJudged) await signRecord(writer, client.integration, record, report);
  await announceEnd({ context }, { startedAt, isAnnounced }, status);
}

/** Tells Port that the run is over. */
export async function announceEnd(
  { context: { writer, clock, report } }: Pick<PreparedRun, 'context'>,
  { startedAt, isAnnounced }: AnnouncedRun,
  status: 'completed' | 'failed' | 'aborted',
): Promise<void> {
  if (!isAnnounced) return;
  const problem = await writer.reportResyncState({
    status,
    lastResyncStart: startedAt,
    lastResyncEnd: clock.now(),
  });
  if (problem !== null) report(problem);
}
