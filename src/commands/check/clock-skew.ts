import type { AnswerHeaders } from '../../http/answer-headers.js';
import type { Problem, Side } from '../../problems/problem.js';

/** More than that is no matter of slow answers and whole seconds. */
const TOLERATED_MILLISECONDS = 5 * 60_000;

/**
 * How far our clock is from that of a server, by the `Date` of an answer; null: not told. A server
 * that is away for long sends old dates with pages from a cache: those have an `Age`.
 * @param now milliseconds since the epoch
 */
export function clockSkew(
  side: Side,
  headers: AnswerHeaders | null,
  now: number,
): Problem | 'near enough' | null {
  const theirs = Date.parse(headers?.get('date') ?? '');
  if (Number.isNaN(theirs) || headers?.has('age') === true) return null;
  const milliseconds = now - theirs;
  if (Math.abs(milliseconds) <= TOLERATED_MILLISECONDS) return 'near enough';
  return { code: 'clock-skewed', side, milliseconds };
}
