import { limitNote, type LimitGroup } from './limit-headers.js';
import { RollingCount } from './rolling-count.js';
import { hourMilliseconds, Standing } from './standing.js';

/**
 * What a user or token may ask in an hour where no header tells (Atlassian, "API request limits"):
 * requests below `/2.0/repositories`, and reads of raw files.
 */
const documentedLimits = { api: 1_000, files: 5_000 } as const satisfies Record<LimitGroup, number>;

/** The share of a limit that is left to the other programs and people who use it. */
export const defaultReserve = 0.1;

/** What the user allows a run. */
export interface BudgetOptions {
  /** How many tokens take turns; at least 1. */
  readonly tokens: number;
  /** The share of each limit that is left alone, from 0 to 1. */
  readonly reserve: number;
  /** Requests of the whole run; null: any number. */
  readonly maxRequests: number | null;
  /** The user's own limit over all tokens and groups; null: none. */
  readonly quota: Allowance | null;
}

/** So many requests in so much time. */
export interface Allowance {
  readonly requests: number;
  readonly windowMilliseconds: number;
}

/** What becomes of the next request. */
export type Decision =
  | {
      readonly type: 'send';
      /** The position of the token. */
      readonly token: number;
      /** Whether a refusal for the number of requests must be waited out: no other token is better. */
      readonly isLast: boolean;
    }
  | {
      readonly type: 'wait';
      /** Milliseconds since the epoch. */
      readonly until: number;
      readonly reason: string;
    }
  | { readonly type: 'stop'; readonly reason: string };

/**
 * How many requests a run may send, with which token, and when. Knows what was sent and answered,
 * and decides; sends and waits for nothing itself. Every time is in milliseconds since the epoch.
 */
export class RequestBudget {
  readonly #options: BudgetOptions;
  readonly #tokens: readonly Record<LimitGroup, Standing>[];
  readonly #refused = new Set<number>();
  readonly #quotaCount: RollingCount;
  #sent = 0;

  constructor(options: BudgetOptions) {
    this.#options = options;
    const { reserve, tokens, quota } = options;
    this.#quotaCount = new RollingCount(quota?.windowMilliseconds ?? hourMilliseconds);
    this.#tokens = Array.from({ length: tokens }, () => ({
      api: new Standing(documentedLimits.api, reserve),
      files: new Standing(documentedLimits.files, reserve),
    }));
  }

  /** How many more requests the run may send at all. */
  get left(): number {
    return Math.max(0, (this.#options.maxRequests ?? Infinity) - this.#sent);
  }

  decide(group: LimitGroup, now: number): Decision {
    const { maxRequests, quota } = this.#options;
    if (this.left === 0) {
      return { type: 'stop', reason: `the run has sent the ${maxRequests ?? 0} requests it may` };
    }
    const quotaFreeAt = quota === null ? now : this.#quotaCount.freeAt(now, quota.requests);
    if (quotaFreeAt > now) {
      return { type: 'wait', until: quotaFreeAt, reason: 'the quota of requests is used up' };
    }
    return this.#choose(group, now);
  }

  sent(token: number, group: LimitGroup, now: number): void {
    this.#sent += 1;
    if (this.#options.quota !== null) this.#quotaCount.add(now);
    this.#tokens[token]?.[group].sent(now);
  }

  /** Takes what the headers of an answer tell, which may be about another group than it was sent in. */
  answered(token: number, group: LimitGroup, headers: Headers, now: number): void {
    const note = limitNote(headers);
    const counted = note.group ?? group;
    const standings = this.#tokens[token];
    if (counted !== group) standings?.[counted].sent(now);
    standings?.[counted].answered(note, now);
  }

  /** Bitbucket refused the token for the number of requests. */
  rest(token: number, group: LimitGroup, until: number): void {
    this.#tokens[token]?.[group].rest(until);
  }

  /**
   * Bitbucket refused the token as such: it is used no more.
   * @returns whether another one is left
   */
  refuse(token: number): boolean {
    this.#refused.add(token);
    return this.#refused.size < this.#tokens.length;
  }

  /** Requests that may be sent from now on; `until` null: in any time. */
  room(group: LimitGroup, now: number, until: number | null): number {
    if (until === null) return this.left;
    const { quota } = this.#options;
    const tokens = this.#usable().map((token) => this.#tokens[token]?.[group].room(now, until));
    const ofQuota =
      quota === null ? Infinity : this.#quotaCount.roomUntil(now, until, quota.requests);
    return Math.min(
      tokens.reduce<number>((sum, room) => sum + (room ?? 0), 0),
      ofQuota,
      this.left,
    );
  }

  /** What all tokens together allow for at a time, whoever used some of it already. */
  allowance(group: LimitGroup): Allowance {
    const { quota } = this.#options;
    const tokens = this.#usable().map((token) => this.#tokens[token]?.[group].share ?? 0);
    const requests = tokens.reduce((sum, share) => sum + share, 0);
    const isQuotaLess =
      quota !== null && quota.requests / quota.windowMilliseconds < requests / hourMilliseconds;
    return isQuotaLess ? quota : { requests, windowMilliseconds: hourMilliseconds };
  }

  /** One that may ask now, the last fifth of a limit last; else the one that may first. */
  #choose(group: LimitGroup, now: number): Decision {
    const candidates = this.#usable().flatMap((token) => {
      const standing = this.#tokens[token]?.[group];
      if (standing === undefined) return [];
      const { isNear, restsUntil, share } = standing;
      const freeAt = standing.freeAt(now);
      return [{ token, isNear, share, freeAt, due: Math.max(freeAt, restsUntil) }];
    });
    const free = candidates.filter(({ due }) => due <= now);
    const chosen = free.find(({ isNear }) => !isNear) ?? free[0];
    if (chosen !== undefined) {
      return { type: 'send', token: chosen.token, isLast: candidates.length === 1 };
    }
    const first = candidates.reduce((one, other) => (other.due < one.due ? other : one));
    if (first.freeAt <= now) return { type: 'send', token: first.token, isLast: true };
    const kept = Math.round(this.#options.reserve * 100);
    const reason = `${first.share} requests were sent in an hour, and the reserve of ${kept} % is kept`;
    return { type: 'wait', until: first.due, reason };
  }

  #usable(): readonly number[] {
    const all = [...this.#tokens.keys()];
    const usable = all.filter((token) => !this.#refused.has(token));
    return usable.length > 0 ? usable : all;
  }
}
