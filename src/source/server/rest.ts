import type { z } from 'zod';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http/client.js';
import { HttpError } from '../../http/http-error.js';
import { isCaptcha } from './describe-failure.js';

/** Called for each request, so that it is counted where it belongs. */
export type Count = () => void;

/** A question to the server. */
export interface RestRequest {
  readonly url: URL;
  /** What is asked for, in the user's words: `pull requests of PAY/api`. */
  readonly subject: string;
  readonly count: Count;
  /** Statuses besides 2xx that are an answer, too. */
  readonly accepted?: readonly number[];
}

/** Asks the server, and asks no more once it has locked the account. */
export class Rest {
  readonly #http: HttpClient;
  #locked: HttpError | null = null;

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
    if (this.#locked !== null) {
      const { failure, reason, details } = this.#locked;
      throw new HttpError(failure, subject, reason, details, { cause: this.#locked });
    }
    count();
    try {
      return await send({ method: 'GET', url, subject, repeatable: true, accepted });
    } catch (error) {
      if (error instanceof HttpError && isCaptcha(error)) this.#locked ??= error;
      throw error;
    }
  }
}
