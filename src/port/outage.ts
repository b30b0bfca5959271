import type { Clock } from '../clock.js';
import { HttpError } from '../http/http-error.js';

/** How long Port may be away before a call to it is given up. */
const outageMilliseconds = 90_000;
/** Time between two rounds of attempts. */
const pauseMilliseconds = 10_000;

/** A wait for Port to come back, for whoever shows it. */
export interface OutageWait {
  readonly reason: string;
  readonly milliseconds: number;
}

export interface OutageOptions {
  readonly clock: Clock;
  readonly onWait: (wait: OutageWait) => void;
  /** Asks Port something small, once: whether it answers anybody. */
  readonly isThere: () => Promise<boolean>;
  /** Ends the waiting: the run was stopped. */
  readonly signal: AbortSignal;
}

/**
 * Bridges the minute that Port is away for a new release: a call whose attempts all failed is made
 * once more while nothing else gets an answer either. Once Port is given up, no other call waits for
 * it as long: each is tried once, until one is answered.
 */
export class Outage {
  #answeredAt = -Infinity;
  #isGivenUp = false;

  constructor(private readonly options: OutageOptions) {}

  /**
   * Makes a call that may be repeated.
   * @param send makes it; with `isPatient`, with all attempts that a call may have
   * @throws HttpError
   */
  async bridge<Answer>(send: (isPatient: boolean) => Promise<Answer>): Promise<Answer> {
    const { clock, isThere } = this.options;
    const firstStart = clock.now();
    for (let start = firstStart; ; start = clock.now()) {
      try {
        const answer = await send(!this.#isGivenUp);
        this.#answeredAt = clock.now();
        this.#isGivenUp = false;
        return answer;
      } catch (error) {
        if (!(error instanceof HttpError) || !isAway(error) || this.#isGivenUp) throw error;
        const isFirst = start === firstStart;
        // Other things are answered: it is this call that Port cannot carry out.
        const isItsOwn = isFirst
          ? !saysItIsAway(error) && (await isThere())
          : this.#answeredAt >= start;
        if (isItsOwn) throw error;
        if (clock.now() - firstStart >= outageMilliseconds) {
          this.#isGivenUp = true;
          throw error;
        }
        await this.#pause(error);
      }
    }
  }

  async #pause({ subject, reason }: HttpError): Promise<void> {
    const { clock, onWait, signal } = this.options;
    const milliseconds = pauseMilliseconds;
    onWait({ reason: `${subject}: ${reason}; Port has to come back`, milliseconds });
    try {
      await clock.sleep(milliseconds, signal);
    } catch (error) {
      throw new HttpError('aborted', subject, 'the run was stopped', {}, { cause: error });
    }
  }
}

/** Whether the service behind the call is away in its own words, whatever else is answered. */
function saysItIsAway({ details }: HttpError): boolean {
  return details.status === 502 || details.status === 503;
}

/** Whether the failure is what one sees of a server that is away. */
export function isAway({ failure, details }: HttpError): boolean {
  if (failure === 'status') return (details.status ?? 0) >= 500;
  return failure === 'network' || failure === 'timeout';
}
