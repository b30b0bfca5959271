import { RollingCount } from './rolling-count.js';

/** So many requests in so much time. */
export interface Allowance {
  readonly requests: number;
  readonly windowMilliseconds: number;
}

/** What a user allows, whatever the server would. */
export interface RequestQuotaOptions {
  /** Requests in all; null: any number. */
  readonly total: number | null;
  /** Requests in any stretch of so much time; null: as fast as they go. */
  readonly rate: Allowance | null;
}

/** What becomes of the next request. */
export type Permit =
  | { readonly type: 'send' }
  | {
      readonly type: 'wait';
      /** Milliseconds since the epoch. */
      readonly until: number;
      readonly reason: string;
    }
  | { readonly type: 'stop'; readonly reason: string };

/**
 * Counts what all clients that share it send over the wire, repeats and redirects included, and says
 * whether one more may follow. Every time is in milliseconds since the epoch.
 */
export class RequestQuota {
  readonly #total: number | null;
  readonly #count: RollingCount;
  #sent = 0;

  /** Null: as fast as they go. */
  readonly rate: Allowance | null;

  constructor({ total, rate }: RequestQuotaOptions) {
    this.#total = total;
    this.rate = rate;
    this.#count = new RollingCount(rate?.windowMilliseconds ?? 0);
  }

  /** How many more may be sent at all. */
  get left(): number {
    return Math.max(0, (this.#total ?? Infinity) - this.#sent);
  }

  next(now: number): Permit {
    if (this.left === 0) {
      return {
        type: 'stop',
        reason: `the run has sent the ${requestsOf(this.#total ?? 0)} it may`,
      };
    }
    if (this.rate === null) return { type: 'send' };
    const { requests } = this.rate;
    const until = this.#count.freeAt(now, requests);
    if (until <= now) return { type: 'send' };
    return { type: 'wait', until, reason: `the quota of ${requestsOf(requests)} is used up` };
  }

  sent(now: number): void {
    this.#sent += 1;
    if (this.rate !== null) this.#count.add(now);
  }

  /** How many may be sent from now until then. */
  roomUntil(now: number, until: number): number {
    const { rate, left } = this;
    return rate === null ? left : Math.min(left, this.#count.roomUntil(now, until, rate.requests));
  }
}

function requestsOf(count: number): string {
  return count === 1 ? 'one request' : `${count} requests`;
}

/** One that holds nobody back. */
export function unlimitedQuota(): RequestQuota {
  return new RequestQuota({ total: null, rate: null });
}
