import type { LimitNote } from './limit-headers.js';
import { RollingCount } from '../../../http/rolling-count.js';

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
export class Standing {
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
