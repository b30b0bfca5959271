import type { AnswerHeaders } from './answer-headers.js';
import type { HttpFailure } from './http-error.js';
import {
  backOffBaseMilliseconds,
  backOffCapMilliseconds,
  limitedBaseMilliseconds,
  limitedCapMilliseconds,
  limitedExtraRetries,
  longestServerWaitMilliseconds,
} from './limits.js';

/** A failed attempt, as far as it matters for another one. */
export interface FailedAttempt {
  readonly failure: HttpFailure;
  /** Whether the request may be sent twice. */
  readonly repeatable: boolean;
  /** The same request would fail the same way again. */
  readonly permanent?: boolean;
  /** With `status`. */
  readonly status?: number;
  readonly headers?: AnswerHeaders;
}

/** How often and how long. */
export interface RetryPolicy {
  readonly retries: number;
  readonly baseMilliseconds: number;
  readonly capMilliseconds: number;
  /** The same for 429, where the server counts over a long window. */
  readonly limitedRetries: number;
  readonly limitedBaseMilliseconds: number;
  readonly limitedCapMilliseconds: number;
}

/** What to do after a failed attempt. */
export type NextAttempt =
  | {
      readonly type: 'wait';
      readonly milliseconds: number;
      /** For a person: `Retry-After says when`, behind why it failed. */
      readonly reason: string;
      /** Whether the wait holds for every request to this host. */
      readonly shared: boolean;
    }
  | { readonly type: 'give-up' };

/** The status of a refusal for the number of requests. */
export const tooManyRequests = 429;

/** It took too long: for what is in front of the server, or for Atlassian's cloud, which says 555. */
export const slowStatuses: readonly number[] = [504, 555];

/** Statuses that may pass by themselves. */
const passingStatuses = [408, 425, tooManyRequests, 500, 502, 503, ...slowStatuses];

const passingFailures: readonly HttpFailure[] = ['network', 'timeout', 'truncated', 'malformed'];

/** The policy for a number of retries; 0 means that nothing is ever sent again. */
export function retryPolicy(retries: number): RetryPolicy {
  return {
    retries,
    baseMilliseconds: backOffBaseMilliseconds,
    capMilliseconds: backOffCapMilliseconds,
    limitedRetries: retries === 0 ? 0 : retries + limitedExtraRetries,
    limitedBaseMilliseconds,
    limitedCapMilliseconds,
  };
}

/** Whether the server refused for the number of requests. Such a request was not carried out. */
export function isRateLimited(failed: Pick<FailedAttempt, 'failure' | 'status'>): boolean {
  return failed.failure === 'status' && failed.status === tooManyRequests;
}

/**
 * Decides whether a request is sent again, and after how long. What the server asks for is kept to
 * in full; else the wait doubles with each attempt and is drawn by lot, so that many clients that
 * failed together do not come back together.
 * @param attempt How many attempts failed so far in this way (429 counts apart), from 1.
 * @param now Milliseconds since the epoch.
 * @param random Gives a number from 0 to below 1.
 */
export function nextAttempt(
  failed: FailedAttempt,
  attempt: number,
  now: number,
  random: () => number,
  policy: RetryPolicy,
): NextAttempt {
  const limited = isRateLimited(failed);
  if (!mayPass(failed) || !(failed.repeatable || limited)) return { type: 'give-up' };
  if (attempt > (limited ? policy.limitedRetries : policy.retries)) return { type: 'give-up' };

  const asked =
    failed.status === undefined || failed.headers === undefined
      ? null
      : serverWait(failed.status, failed.headers, now);
  if (asked !== null && asked.milliseconds > 0) {
    const reason = `${asked.header} says when`;
    return { type: 'wait', milliseconds: asked.milliseconds, reason, shared: true };
  }
  const milliseconds = limited
    ? limitedBackOff(attempt, random, policy)
    : backOff(attempt, random, policy);
  return { type: 'wait', milliseconds, reason: 'then another attempt', shared: limited };
}

function mayPass({ failure, permanent, status }: FailedAttempt): boolean {
  if (permanent === true) return false;
  if (failure === 'status') return status !== undefined && passingStatuses.includes(status);
  return passingFailures.includes(failure);
}

