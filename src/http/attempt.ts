import { STATUS_CODES } from 'node:http';
import { AttemptFailure } from './attempt-failure.js';
import type { HttpRequest } from './client.js';
import type { Fetch, FetchInit, FetchResponse } from './fetch.js';
import { isSuccess, type TextAnswer } from './interpret.js';
import { errorBodyBytes, errorBodyCharacters, maximumRedirects } from './limits.js';
import { linkSignals } from './linked-signal.js';
import { networkFailure } from './network-failure.js';
import { readBody, readStart } from './read-body.js';
import type { Redactor } from './redact.js';
import { redirectTarget } from './redirect.js';

/** Calls `onEnd` after a while, unless the returned function is called first. */
export type StartTimer = (milliseconds: number, onEnd: () => void) => () => void;

/** What sending needs besides the request. */
export interface Sender {
  readonly fetch: Fetch;
  readonly startTimer: StartTimer;
  /** For the whole answer, redirects and body included. */
  readonly timeoutMilliseconds: number;
  readonly maximumBytes: number;
  /** Called for each request that goes over the wire. */
  readonly onSend: () => void;
}

/** An answer whose body was not read yet. */
interface OpenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: FetchResponse['body'];
  readonly redirected: boolean;
}

/**
 * Sends a request once, follows redirects on its own origin, and reads the answer to its end.
 * @param headers All that is sent, credentials included.
 * @param redact Masks credentials in what is kept of an error's body.
 * @throws AttemptFailure
 */
export async function attempt(
  sender: Sender,
  request: HttpRequest,
  headers: Headers,
  redact: Redactor,
  signal: AbortSignal,
): Promise<TextAnswer> {
  const link = linkSignals([signal]);
  const timeout = new AttemptFailure(
    'timeout',
    `no whole answer within ${sender.timeoutMilliseconds / 1_000} s`,
  );
  const stopTimer = sender.startTimer(sender.timeoutMilliseconds, () => {
    link.abort(timeout);
  });
  try {
    const answer = await follow(sender, request, headers, link.signal);
    return await read(answer, request, sender.maximumBytes, redact);
  } catch (error) {
    if (signal.aborted) throw stopped(signal);
    if (link.signal.aborted) throw timeout;
    // Lets go of a body that nobody reads to its end: it would hold its connection.
    link.abort(new Error('not read further', { cause: error }));
    throw error;
  } finally {
    stopTimer();
    link.release();
  }
}

/** The call was ended from outside. */
export function stopped(signal: AbortSignal): AttemptFailure {
  const cause: unknown = signal.reason;
  return new AttemptFailure('aborted', 'the run was stopped', { permanent: true }, { cause });
}

async function follow(
  sender: Sender,
  request: HttpRequest,
  headers: Headers,
  signal: AbortSignal,
): Promise<OpenAnswer> {
  const init: FetchInit = {
    method: request.method,
    headers: Object.fromEntries(headers),
    redirect: 'manual',
    signal,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  };
  let url = request.url;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await send(sender, url, init);
    const target = isDecidedByCaller(request, answer.status)
      ? null
      : redirectTarget(request, url, answer.status, answer.headers);
    if (target === null) return { ...answer, redirected: redirects > 0 };
    await readStart(answer.body, errorBodyBytes);
    if (redirects === maximumRedirects) throw tooManyRedirects(answer);
    url = target;
  }
}

async function send(
  sender: Sender,
  url: URL,
  init: FetchInit,
): Promise<Omit<OpenAnswer, 'redirected'>> {
  sender.onSend();
  try {
    const response = await sender.fetch(withoutUserInfo(url), init);
    const headers = new Headers([...response.headers]);
    // A session of the server's is none of ours, and headers end up in errors.
    headers.delete('set-cookie');
    return { status: response.status, headers, body: response.body };
  } catch (error) {
    throw networkFailure(error, url.origin);
  }
}

/** `fetch` refuses such URLs and quotes them in its error. */
function withoutUserInfo(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

async function read(
  { status, headers, body, redirected }: OpenAnswer,
  request: HttpRequest,
  maximumBytes: number,
  redact: Redactor,
): Promise<TextAnswer> {
  if (isSuccess({ status }) || isDecidedByCaller(request, status)) {
    return { status, headers, text: await readBody(body, headers, maximumBytes), redirected };
  }
  const start = redact(await readStart(body, errorBodyBytes)).slice(0, errorBodyCharacters);
  const reason = `answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  throw new AttemptFailure('status', reason, { status, headers, body: start });
}

function isDecidedByCaller(request: HttpRequest, status: number): boolean {
  return request.accepted?.includes(status) === true;
}

function tooManyRedirects({ status, headers }: Omit<OpenAnswer, 'redirected'>): AttemptFailure {
  const reason = `redirected more than ${maximumRedirects} times`;
  return new AttemptFailure('status', reason, { status, headers, permanent: true });
}
