import type { Clock } from '../../clock.js';

/** Groups of requests that Bitbucket Cloud counts apart. */
export type LimitGroup = 'repositories' | 'files';

/** How an account stands after a request. */
export interface Taken {
  /** One too many; it was not counted. */
  readonly exceeded: boolean;
  /** Requests that are left. */
  readonly left: number;
  /** Seconds until one more is allowed; 0 when one is. */
  readonly secondsToWait: number;
}

const hour = 3_600_000;

/** Counts requests per account and group within the last sixty minutes. */
export class HourlyLimit {
  readonly #clock: Clock;
  /** Times of the counted requests, oldest first. */
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one request, unless `limit` is reached. */
  take(account: string, group: LimitGroup, limit: number): Taken {
    const now = this.#clock.now();
    const times = this.#recent(account, group, now);
    const exceeded = times.length >= limit;
    if (!exceeded) times.push(now);
    const oldest = times[times.length - limit];
    return {
      exceeded,
      left: Math.max(0, limit - times.length),
      secondsToWait: oldest === undefined ? 0 : Math.ceil((oldest + hour - now) / 1000),
    };
  }

  /** Counts requests that somebody else made with the same account. */
  spend(account: string, group: LimitGroup, requests: number): void {
    const now = this.#clock.now();
    const times = this.#recent(account, group, now);
    for (let count = 0; count < requests; count += 1) times.push(now);
  }

  reset(): void {
    this.#times.clear();
  }

  #recent(account: string, group: LimitGroup, now: number): number[] {
    const key = `${group} ${account}`;
    const times = this.#times.get(key) ?? [];
    const firstRecent = times.findIndex((time) => time > now - hour);
    times.splice(0, firstRecent < 0 ? times.length : firstRecent);
    this.#times.set(key, times);
    return times;
  }
}
