import type { AnswerHeaders } from '../http/answer-headers.js';
import { serverTime } from '../http/next-attempt.js';
import type { Problem, Side } from '../problems/problem.js';

/** More than that is no matter of slow answers and whole seconds. */
const TOLERATED_MILLISECONDS = 6_000;

/**
 * How far our clock is from that of a server.
 * @param theirs by the server's clock, in milliseconds since the epoch, as `ours`
 */
export function skewBetween(side: Side, theirs: number, ours: number): Problem | 'near enough' {
  const milliseconds = ours - theirs;
  if (Math.abs(milliseconds) <= TOLERATED_MILLISECONDS) return 'near enough';
  return { code: 'clock-skewed', side, milliseconds };
}

/**
 * The same by the `Date` of an answer; null: not told. A server that is away for long sends old dates
 * with pages from a cache: those have an `Age`.
 * @param now milliseconds since the epoch
 */
export function clockSkew(
  side: Side,
  headers: AnswerHeaders | null,
  now: number,
): Problem | 'near enough' | null {
  const theirs = headers === null ? null : serverTime(headers);
  return theirs === null ? null : skewBetween(side, theirs, now);
}
