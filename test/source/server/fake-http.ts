import type { z } from 'zod';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../src/http/client.js';
import { HttpError } from '../../../src/http/http-error.js';

/** What a fake server answers; a status of 200 unless it says otherwise. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A value is JSON, a string is text. */
  readonly body?: unknown;
}

/** A client without a network: a function answers. It never repeats a request. */
export class FakeHttp implements HttpClient {
  readonly origin = 'https://bitbucket.example.com';
  /** Path and query of each request below the REST root, in the order in which they were sent. */
  readonly asked: string[] = [];
  readonly #answer: (path: string, url: URL) => Reply | Promise<Reply>;

  constructor(answer: (path: string, url: URL) => Reply | Promise<Reply>) {
    this.#answer = answer;
  }

  get requests(): number {
    return this.asked.length;
  }

  async text(request: HttpRequest): Promise<HttpAnswer<string>> {
    const { status = 200, headers = {}, body = '' } = await this.#ask(request);
    return { status, headers: new Headers(headers), body: String(body) };
  }

  async json<Schema extends z.ZodType>(
    request: HttpRequest,
    schema: Schema,
  ): Promise<HttpAnswer<z.output<Schema> | null>> {
    const { status = 200, headers = {}, body } = await this.#ask(request);
    const answer = { status, headers: new Headers(headers) };
    if (status >= 300 || body === undefined) return { ...answer, body: null };
    const result = schema.safeParse(JSON.parse(JSON.stringify(body)));
    if (result.success) return { ...answer, body: result.data };
    throw new HttpError('malformed', request.subject, 'answered with JSON of another shape');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #ask(request: HttpRequest): Promise<Reply> {
    const path = request.url.pathname.replace(/^.*\/rest\/api\/1\.0\//, '');
    this.asked.push(`${path}${request.url.search}`);
    const reply = await this.#answer(path, request.url);
    const { status = 200, headers = {}, body } = reply;
    if (status < 300 || request.accepted?.includes(status) === true) return reply;
    throw new HttpError('status', request.subject, `answered ${status}`, {
      status,
      headers: new Headers(headers),
      body: JSON.stringify(body),
    });
  }
}

/** The last page of a listing, and its only one. */
export function lastPage(values: readonly unknown[]): Reply {
  return { body: { values, size: values.length, isLastPage: true, start: 0, limit: 1000 } };
}

/** A page that another one follows. */
export function pageBefore(nextPageStart: unknown, values: readonly unknown[]): Reply {
  return { body: { values, size: values.length, isLastPage: false, start: 0, nextPageStart } };
}
