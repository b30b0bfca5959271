import { ownVersion } from '../../cli/version.js';
import type { AnswerHeaders } from '../../http/answer-headers.js';
import { createRedactor } from '../../http/redact.js';
import { SIDE_NAMES } from '../../problems/phrases.js';
import type { Problem, Side } from '../../problems/problem.js';
import { grouped } from '../../report/text.js';
import type { Runtime } from '../../runtime.js';
import type { SettingsReading } from '../../settings/read-settings.js';
import { clockSkew } from '../../stages/clock-skew.js';
import type { ConnectionOptions } from '../connections/connection-options.js';
import { controlRun } from '../run-control.js';
import type { CheckContext, Findings } from './section.js';

/**
 * Begins to look at what the settings lead to. `control` is to be released.
 * @param report takes what comes up besides, such as a signal
 */
export function openCheck(
  runtime: Runtime,
  settings: SettingsReading,
  isOffline: boolean,
  report: (problem: Problem) => void,
): CheckContext {
  const control = controlRun(runtime, settings.parts.sync.timeoutMilliseconds, report);
  return { runtime, settings, isOffline, redact: createRedactor(settings.secrets), control };
}

/**
 * How a check reaches either side. Nothing is repeated: who looks wants to know how it is now, and
 * not to wait until it is better.
 */
export function checkConnection({
  runtime,
  settings,
  redact,
  control,
}: CheckContext): ConnectionOptions {
  const { parts } = settings;
  const network = { ...parts.network, retries: 0 };
  return {
    settings: { ...parts, network },
    version: ownVersion(),
    clock: runtime.clock,
    random: runtime.random,
    redact,
    emit: () => undefined,
    signal: control.reading,
    lastSignal: control.reading,
    deadline: control.deadline,
  };
}

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
