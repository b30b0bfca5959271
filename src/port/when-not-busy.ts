import type { Clock } from '../clock.js';
import { HttpError } from '../http/http-error.js';
import { portRefusal } from './describe-failure.js';

/** What Port says while it is still busy with an earlier change of the integration (port-labs/ocean). */
const BUSY = 'integration_is_in_progress';

/** Milliseconds between attempts: longer waits would hold up a run for what it tells of itself. */
const WAITS = [1_000, 2_000, 4_000, 8_000];

/**
 * The answer of a change of the integration, repeated while Port is busy with an earlier one: it was
 * not carried out then.
 * @throws what `send` throws, and the reason of the signal
 */
export async function whenNotBusy<Answer>(
  send: () => Promise<Answer>,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  for (const milliseconds of WAITS) {
    try {
      return await send();
    } catch (error) {
      if (!isBusy(error) || signal?.aborted === true) throw error;
      const isOver = await clock.sleep(milliseconds, signal).then(
        () => false,
        () => true,
      );
      if (isOver) throw error;
    }
  }
  return send();
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof HttpError) || error.details.status !== 400) return false;
  return portRefusal(error).error === BUSY;
}
