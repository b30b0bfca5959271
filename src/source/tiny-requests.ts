import { z } from 'zod';
import type { AnswerHeaders } from '../http/answer-headers.js';
import type { HttpClient } from '../http/client.js';
import { HttpError, isStopped, requestOf } from '../http/http-error.js';
import type { JsonObject } from '../model/json.js';
import { type Problem, ProblemError } from '../problems/problem.js';
import { isTurnedDownOnTheWay, unavailable } from './failure.js';
import { jsonObject } from './listing/page.js';
import type { RawItem } from '../model/page.js';
import type { Selecting } from './source.js';

/** How asking for one item of a kind ended. */
export type TriedKind =
  /** `item`: the one that was shown, with what a run would read besides named as unread; null: none. */
  | { readonly status: 'readable'; readonly item: RawItem | null }
  /** There is no repository to look into, or none that the selector takes. */
  | { readonly status: 'untried' };

/** Whom a kind is tried for. */
export interface Trial extends Selecting {
  /** In milliseconds since the epoch. */
  readonly now: number;
}

/** What a Bitbucket tells of itself and of what the credentials may read, a tiny request each. */
export interface Inspection {
  /**
   * Null: it has none to tell, or does not tell it.
   * @throws HttpError `aborted`
   */
  version(): Promise<string | null>;
  /**
   * Asks for one item of a kind. The same is asked for once.
   * @param trial the resource whose selector is to take it; null: any item will do
   * @throws ProblemError permission-refused, server-unavailable, filter-refused
   */
  tryKind(kind: string, trial: Trial | null): Promise<TriedKind>;
  /** Of the last answer; null before the first. */
  readonly headers: AnswerHeaders | null;
}

/** Single questions whose answers matter less than that there is one. */
export interface TinyRequests {
  /**
   * @param options what an answer of 404 stands for, and how to tell more of a failure
   * @throws ProblemError permission-refused, server-unavailable; HttpError `aborted`
   */
  ask<Schema extends z.ZodType>(
    url: URL,
    subject: string,
    schema: Schema,
    options?: AskOptions<z.output<Schema>>,
  ): Promise<z.output<Schema>>;
  /**
   * The first entry of a page that `read` takes for what it should be; null: none. A page is asked for once.
   * @throws as `ask`
   */
  first<Entry>(
    url: URL,
    subject: string,
    read: (value: JsonObject) => Entry | null,
    options?: AskOptions<{ values: JsonObject[] }>,
  ): Promise<Entry | null>;
  /** Of the last answer; null before the first. */
  readonly headers: AnswerHeaders | null;
}

/** What there is to know besides about a question. */
export interface AskOptions<Body> {
  readonly missing?: Body;
  readonly name?: (failure: HttpError) => Problem | null;
  /** Whether a redirect may be followed; by default each may that stays on the origin. */
  readonly mayFollow?: (target: URL) => boolean;
}

const NOT_FOUND = 404;

/** What a server answers those who may not see what they ask for. */
const REFUSALS = [401, 403, NOT_FOUND];

const pageBody = z.object({ values: z.array(jsonObject) });

/**
 * @param describe words for a failed call, for a person
 * @param address the variable that says where the server is
 */
export function tinyRequests(
  http: HttpClient,
  describe: (error: HttpError) => string,
  address: string,
): TinyRequests {
  let headers: AnswerHeaders | null = null;
  const pages = new Map<string, Promise<z.output<typeof pageBody>>>();
  const ask: TinyRequests['ask'] = async (url, subject, schema, options = {}) => {
    const { missing, name, mayFollow } = options;
    try {
      const question = { method: 'GET', url, subject, repeatable: true, mayFollow } as const;
      const answer = await http.json(question, schema);
      ({ headers } = answer);
      if (answer.body === null) throw new HttpError('malformed', subject, 'answered nothing');
      return answer.body;
    } catch (error) {
      if (!(error instanceof HttpError) || isStopped(error)) throw error;
      headers = error.details.headers ?? headers;
      if (missing !== undefined && error.details.status === NOT_FOUND) return missing;
      const named = name?.(error) ?? null;
      if (named !== null) throw ProblemError.of(named, error);
      const isRefused =
        REFUSALS.includes(error.details.status ?? 0) && !isTurnedDownOnTheWay(error);
      const reason = describe(error);
      const problem: Problem = isRefused
        ? { code: 'permission-refused', side: 'bitbucket', subject, reason, ...requestOf(error) }
        : unavailable(error, subject, reason, address);
      throw ProblemError.of(problem, error);
    }
  };
  return {
    ask,
    first: async (url, subject, read, options) => {
      const page = pages.get(url.href) ?? ask(url, subject, pageBody, options);
      pages.set(url.href, page);
      // A failure is told to each in their own words.
      page.catch(() => pages.delete(url.href));
      const { values } = await page;
      return values.map(read).find((entry) => entry !== null) ?? null;
    },
    get headers() {
      return headers;
    },
  };
}
