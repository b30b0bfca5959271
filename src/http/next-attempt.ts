import type { AnswerHeaders } from './answer-headers.js';
import type { HttpFailure } from './http-error.js';
import {
  backOffBaseMilliseconds,
  backOffCapMilliseconds,
  limitedBaseMilliseconds,
  limitedCapMilliseconds,
  limitedExtraRetries,
} from './limits.js';
import { serverWait } from './server-wait.js';

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
