import type { Clock } from '../../clock.js';

/** So many requests per fixed window of time. */
export interface RateLimitOptions {
  readonly limit: number;
  readonly periodSeconds: number;
}

/** Port publishes no numbers; this one is high enough to be out of the way. */
export const GENEROUS_RATE_LIMIT: RateLimitOptions = { limit: 100_000, periodSeconds: 60 };

/** Counts the requests of the current window. */
export class RateLimit {
  private window = -1;
  private used = 0;

  constructor(
    private readonly options: RateLimitOptions,
    private readonly clock: Clock,
  ) {}

  /** Counts one request. `exceeded`: it is one too many. */
  take(): { readonly exceeded: boolean; readonly headers: Readonly<Record<string, string>> } {
    const { limit, periodSeconds } = this.options;
    const window = Math.floor(this.clock.now() / (periodSeconds * 1000));
    if (window !== this.window) {
      this.window = window;
      this.used = 0;
    }
    this.used += 1;
    return {
      exceeded: this.used > limit,
      headers: {
        'x-ratelimit-period': String(periodSeconds),
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - this.used)),
        'x-ratelimit-reset': String((window + 1) * periodSeconds),
      },
    };
  }
}
