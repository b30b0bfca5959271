import type { AnswerHeaders } from './answer-headers.js';
import type { HttpFailure } from './http-error.js';

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
