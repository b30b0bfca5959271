import type { AnswerHeaders } from '../../http/answer-headers.js';
import type { Side } from '../../problems/problem.js';
import { SIDE_NAMES } from '../../problems/phrases.js';
import { clockSkew } from '../../stages/clock-skew.js';
import type { Findings } from './findings.js';
import { grouped } from '../../report/text.js';

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

/**
 * What is left of a server's limit, as far as the headers of an answer tell; null: nothing. Data
 * Center and Port count down; Bitbucket Cloud tells the limit, and when less than a fifth is left.
 */
export function rateLimitWords(headers: AnswerHeaders | null): string | null {
  const limit = whole(headers?.get('x-ratelimit-limit') ?? headers?.get('ratelimit-limit'));
  const left = whole(headers?.get('x-ratelimit-remaining') ?? headers?.get('ratelimit-remaining'));
  if (left !== null) {
    return `rate limit: ${grouped(left)}${limit === null ? '' : ` of ${grouped(limit)}`} requests left`;
  }
  if (limit === null) return null;
  const near = headers?.get('x-ratelimit-nearlimit') ?? 'false';
  const rest = /^\s*true\b/iu.test(near)
    ? 'less than a fifth is left'
    : 'more than a fifth is left';
  return `rate limit: ${grouped(limit)} requests an hour, ${rest}`;
}

/** `1000` of `1000, 1000;w=3600`. */
function whole(text: string | null | undefined): number | null {
  const digits = /^\s*(\d+)/u.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
