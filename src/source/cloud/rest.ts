import type { z } from 'zod';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http/client.js';
import type { Count } from '../server/rest.js';
import { CredentialsGone, httpError, toldFailure } from './describe-failure.js';

/** A question to Bitbucket Cloud. */
export interface RestRequest {
  readonly url: URL;
  /** What is asked for, in the user's words: `pull requests of acme/api`. */
  readonly subject: string;
  readonly count: Count;
  /** Statuses besides 2xx that are an answer, too. */
  readonly accepted?: readonly number[];
}

/**
 * The one way out: every request of a run passes here. Failures come back in Bitbucket Cloud's words.
 * Asks no more once the credentials were refused.
 */
export class Rest {
  readonly #http: HttpClient;
  #gone: CredentialsGone | null = null;

  constructor(http: HttpClient) {
    this.#http = http;
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
    { url, subject, count, accepted = [] }: RestRequest,
    send: (question: HttpRequest) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.#gone !== null) throw this.#gone;
    count();
    try {
      return await send({ method: 'GET', url, subject, repeatable: true, accepted });
    } catch (error) {
      const failure = toldFailure(httpError(error));
      if (failure instanceof CredentialsGone) this.#gone ??= failure;
      throw failure;
    }
  }
}
