import type { AnswerHeaders } from './answer-headers.js';
import { longestServerWaitMilliseconds } from './limits.js';

/** A time that a server names for the next request. */
export interface ServerWait {
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
