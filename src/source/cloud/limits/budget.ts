import type { AnswerHeaders } from '../../../http/answer-headers.js';
import type { Allowance, Permit, RequestQuota } from '../../../http/request-quota.js';
import { hourMilliseconds, type LimitGroup, limitNote, TokenLimit } from './token-limit.js';

/**
 * What a user or token may ask in an hour where no header tells (Atlassian, "API request limits"):
 * requests below `/2.0/repositories`, and reads of raw files.
 */
const documentedLimits = { api: 1_000, files: 5_000 } as const satisfies Record<LimitGroup, number>;

/** The share of a limit that is left to the other programs and people who use it. */
export const defaultReserve = 0.1;

/** What limits a run. */
export interface BudgetOptions {
  /** How many tokens take turns; at least 1. */
  readonly tokens: number;
  /** The share of each limit that is left alone, from 0 to 1. */
  readonly reserve: number;
  /** What the user allows over all tokens and groups. The clients of the tokens count for it. */
  readonly quota: RequestQuota;
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
  | Exclude<Permit, { type: 'send' }>;

/**
 * How many requests a run may send, with which token, and when. Knows what was sent and answered,
 * and decides; sends and waits for nothing itself. Every time is in milliseconds since the epoch.
 */
export class RequestBudget {
  readonly #options: BudgetOptions;
  readonly #tokens: readonly Record<LimitGroup, TokenLimit>[];
  readonly #refused = new Set<number>();

  constructor(options: BudgetOptions) {
    this.#options = options;
    const { reserve, tokens } = options;
    this.#tokens = Array.from({ length: tokens }, () => ({
      api: new TokenLimit(documentedLimits.api, reserve),
      files: new TokenLimit(documentedLimits.files, reserve),
    }));
  }

  /** How many more requests the run may send at all. */
  get left(): number {
    return this.#options.quota.left;
  }

  decide(group: LimitGroup, now: number): Decision {
    const permit = this.#options.quota.next(now);
    if (permit.type !== 'send') return permit;
    return this.#choose(group, now);
  }

  sent(token: number, group: LimitGroup, now: number): void {
    this.#tokens[token]?.[group].sent(now);
  }

  /** Takes what the headers of an answer tell, which may be about another group than it was sent in. */
  answered(token: number, group: LimitGroup, headers: AnswerHeaders, now: number): void {
    const note = limitNote(headers);
    const counted = note.group ?? group;
    const limits = this.#tokens[token];
    if (counted !== group) limits?.[counted].sent(now);
    limits?.[counted].answered(note, now);
  }

  /**
   * The token is to be left alone, as its limit is reached.
   * @param reason why until then, where Bitbucket itself named the time; null: it is a guess
   */
  rest(token: number, group: LimitGroup, until: number, reason: string | null): void {
    this.#tokens[token]?.[group].restUntil(until, reason);
  }

  /**
   * Bitbucket refused the token as such: it is used no more.
   * @returns whether that is news, and whether another one is left
   */
  refuse(token: number): { readonly isNew: boolean; readonly isLast: boolean } {
    const isNew = !this.#refused.has(token);
    this.#refused.add(token);
    return { isNew, isLast: this.#refused.size === this.#tokens.length };
  }

  /** Requests that may be sent from now on; `until` null: in any time. */
  room(group: LimitGroup, now: number, until: number | null): number {
    if (until === null) return this.left;
    const tokens = this.#usable().map((token) => this.#tokens[token]?.[group].room(now, until));
    return Math.min(
      tokens.reduce<number>((sum, room) => sum + (room ?? 0), 0),
      this.#options.quota.roomUntil(now, until),
    );
  }

  /** What all tokens together allow for at a time, whoever used some of it already. */
  allowance(group: LimitGroup): Allowance {
    const { rate } = this.#options.quota;
    const tokens = this.#usable().map((token) => this.#tokens[token]?.[group].share ?? 0);
    const requests = tokens.reduce((sum, share) => sum + share, 0);
    const isRateLess =
      rate !== null && rate.requests / rate.windowMilliseconds < requests / hourMilliseconds;
    return isRateLess ? rate : { requests, windowMilliseconds: hourMilliseconds };
  }

  /** One that may ask now, the last fifth of a limit last; else the limit that may first. */
  #choose(group: LimitGroup, now: number): Decision {
    const candidates = this.#usable().flatMap((token) => {
      const limit = this.#tokens[token]?.[group];
      if (limit === undefined) return [];
      const { isNear, rest, share } = limit;
      const freeAt = limit.freeAt(now);
      return [{ token, isNear, share, freeAt, rest, due: Math.max(freeAt, rest.until) }];
    });
    const free = candidates.filter(({ due }) => due <= now);
    const chosen = free.find(({ isNear }) => !isNear) ?? free[0];
    if (chosen !== undefined) {
      return { type: 'send', token: chosen.token, isLast: candidates.length === 1 };
    }
    const first = candidates.reduce((one, other) => (other.due < one.due ? other : one));
    const { token, freeAt, rest, due, share } = first;
    if (rest.reason !== null && rest.until === due) {
      return { type: 'wait', until: due, reason: rest.reason };
    }
    // How long it rests is a guess: asking tells more.
    if (freeAt <= now) return { type: 'send', token, isLast: true };
    const kept = Math.round(this.#options.reserve * 100);
    const reason = `${share} requests were sent in an hour, and the reserve of ${kept} % is kept`;
    return { type: 'wait', until: due, reason };
  }

  #usable(): readonly number[] {
    const all = [...this.#tokens.keys()];
    const usable = all.filter((token) => !this.#refused.has(token));
    return usable.length > 0 ? usable : all;
  }
}
