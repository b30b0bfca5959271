import type { z } from 'zod';
import type { HttpAnswer, HttpClient, HttpRequest, SizePatience } from '../../http/client.js';
import type { HttpError } from '../../http/http-error.js';
import { httpError } from '../failure.js';
import { PageSizes } from './page-sizes.js';

/** Called for each request, so that it is counted where it belongs. */
export type Count = () => void;

/** A question to Bitbucket. */
export interface RestRequest {
  readonly url: URL;
  /** What is asked for, in the user's words: `pull requests of PAY/api`. */
  readonly subject: string;
  readonly count: Count;
  /** Statuses besides 2xx that are an answer, too. */
  readonly accepted?: readonly number[];
  /** Of a question that can be asked in smaller parts. */
  readonly sizePatience?: SizePatience | undefined;
  /** Whether a redirect may be followed; by default each may that stays on the origin. */
  readonly mayFollow?: HttpRequest['mayFollow'];
}

/** What becomes of failed calls. */
export interface FailureRules {
  /** The failure as it is passed on. */
  readonly told: (failure: HttpError) => HttpError;
  /** Whether whatever is asked next would fail alike. Such a failure is the last one. */
  readonly isLast: (told: HttpError) => boolean;
  /** The last failure, for a question that is not sent any more. */
  readonly again: (last: HttpError, subject: string) => HttpError;
}

/** The one way out: asks Bitbucket, and asks no more once it was told that this is pointless. */
export class Rest {
  /** How large the pages are that the server gives. */
  readonly sizes: PageSizes;
  readonly #http: HttpClient;
  readonly #rules: FailureRules;
  #last: HttpError | null = null;

  constructor(http: HttpClient, rules: FailureRules, sizes: PageSizes = new PageSizes()) {
    this.sizes = sizes;
    this.#http = http;
    this.#rules = rules;
  }

  /** @throws HttpError */
  async json<Schema extends z.ZodType>(
    request: RestRequest,
    schema: Schema,
  ): Promise<HttpAnswer<z.output<Schema> | null>> {
    return await this.#ask(request, (question) => this.#http.json(question, schema));
  }

  /** @throws HttpError */
  async text(request: RestRequest): Promise<HttpAnswer<string>> {
    return await this.#ask(request, (question) => this.#http.text(question));
  }

  async #ask<Answer>(
    { url, subject, count, accepted = [], sizePatience, mayFollow }: RestRequest,
    send: (question: HttpRequest) => Promise<Answer>,
  ): Promise<Answer> {
    const { told, isLast, again } = this.#rules;
    if (this.#last !== null) throw again(this.#last, subject);
    count();
    try {
      const asked = { url, subject, accepted, sizePatience, mayFollow };
      return await send({ method: 'GET', repeatable: true, ...asked });
    } catch (error) {
      const failure = told(httpError(error));
      if (isLast(failure)) this.#last ??= failure;
      throw failure;
    }
  }
}
