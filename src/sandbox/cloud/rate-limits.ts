import type { Clock } from '../../clock.js';
import type { Answer } from '../loopback.js';
import type { Caller } from './auth.js';
import { HourlyLimit, type LimitGroup, type Taken } from './hourly-limit.js';

/** How much is allowed in an hour, and how much a refusal tells. */
export interface RateLimitOptions {
  /** Requests below `/repositories`; 1,000 by default, as Bitbucket Cloud documents. */
  readonly repositories?: number;
  /** Reads of a file's bytes; 5,000 by default. */
  readonly files?: number;
  /** Whether a 429 carries Retry-After; by default it does not, as in every one that was seen. */
  readonly retryAfter?: boolean;
  /** Whether `X-RateLimit-Limit` reads `1000` or `1000, 1000;w=3600`. */
  readonly limitHeader?: 'number' | 'windows';
}

/** Counts what callers ask for. */
export interface RateLimits {
  /** The answer, with headers about the limit; a 429 instead of it when it is one too many. */
  readonly count: (caller: Caller, group: LimitGroup | null, answer: Answer) => Answer;
  /** Requests that others made with the same e-mail address or access token. */
  readonly spend: (account: string, requests: number, group?: LimitGroup) => void;
  readonly reset: () => void;
}

const defaults = { repositories: 1000, files: 5000 } as const;

/** Below this share of the limit, Bitbucket Cloud says that it is near. */
const nearShare = 0.2;

/** Limits over a rolling hour of `clock`. */
export function createRateLimits(options: RateLimitOptions, clock: Clock): RateLimits {
  const hourly = new HourlyLimit(clock);
  return {
    count: (caller, group, answer) => {
      // What is not below /repositories has no documented limit.
      if (group === null) return answer;
      const limit = caller.limits[group] ?? options[group] ?? defaults[group];
      const taken = hourly.take(caller.account, group, limit);
      const headers = caller.isAccessToken ? limitHeaders(options, group, limit, taken) : {};
      if (taken.exceeded) return refusal(options, headers, taken);
      return { ...answer, headers: { ...answer.headers, ...headers } };
    },
    spend: (account, requests, group = 'repositories') => {
      hourly.spend(account, group, requests);
    },
    reset: () => {
      hourly.reset();
    },
  };
}

/** Only access tokens are told; users are not. */
function limitHeaders(
  { limitHeader = 'number' }: RateLimitOptions,
  group: LimitGroup,
  limit: number,
  { left }: Taken,
): Readonly<Record<string, string>> {
  return {
    'x-ratelimit-limit': limitHeader === 'number' ? String(limit) : `${limit}, ${limit};w=3600`,
    'x-ratelimit-resource': group === 'repositories' ? 'api' : 'api-files',
    'x-ratelimit-nearlimit': String(left < limit * nearShare),
  };
}

function refusal(
  { retryAfter = false }: RateLimitOptions,
  headers: Readonly<Record<string, string>>,
  { secondsToWait }: Taken,
): Answer {
  return {
    status: 429,
    headers: { ...headers, ...(retryAfter ? { 'retry-after': String(secondsToWait) } : {}) },
    body: 'Rate limit for this resource has been exceeded',
  };
}
