import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { answerHeaders, type AnswerHeaders } from './answer-headers.js';
import type { HttpRequest } from './client.js';
import { AttemptFailure } from './http-error.js';
import { proxyAnswered, ProxyFailure } from './proxy-connector.js';
import { tooLarge } from './unpack.js';
import { causesOf, networkReason } from './network-reason.js';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Connections to one server, as undici's Pool makes them. */
export interface Connections {
  dispatch(request: WireRequest, handler: Dispatcher.DispatchHandler): boolean;
  close(): Promise<void>;
  /** @param why what those end with that are still in use */
  destroy(why: Error): Promise<void>;
  /** Why they are cut before an answer comes, where that lasts; null: nothing is known. */
  whyCut?(): Promise<string | null>;
}

/** What came over the wire. */
export interface Received {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** As it was sent, perhaps packed. */
  readonly body: Buffer;
}

/** How much of a body is wanted. */
export interface Wanted {
  readonly bytes: number;
  /** Whether more, or less than was announced, is a failure; else the start will do. */
  readonly whole: boolean;
}

/**
 * One request over the wire, and its answer. Made of undici's callbacks, because a stream, or a
 * `fetch` above them, costs more than all the rest of a request.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** Fails with AttemptFailure, and with what `wanted` throws. */
  readonly received: Promise<Received>;
  #resolve!: (received: Received) => void;
  #reject!: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | null = null;
  #isOver = false;
  #status: number | null = null;
  #headers: AnswerHeaders = answerHeaders({});
  #wanted: Wanted = { bytes: 0, whole: true };
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(
    private readonly origin: string,
    private readonly wanted: (status: number, headers: AnswerHeaders) => Wanted,
  ) {
    this.received = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Ends it early. The connection goes with it: what is still to come would be taken for the next answer. */
  end(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reject(error);
    this.#controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error('ended before it was sent'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // Such as 103 Early Hints: the answer follows.
    if (status < 200) return;
    if (status === 407) {
      this.end(networkFailure(proxyAnswered(status, this.origin), this.origin));
      return;
    }
    this.#status = status;
    this.#headers = answerHeaders(headers);
    try {
      this.#wanted = this.wanted(status, this.#headers);
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes <= this.#wanted.bytes) return;
    const error = tooLarge(this.#wanted.bytes);
    if (this.#wanted.whole) this.end(error);
    else {
      this.onResponseEnd();
      controller.abort(error);
    }
  }

  onResponseEnd(): void {
    if (this.#isOver || this.#status === null) return;
    this.#isOver = true;
    const [first, ...others] = this.#chunks;
    const body = first !== undefined && others.length === 0 ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    if (this.#status === null) this.end(networkFailure(cause, this.origin));
    else if (this.#wanted.whole) {
      const reason = `the answer broke off after ${this.#bytes} bytes`;
      this.end(new AttemptFailure('truncated', reason, {}, { cause }));
      // The status is what matters; a message that is cut off is still worth showing.
    } else this.onResponseEnd();
  }
}

/**
 * Words what came in place of an answer.
 * @param origin Where the request was for.
 */
export function networkFailure(error: unknown, origin: string): AttemptFailure {
  const atProxy = [...causesOf(error)].find((one) => one instanceof ProxyFailure);
  if (atProxy !== undefined) {
    const { reason, permanent } = atProxy;
    return new AttemptFailure('network', reason, { permanent }, { cause: error });
  }
  const { reason, ...details } = networkReason(error);
  return new AttemptFailure('network', unreachable(origin, reason), details, { cause: error });
}

/** The words for a server without a connection. The message of the failure begins with them. */
export function unreachable(origin: string, reason: string): string {
  return `cannot connect to ${origin}: ${reason}`;
}

/** Redirects that keep method and body. The others turn any request into a GET. */
const keepingStatuses = [307, 308];
const redirectStatuses = [301, 302, 303, ...keepingStatuses];

/**
 * Where an answer sends the request, or null when it is no redirect that may be followed: one of a
 * write that would become a read, or one without a usable target.
 * @throws AttemptFailure `foreign-origin` when it leads to another origin, or where the caller may not go
 */
export function redirectTarget(
  request: Pick<HttpRequest, 'method' | 'repeatable' | 'mayFollow'>,
  from: URL,
  status: number,
  headers: AnswerHeaders,
): URL | null {
  if (!redirectStatuses.includes(status)) return null;
  if (request.method !== 'GET' && !(request.repeatable && keepingStatuses.includes(status))) {
    return null;
  }
  const location = headers.get('location');
  if (location === null || !URL.canParse(location, from.href)) return null;
  const target = new URL(location, from);
  if (target.origin !== from.origin) {
    throw foreignOrigin('redirects', target, { status, headers });
  }
  if (request.mayFollow?.(target) === false) {
    const reason = `redirects to ${target.pathname}, which may not be asked for; nothing was sent there`;
    throw new AttemptFailure('foreign-origin', reason, { status, headers, permanent: true });
  }
  return target;
}

/** A request or redirect that would carry credentials elsewhere. */
export function foreignOrigin(
  verb: 'leads' | 'redirects',
  target: URL,
  details: { readonly status?: number; readonly headers?: AnswerHeaders } = {},
): AttemptFailure {
  // `null` is the origin of schemes such as file:.
  const origin = target.origin === 'null' ? target.protocol : target.origin;
  const reason = `${verb} to another origin, ${origin}; nothing was sent there`;
  return new AttemptFailure('foreign-origin', reason, { ...details, permanent: true });
}
