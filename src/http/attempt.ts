import { STATUS_CODES } from 'node:http';
import { requestId, type AnswerHeaders } from './answer-headers.js';
import { AttemptFailure, STOPPED_REASON } from './http-error.js';
import type { HttpRequest } from './client.js';
import {
  type Connections,
  Exchange,
  type Received,
  redirectTarget,
  unreachable,
  type Wanted,
} from './exchange.js';
import { isSuccess, type TextAnswer } from './interpret.js';
import { errorBodyBytes, errorBodyCharacters, maximumRedirects } from './limits.js';
import { onlyTls } from './network-reason.js';
import type { Redactor } from './redact.js';
import { redactorFor, type Credentials } from './request-headers.js';
import { unpack } from './unpack.js';

/** Calls `onEnd` after a while, unless the returned function is called first. */
export type StartTimer = (milliseconds: number, onEnd: () => void) => () => void;

/** What sending needs besides the request. */
export interface Sender {
  readonly connections: Connections;
  readonly startTimer: StartTimer;
  /** For the whole answer, redirects and body included. */
  readonly timeoutMilliseconds: number;
  readonly maximumBytes: number;
  /** Masks secrets in what is kept of an error's body. The credentials sent are masked in any case. */
  readonly redact: Redactor;
  /** Called for each request that goes over the wire. */
  readonly onSend: () => void;
  /** Told how each of them ended; null: nobody wants to know. */
  readonly onExchange: ((exchange: ExchangeFacts) => void) | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A request that went over the wire, and what came back. */
export interface ExchangeFacts {
  readonly method: string;
  readonly url: URL;
  /** From 1. */
  readonly attempt: number;
  readonly milliseconds: number;
  /** What came back; null: no answer. */
  readonly answer: {
    readonly status: number;
    /** Of the body as it was sent. */
    readonly bytes: number;
    /** By which the server knows the request. */
    readonly id: string | null;
  } | null;
}

/** What is sent. */
export interface AttemptOptions {
  readonly request: HttpRequest;
  /** All of them, credentials included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  /** Ends the attempt. */
  readonly signal: AbortSignal | undefined;
  /** Of the attempt, from 1. */
  readonly number: number;
}

/**
 * Sends a request once, follows redirects on its own origin, and reads the answer to its end.
 * @throws AttemptFailure
 */
export async function attempt(sender: Sender, options: AttemptOptions): Promise<TextAnswer> {
  const { signal } = options;
  if (signal?.aborted === true) throw stopped(signal);
  const running = new Attempt(sender, options);
  const milliseconds = sender.timeoutMilliseconds;
  const stopTimer = sender.startTimer(milliseconds, () => {
    const reason = `no complete response within ${milliseconds / 1_000} s`;
    running.end(new AttemptFailure('timeout', reason));
  });
  signal?.addEventListener('abort', running);
  try {
    return await running.follow();
  } catch (error) {
    throw await explained(error, sender.connections, options);
  } finally {
    stopTimer();
    signal?.removeEventListener('abort', running);
  }
}

/** A connection that was cut may be so for a reason that lasts. */
async function explained(
  error: unknown,
  connections: Connections,
  { request, signal }: AttemptOptions,
): Promise<unknown> {
  if (!(error instanceof AttemptFailure) || error.details.isCut !== true) return error;
  const why = (await connections.whyCut?.()) ?? null;
  if (why === null || signal?.aborted === true) return error;
  const reason = unreachable(request.url.origin, why);
  return new AttemptFailure('network', reason, { permanent: true }, { cause: error });
}

/** The call was ended from outside. */
export function stopped(signal: AbortSignal): AttemptFailure {
  const cause: unknown = signal.reason;
  return new AttemptFailure('aborted', STOPPED_REASON, { permanent: true }, { cause });
}

/** What nginx, Apache, Tomcat and Go answer to http:// where they speak TLS. */
const asksForTls = /plain HTTP|HTTP request to an HTTPS|requires TLS/i;

/** A request on its way, until its answer is there or it is ended. */
class Attempt {
  readonly #sender: Sender;
  readonly #options: AttemptOptions;
  #exchange: Exchange | null = null;
  #failure: AttemptFailure | null = null;
  /** Where the answer that is being read leads to; null: nowhere else. */
  #target: URL | null = null;

