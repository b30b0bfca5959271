import type { AnswerHeaders } from '../../http/answer-headers.js';
import type { Side } from '../../problems/problem.js';
import { SIDE_NAMES } from '../../problems/phrases.js';
import { clockSkew } from '../../stages/clock-skew.js';
import type { Findings } from './findings.js';
import { rateLimitWords } from './rate-limit-words.js';

/**
 * What an answer tells besides what was asked: the rest of the limit, and the server's clock.
 * @param headers null: no answer came
 * @param now milliseconds since the epoch
 */
export function tellHeaders(
  side: Side,
  headers: AnswerHeaders | null,
  now: number,
  found: Findings,
): void {
  if (headers === null) return;
  const name = SIDE_NAMES[side];
  const words = rateLimitWords(headers);
  if (words === null) found.note(`rate limit: ${name} tells none`);
  else found.ok(words);
  const skew = clockSkew(side, headers, now);
  if (skew === 'near enough') found.ok(`the clock agrees with that of ${name}`);
  else if (skew !== null) found.problem(skew);
}
