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

/** Counts what happened within the last so many milliseconds. Every time is since the epoch. */
export class RollingCount {
  readonly #window: number;
  /** Oldest first; those before `#first` are out of the window. */
  #times: number[] = [];
  #first = 0;

  constructor(windowMilliseconds: number) {
    this.#window = windowMilliseconds;
  }

  add(now: number): void {
    this.#times.push(Math.max(now, this.#times.at(-1) ?? now));
  }

  /** How many there are within the window that ends now. */
  at(now: number): number {
    this.#forget(now);
    return this.#times.length - this.#first;
  }

  /** When fewer than `most` are within the window: now, or later. */
  freeAt(now: number, most: number): number {
    const excess = this.at(now) - most;
    if (excess < 0) return now;
    return (this.#times[this.#first + excess] ?? now) + this.#window;
  }

  /** How many more may happen from now until then, with never more than `most` in a window. */
  roomUntil(now: number, until: number, most: number): number {
    if (until < now) return 0;
    const all = this.at(now);
    // Where more than `most` happened, the oldest make no room when they leave the window.
    const excess = Math.max(0, all - most);
    const windows = Math.floor((until - now) / this.#window);
    const rest = (until - now) % this.#window;
    const leaving = Math.max(0, this.#before(now + rest - this.#window) - excess);
    const counted = all - excess;
    return (most - counted) * (windows + 1) + counted * windows + leaving;
  }

  /** How many of those within the window happened until then. */
  #before(then: number): number {
    let low = this.#first;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? Infinity) <= then) low = middle + 1;
      else high = middle;
    }
    return low - this.#first;
  }

  #forget(now: number): void {
    while ((this.#times[this.#first] ?? Infinity) <= now - this.#window) this.#first += 1;
    if (this.#first * 2 < this.#times.length) return;
    this.#times = this.#times.slice(this.#first);
    this.#first = 0;
  }
}
