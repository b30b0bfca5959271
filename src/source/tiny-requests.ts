import type { z } from 'zod';
import type { HttpClient } from '../http/client.js';
import { HttpError, isStopped } from '../http/http-error.js';
import { ProblemError } from '../problems/problem.js';

/** Single questions whose answers matter less than that there is one. */
export interface TinyRequests {
  /** @throws ProblemError permission-refused, server-unavailable; HttpError `aborted` */
  ask<Schema extends z.ZodType>(
    url: URL,
    subject: string,
    schema: Schema,
  ): Promise<z.output<Schema>>;
  /** Of the last answer; null before the first. */
  readonly headers: Headers | null;
}

/** What a server answers those who may not see what they ask for. */
const REFUSALS = [401, 403, 404];

/** @param describe words for a failed call, for a person */
export function tinyRequests(
  http: HttpClient,
  describe: (error: HttpError) => string,
): TinyRequests {
  let headers: Headers | null = null;
  return {
    ask: async (url, subject, schema) => {
      try {
        const answer = await http.json({ method: 'GET', url, subject, repeatable: true }, schema);
        ({ headers } = answer);
        if (answer.body === null) throw new HttpError('malformed', subject, 'answered nothing');
        return answer.body;
      } catch (error) {
        if (!(error instanceof HttpError) || isStopped(error)) throw error;
        headers = error.details.headers ?? headers;
        const isRefused = REFUSALS.includes(error.details.status ?? 0);
        const code = isRefused ? 'permission-refused' : 'server-unavailable';
        const reason = describe(error);
        throw ProblemError.of({ code, side: 'bitbucket', subject, reason }, error);
      }
    },
    get headers() {
      return headers;
    },
  };
}