  constructor(sender: Sender, options: AttemptOptions) {
    this.#sender = sender;
    this.#options = options;
  }

  /** As a listener of its signal: a closure less for each request. */
  handleEvent(): void {
    const { signal } = this.#options;
    if (signal !== undefined) this.end(stopped(signal));
  }

  end(failure: AttemptFailure): void {
    this.#failure ??= failure;
    this.#exchange?.end(failure);
  }

  async follow(): Promise<TextAnswer> {
    let { url } = this.#options.request;
    for (let redirects = 0; ; redirects += 1) {
      const received = await this.#send(url);
      if (this.#target === null) return this.#read(received, redirects > 0);
      if (redirects === maximumRedirects) throw tooManyRedirects(received);
      url = this.#target;
    }
  }

  #send(url: URL): Promise<Received> {
    if (this.#failure !== null) throw this.#failure;
    const { request, headers } = this.#options;
    const { text = request.body === undefined ? null : JSON.stringify(request.body) } = request;
    const exchange = new Exchange(url.origin, (status, answered) => {
      this.#target = isDecidedByCaller(request, status)
        ? null
        : redirectTarget(request, url, status, answered);
      return this.#wanted(status);
    });
    this.#exchange = exchange;
    this.#sender.onSend();
    this.#sender.connections.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers,
        body: text,
      },
      exchange,
    );
    const { onExchange } = this.#sender;
    return onExchange === null
      ? exchange.received
      : this.#observed(url, exchange.received, onExchange);
  }

  async #observed(
    url: URL,
    received: Promise<Received>,
    tell: (exchange: ExchangeFacts) => void,
  ): Promise<Received> {
    const { now } = this.#sender;
    const sentAt = now();
    const { request, number } = this.#options;
    const ended = (answer: ExchangeFacts['answer']): void => {
      tell({
        method: request.method,
        url,
        attempt: number,
        milliseconds: now() - sentAt,
        answer,
      });
    };
    try {
      const whole = await received;
      const { status, headers, body } = whole;
      ended({ status, bytes: body.byteLength, id: requestId(headers) });
      return whole;
    } catch (error) {
      ended(null);
      throw error;
    }
  }

  #wanted(status: number): Wanted {
    const isAnswer = isSuccess({ status }) || isDecidedByCaller(this.#options.request, status);
    return isAnswer
      ? { bytes: this.#sender.maximumBytes, whole: true }
      : { bytes: errorBodyBytes, whole: false };
  }

  #read({ status, headers, body }: Received, redirected: boolean): TextAnswer {
    const { redact, maximumBytes } = this.#sender;
    if (this.#wanted(status).whole) {
      const text = textOf(unpack(body, status, headers, maximumBytes));
      return { status, headers, text, redirected };
    }
    const masked = redactorFor(
      this.#options.credentials,
      redact,
    )(startOf({ status, headers, body }));
    const hint = status === 400 && asksForTls.test(masked) ? `: ${onlyTls}` : '';
    const reason = `answered ${`${status} ${STATUS_CODES[status] ?? ''}`.trimEnd()}${hint}`;
    const start = masked.slice(0, errorBodyCharacters);
    throw new AttemptFailure('status', reason, { status, headers, body: start });
  }
}

/** What can be read of an error's body. The status is what matters. */
function startOf({ status, headers, body }: Received): string {
  try {
    return textOf(unpack(body, status, headers, 16 * errorBodyBytes)).slice(0, errorBodyBytes);
  } catch {
    return '';
  }
}

/** As UTF-8, without a byte-order mark. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function isDecidedByCaller(request: HttpRequest, status: number): boolean {
  return request.accepted?.includes(status) === true;
}

function tooManyRedirects({
  status,
  headers,
}: {
  readonly status: number;
  readonly headers: AnswerHeaders;
}): AttemptFailure {
  const reason = `redirected more than ${maximumRedirects} times`;
  return new AttemptFailure('status', reason, { status, headers, permanent: true });
}
