import type { AnswerHeaders } from '../../../http/answer-headers.js';
/** Requests that Bitbucket Cloud counts apart: reads of a file's bytes, and everything else. */
export type LimitGroup = 'api' | 'files';

/** What an answer tells of a token's limit; null: nothing. Only access tokens are told. */
export interface LimitNote {
  readonly group: LimitGroup | null;
  /** In an hour. */
  readonly limit: number | null;
  /** Less than a fifth of it is left, whoever used the rest. */
  readonly isNear: boolean | null;
}

/** Reads `X-RateLimit-Limit` (`1000`, or `1000, 1000;w=3600`), `-Resource` and `-NearLimit`. */
export function limitNote(headers: AnswerHeaders): LimitNote {
  const limit = /^\s*(\d+)/.exec(headers.get('x-ratelimit-limit') ?? '')?.[1];
  const resource = headers.get('x-ratelimit-resource');
  const near = headers.get('x-ratelimit-nearlimit');
  return {
    group: resource === null ? null : /file|raw/i.test(resource) ? 'files' : 'api',
    limit: limit === undefined || Number(limit) === 0 ? null : Number(limit),
    isNear: near === null ? null : /^\s*true\b/i.test(near),
  };
}
