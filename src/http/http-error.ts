import type { RequestFacts, WithRequest } from '../model/request-facts.js';
import type { AnswerHeaders } from './answer-headers.js';

/** Why a call failed that a stop of the run ended. */
export const STOPPED_REASON = 'the run was stopped';

/**
 * How a call failed:
 * - `status`: an answer that is not 2xx;
 * - `network`: refused, reset, unresolved, TLS;
 * - `timeout`: no complete response within the request's time;
 * - `truncated`: the body ended early, or is JSON cut short;
 * - `malformed`: not the JSON that was asked for;
 * - `login-page`: HTML with 200 where JSON was asked for: a proxy or single sign-on stands between;
 * - `too-large`: more bytes than a run may hold;
 * - `foreign-origin`: a link or redirect leads to another origin; nothing was sent there;
 * - `no-time`: the wait that a limit asks for does not fit into the run's time, or the run may send
 *   no more at all;
 * - `aborted`: the run was stopped.
 */
export type HttpFailure =
  | 'status'
  | 'network'
  | 'timeout'
  | 'truncated'
  | 'malformed'
  | 'login-page'
  | 'too-large'
  | 'foreign-origin'
  | 'no-time'
  | 'aborted';

/** A call that has no usable answer. Its texts never hold credentials or query strings. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly failure: HttpFailure,
    /** What was asked for, as in the request. */
    readonly subject: string,
    /** For a person: `answered 503 Service Unavailable, 6 times`. */
    readonly reason: string,
    readonly details: {
      /** With `status`. */
      readonly status?: number;
      /** The answer's headers, where there was one. */
      readonly headers?: AnswerHeaders;
      /** The start of the answer's body, where there was one. */
      readonly body?: string;
      /** Which request it was, where one was sent. */
      readonly request?: RequestFacts;
    } = {},
    options?: ErrorOptions,
  ) {
    super(`${subject}: ${reason}`, options);
  }
}

/** Whether the run itself ended the call: that is no failure of the server's. */
export function isStopped(error: unknown): boolean {
  return error instanceof HttpError && error.failure === 'aborted';
}

/** Which request failed, for the problem that it makes. */
export function requestOf({ details: { request } }: HttpError): WithRequest {
  return request === undefined ? {} : { request };
}

/** Sending a request once and reading its answer came to nothing. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';

  constructor(
    readonly failure: HttpFailure,
    /** For a person: `answered 503 Service Unavailable`. */
    readonly reason: string,
    readonly details: {
      readonly status?: number;
      readonly headers?: AnswerHeaders;
      /** The start of the answer's body, masked. */
      readonly body?: string;
      /** The same request would fail the same way again. */
      readonly permanent?: boolean;
      /** The connection was cut before an answer. */
      readonly isCut?: boolean;
    } = {},
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}
