import { z } from 'zod';
import { HttpError } from '../http/http-error.js';
import type { JsonObject } from '../model/json.js';
import type { ProblemOf } from '../problems/problem.js';
import { describeFailure } from './describe-failure.js';
import type { ReportedResync } from './integration-record.js';
import type { PortClient } from './port-client.js';

/** How a run stands, for the integration's page in Port. */
export interface ResyncState {
  readonly status: 'running' | 'completed' | 'failed' | 'aborted';
  /** Milliseconds since the epoch. */
  readonly lastResyncStart: number;
  /** Null while it runs. */
  readonly lastResyncEnd: number | null;
}

/** One that has not told its end for so long was killed, and does not count. */
const LONGEST_RUN_MILLISECONDS = 60 * 60 * 1000;

/**
 * Since when another run of the integration is under way, as Port knows it; null when none is.
 * @param now by Port's clock, in milliseconds since the epoch, as the answer
 */
export function runningSince(
  { status, lastResyncStart }: ReportedResync,
  now: number,
): number | null {
  const start = Date.parse(lastResyncStart ?? '');
  if (status !== 'running' || Number.isNaN(start)) return null;
  // Whoever told the start may have a clock that is ahead.
  return Math.abs(now - start) < LONGEST_RUN_MILLISECONDS ? start : null;
}

/**
 * Tells Port how the run stands. A run can do without, so that a failure is only a problem to be
 * recorded; null when all went well.
 */
export async function reportResyncState(
  client: PortClient,
  state: ResyncState,
): Promise<ProblemOf<'best-effort-failed'> | null> {
  const { identifier } = client.integration;
  const subject = `resync state of integration ${identifier}`;
  try {
    await client.json(
      {
        method: 'PATCH',
        path: ['integration', identifier, 'resync-state'],
        subject,
        caller: 'integration',
        repeatable: true,
        body: resyncPayload(state),
      },
      z.unknown(),
    );
    return null;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return {
      code: 'best-effort-failed',
      subject,
      reason: describeFailure(error),
      remedy:
        'What is loaded does not change, but Port and other runs do not see that this one is under way. Give the account of PORT_CLIENT_ID the permission to update integrations',
    };
  }
}

function resyncPayload(state: ResyncState): JsonObject {
  const { status, lastResyncStart, lastResyncEnd } = state;
  return {
    status,
    lastResyncStart: new Date(lastResyncStart).toISOString(),
    lastResyncEnd: lastResyncEnd === null ? null : new Date(lastResyncEnd).toISOString(),
    // One run at a time, started from outside: nobody knows when the next one is.
    nextResync: null,
    // Spelled so by the API.
    intervalInMinuets: null,
  };
}
