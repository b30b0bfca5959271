import { RollingCount } from '../../../http/request-quota.js';
import type { AnswerHeaders } from '../../../http/answer-headers.js';

/** Requests that Bitbucket Cloud counts apart: reads of a file's bytes, and everything else. */
export type LimitGroup = 'api' | 'files';

/** What an answer tells of a token's limit; null: nothing. Only access tokens are told. */
interface LimitNote {
  readonly group: LimitGroup | null;
  /** In an hour. */
  readonly limit: number | null;
  /** Less than a fifth of it is left, whoever used the rest. */
  readonly isNear: boolean | null;
}

/** Reads `X-RateLimit-Limit` (`1000`, or `1000, 1000;w=3600`), `-Resource` and `-NearLimit`. */
export function limitNote(headers: AnswerHeaders): LimitNote {
  const limit = /^\s*(\d+)/.exec(headers.get('x-ratelimit-limit') ?? '')?.[1];
  const resource = headers.get('x-ratelimit-resource');
  const near = headers.get('x-ratelimit-nearlimit');
  return {
    group: resource === null ? null : /file|raw/i.test(resource) ? 'files' : 'api',
    limit: limit === undefined || Number(limit) === 0 ? null : Number(limit),
    isNear: near === null ? null : /^\s*true\b/i.test(near),
  };
}

/** The time that Bitbucket Cloud counts over. */
export const hourMilliseconds = 3_600_000;

/** From this share of its limit on, a token is said to be near it (Atlassian, "API request limits"). */
const nearShare = 0.8;

/** A time for which a token is left alone. */
export interface Rest {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Why, where Bitbucket itself named the time; null: it is a guess. */
  readonly reason: string | null;
}

/** How one token stands in one group. */
export class TokenLimit {
  readonly #count = new RollingCount(hourMilliseconds);
  readonly #reserve: number;
  #limit: number;
  #others = { requests: 0, until: 0 };
  #rest: Rest = { until: 0, reason: null };
  #isNear = false;

  /** @param reserve the share of the limit that is left alone */
  constructor(limit: number, reserve: number) {
    this.#limit = limit;
    this.#reserve = reserve;
  }

  get isNear(): boolean {
    return this.#isNear;
  }

  get rest(): Rest {
    return this.#rest;
  }

  /** What a run may use of it in an hour. */
  get share(): number {
    return Math.max(1, this.#limit - Math.round(this.#limit * this.#reserve));
  }

  sent(now: number): void {
    this.#count.add(now);
  }

  restUntil(until: number, reason: string | null): void {
    if (until > this.#rest.until) this.#rest = { until, reason };
  }

  /** Learns from an answer. */
  answered({ limit, isNear }: LimitNote, now: number): void {
    if (limit !== null) this.#limit = limit;
    if (isNear === null) return;
    if (isNear && !this.#isNear) {
      const others = Math.floor(this.#limit * nearShare) - this.#count.at(now);
      this.#others = { requests: Math.max(0, others), until: now + hourMilliseconds };
    }
    if (!isNear) this.#others = { requests: 0, until: 0 };
    this.#isNear = isNear;
  }

  /** When its share allows for another request. */
  freeAt(now: number): number {
    return this.#count.freeAt(now, this.#shareAt(now));
  }

  /** Requests that it allows for from now until then. */
  room(now: number, until: number): number {
    const start = Math.max(now, this.#rest.until);
    return this.#count.roomUntil(start, until, this.#shareAt(now));
  }

  /** Less what others use of the same limit, as far as that can be told. */
  #shareAt(now: number): number {
    const others = this.#others.until > now ? this.#others.requests : 0;
    return Math.max(1, this.share - others);
  }
}