/** Full jitter: anything from nothing to the doubled wait. */
function backOff(attempt: number, random: () => number, policy: RetryPolicy): number {
  return random() * Math.min(policy.capMilliseconds, policy.baseMilliseconds * 2 ** (attempt - 1));
}

/** Half of it for certain: short draws would spend all retries inside the server's window. */
function limitedBackOff(attempt: number, random: () => number, policy: RetryPolicy): number {
  const whole = Math.min(
    policy.limitedCapMilliseconds,
    policy.limitedBaseMilliseconds * 2 ** (attempt - 1),
  );
  return whole / 2 + random() * (whole / 2);
}

/** A time that a server names for the next request. */
interface ServerWait {
  /** Milliseconds from now; not positive when it has passed already. */
  readonly milliseconds: number;
  /** The header that says so. */
  readonly header: string;
}

const resetHeaders = ['x-ratelimit-reset', 'ratelimit-reset'];
const remainingHeaders = ['x-ratelimit-remaining', 'ratelimit-remaining'];

/** Above this a number is milliseconds since the epoch, above the next one seconds, else seconds left. */
const epochMillisecondsFrom = 1e11;
const epochSecondsFrom = 1e9;

/** How servers write dates (RFC 9110, 5.6.7). What JavaScript would take besides, such as `0`, is none. */
const HTTP_DATE = /^[A-Za-z]+, .*\d{2}:\d{2}:\d{2} GMT$/u;

/**
 * When a server gave an answer, by its own clock, in milliseconds since the epoch; null when that cannot
 * be told. An answer that a cache kept (`Age`, RFC 9111, 5.1) tells the time of another day.
 */
export function serverTime(headers: Pick<AnswerHeaders, 'get'>): number | null {
  if (headers.get('age') !== null) return null;
  const date = headers.get('date') ?? '';
  const time = HTTP_DATE.test(date) ? Date.parse(date) : NaN;
  return Number.isNaN(time) ? null : time;
}

/**
 * What the headers of a failed answer say about when to come back: `Retry-After`, as seconds or as
 * an HTTP date (RFC 9110, 10.2.3), before the reset of a rate limit, which counts when the limit is
 * used up or the status is 429. Null when they say nothing. A time that they name is measured by the
 * clock of the server, wherever it says what that shows.
 * @param here the time by our own clock, in milliseconds since the epoch
 */
export function serverWait(
  status: number,
  headers: AnswerHeaders,
  here: number,
): ServerWait | null {
  const now = serverTime(headers) ?? here;
  const asked = retryAfter(headers.get('retry-after'), now);
  if (asked !== null) return { milliseconds: asked, header: 'Retry-After' };
  return status === 429 || usedUp(headers) ? resetWait(headers, now) : null;
}

/**
 * How long to hold back after any answer, because it was the last one that the rate limit allows.
 * Null when there is no reason to.
 * @param here as for `serverWait`
 */
export function exhaustionWait(headers: AnswerHeaders, here: number): ServerWait | null {
  if (!usedUp(headers)) return null;
  const wait = resetWait(headers, serverTime(headers) ?? here);
  return wait !== null && wait.milliseconds > 0 ? wait : null;
}

function retryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : date - now;
}

/** A server may tell several limits in one header (`0, 60;w=3600`): the first is the nearest. */
function leadingNumber(value: string | null): number | null {
  const number = /^\s*(\d+(?:\.\d+)?)/.exec(value ?? '')?.[1];
  return number === undefined ? null : Number(number);
}

function usedUp(headers: AnswerHeaders): boolean {
  return remainingHeaders.some((name) => leadingNumber(headers.get(name)) === 0);
}

/** A reset further away than a day is a header that we misread, and is passed over. */
function resetWait(headers: AnswerHeaders, now: number): ServerWait | null {
  for (const header of resetHeaders) {
    const value = leadingNumber(headers.get(header));
    if (value === null) continue;
    const milliseconds = millisecondsUntil(value, now);
    if (milliseconds <= longestServerWaitMilliseconds) return { milliseconds, header };
  }
  return null;
}

function millisecondsUntil(value: number, now: number): number {
  if (value >= epochMillisecondsFrom) return value - now;
  return value >= epochSecondsFrom ? value * 1_000 - now : value * 1_000;
}
