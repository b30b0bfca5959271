import type { AnswerHeaders } from './answer-headers.js';
import type { z } from 'zod';
import type { JsonValue } from '../model/json.js';

/**
 * After how many failures that may come from the size of the answer a request is given up, although it
 * might be repeated, because less can be asked for.
 */
export interface SizePatience {
  /** 504, 555, no complete response in time. */
  readonly slow: number;
  /** Any 5xx. */
  readonly failed: number;
}

/** One call, told as data. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, on the client's own origin: another one is refused before anything is sent. */
  readonly url: URL;
  /** What is asked for, in the user's words: `pull requests of PAY/api`. */
  readonly subject: string;
  /** Whether sending it twice has the same effect as once: only then is it ever sent again. */
  readonly repeatable: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: JsonValue;
  /** A body that is written as JSON already, in its place. */
  readonly text?: string;
  /** Statuses besides 2xx that the caller decides on itself. They are answered, not thrown. */
  readonly accepted?: readonly number[];
  /** Of a question that can be asked in smaller parts. */
  readonly sizePatience?: SizePatience | undefined;
  /** Whether a redirect on the client's own origin may be followed; by default each may. */
  readonly mayFollow?: ((target: URL) => boolean) | undefined;
  /** Ends the call, a wait before it included, in place of the client's own. */
  readonly signal?: AbortSignal;
  /** Once it is aborted, an attempt under way may end, and none is begun after it. */
  readonly lastAttempt?: AbortSignal;
}

/** An answer whose body was read to its end. */
export interface HttpAnswer<Body> {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Body;
}

/** A client of one origin. */
export interface HttpClient {
  readonly origin: string;
  /** How many requests went over the wire so far, repeats included. */
  readonly requests: number;
  /**
   * The answer's text.
   * @throws HttpError
   */
  text(request: HttpRequest): Promise<HttpAnswer<string>>;
  /**
   * The answer parsed as JSON and checked. For an `accepted` status that is not 2xx, and for an
   * empty body (204), the body is null and nothing is checked.
   * @throws HttpError
   */
  json<Schema extends z.ZodType>(
    request: HttpRequest,
    schema: Schema,
  ): Promise<HttpAnswer<z.output<Schema> | null>>;
  /** Closes idle connections. */
  close(): Promise<void>;
}
