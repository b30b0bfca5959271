import type { Clock } from '../clock.js';
import type { RequestFacts } from '../model/request-facts.js';
import { type AnswerHeaders, requestId } from './answer-headers.js';
import { AttemptFailure, HttpError } from './http-error.js';
import { attempt, type Sender, stopped } from './attempt.js';
import type { HttpAnswer, HttpRequest } from './client.js';
import { foreignOrigin } from './exchange.js';
import type { Gate } from './gate.js';
import type { Interpretation } from './interpret.js';
import {
  exhaustionWait,
  type FailedAttempt,
  isRateLimited,
  nextAttempt,
  type NextAttempt,
  type RetryPolicy,
  slowStatuses,
  tooManyRequests,
} from './next-attempt.js';
import { type Credentials, requestHeaders } from './request-headers.js';
import type { RequestQuota } from './request-quota.js';
import type { TurnEnd, Turns } from './turns.js';
import { readableEncodings } from './unpack.js';

/** What all calls of one client share. */
export interface Caller {
  readonly origin: string;
  readonly sender: Sender;
  readonly gate: Gate;
  readonly quota: RequestQuota;
  readonly turns: Turns;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  readonly userAgent: string;
  readonly authorization: (subject: string) => Promise<Credentials>;
  readonly onUnauthorized: (refused: Credentials) => Promise<boolean>;
  readonly signal: AbortSignal | undefined;
}

/** How to ask for a body and read it. */
export interface Expectation<Body> {
  /** The `Accept` header. */
  readonly accept: string;
  readonly interpret: Interpretation<Body>;
}

/** Also where a filter of a listing is not understood. */
const badRequest = 400;

const overloadStatuses = [tooManyRequests, 503, ...slowStatuses];

/** What happened in a call so far. */
interface History {
  attempts: number;
  /** Retries after a refusal for the number of requests, and after any other failure. */
  limited: number;
  failed: number;
  refreshed: boolean;
  last: AttemptFailure | undefined;
}

/**
 * Sends a request as often as needed and allowed, until its answer is one that `expected` can read.
 * @throws HttpError, and whatever `authorization` and `onUnauthorized` throw
 */
export async function call<Body>(
  caller: Caller,
  request: HttpRequest,
  expected: Expectation<Body>,
): Promise<HttpAnswer<Body>> {
  const signal = request.signal ?? caller.signal;
  const history: History = {
    attempts: 0,
    limited: 0,
    failed: 0,
    refreshed: false,
    last: undefined,
  };
  try {
    if (request.url.origin !== caller.origin) throw foreignOrigin('leads', request.url);
    return await repeat(caller, request, expected, history, signal);
  } catch (error) {
    const isStopped = signal?.aborted === true && !(error instanceof HttpError);
    const failure = isStopped ? stopped(signal) : error;
    if (failure instanceof AttemptFailure) throw httpError(request, failure, history);
    throw failure;
  }
}

async function repeat<Body>(
  caller: Caller,
  request: HttpRequest,
  expected: Expectation<Body>,
  history: History,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer<Body>> {
  const { gate, turns } = caller;
  for (;;) {
    if (request.lastAttempt?.aborted === true) throw history.last ?? stopped(request.lastAttempt);
    if (!gate.isOpen()) await gate.pass(signal);
    // Before the queue, not inside it: fetching a token may itself need a place there.
    const credentials = await caller.authorization(request.subject);
    const turn = await turns.begin(signal);
    let failure: AttemptFailure;
    let next: NextAttempt;
    let how: TurnEnd = 'unknown';
    try {
      // Nobody holds a place while waiting for the gate, and credentials may age meanwhile.
      if (!isFree(caller)) continue;
      history.attempts += 1;
      const sending = { credentials, number: history.attempts };
      const answer = await once(caller, request, expected, sending, signal);
      how = answer.status === tooManyRequests ? 'overloaded' : 'clean';
      return answer;
    } catch (error) {
      if (!(error instanceof AttemptFailure)) throw error;
      failure = error;
      how = signOf(failure);
      next = decide(caller, request, failure, history);
    } finally {
      turns.end(turn, how);
    }
    if (await isRefreshed(caller, failure, credentials, history)) continue;
    if (next.type === 'give-up') throw failure;
    history.last = failure;
    if (next.shared) continue;
    const wait = { reason: waitReason(failure, next), milliseconds: next.milliseconds };
    await gate.wait(request.subject, wait, signal);
  }
}

/**
 * Whether a request may go out now. Where the user's quota is used up, the gate is closed until there
 * is room again, so that repeats wait for it as well.
 * @throws AttemptFailure `no-time` when the run may send nothing more
 */
function isFree({ gate, quota, clock }: Caller): boolean {
  if (!gate.isOpen()) return false;
  const now = clock.now();
  const permit = quota.next(now);
  if (permit.type === 'send') return true;
  if (permit.type === 'stop') {
    throw new AttemptFailure('no-time', permit.reason, { permanent: true });
  }
  gate.close(permit.until - now, permit.reason);
  return false;
}

async function once<Body>(
  caller: Caller,
  request: HttpRequest,
  { accept, interpret }: Expectation<Body>,
  { credentials, number }: { readonly credentials: Credentials; readonly number: number },
  signal: AbortSignal | undefined,
): Promise<HttpAnswer<Body>> {
  const defaults = {
    accept,
    'accept-encoding': readableEncodings,
    'user-agent': caller.userAgent,
  };
  const headers = requestHeaders(request, defaults, credentials);
  const answer = await attempt(caller.sender, { request, headers, credentials, signal, number });
  holdBack(caller, request, answer.headers);
  return { status: answer.status, headers: answer.headers, body: interpret(answer) };
}

/** Slows down before the server has to refuse. Who takes a 429 for an answer minds the limit itself. */
function holdBack(caller: Caller, { accepted = [] }: HttpRequest, headers: AnswerHeaders): void {
  if (accepted.includes(tooManyRequests)) return;
  const wait = exhaustionWait(headers, caller.clock.now());
  if (wait === null) return;
  caller.gate.close(wait.milliseconds, `the rate limit is used up; ${wait.header} says when`);
}

/**
 * What comes after a failed attempt. What it tells about the server's limits closes the gate before the
 * attempt gives up its place among the requests in flight, or the next in the queue would slip through.
 */
function decide(
  caller: Caller,
  request: HttpRequest,
  failure: AttemptFailure,
  history: History,
): NextAttempt {
  const { repeatable } = request;
  const { clock, random, policy, gate } = caller;
  if (failure.details.headers !== undefined) holdBack(caller, request, failure.details.headers);
  const failed = { failure: failure.failure, repeatable, ...failure.details };
  if (isOutOfPatience(request, failed, history)) return { type: 'give-up' };
  const kind = isRateLimited(failed) ? 'limited' : 'failed';
  const next = nextAttempt(failed, history[kind] + 1, clock.now(), random, policy);
  if (next.type === 'wait') {
    history[kind] += 1;
    if (next.shared) gate.close(next.milliseconds, waitReason(failure, next));
  }
  return next;
}

function isOutOfPatience(
  { sizePatience }: HttpRequest,
  { failure, status = 0 }: Pick<FailedAttempt, 'failure' | 'status'>,
  { failed }: History,
): boolean {
  if (sizePatience === undefined) return false;
  const isSlow = failure === 'timeout' || slowStatuses.includes(status);
  const bound = isSlow ? sizePatience.slow : sizePatience.failed;
  return (isSlow || status >= 500) && failed + 1 >= bound;
}

/** What a failed attempt tells about the server's load. A connection that broke may have any reason. */
function signOf({ failure, details: { status } }: AttemptFailure): TurnEnd {
  if (failure === 'timeout' || overloadStatuses.includes(status ?? 0)) return 'overloaded';
  return failure === 'status' ? 'clean' : 'unknown';
}

function waitReason(failure: AttemptFailure, next: { readonly reason: string }): string {
  return `${failure.reason}; ${next.reason}`;
}

/** A 401 is repeated once at most, and only with other credentials: more would lock the account. */
async function isRefreshed(
  caller: Caller,
  failure: AttemptFailure,
  refused: Credentials,
  history: History,
): Promise<boolean> {
  if (failure.details.status !== 401 || history.refreshed) return false;
  history.refreshed = true;
  return await caller.onUnauthorized(refused);
}

function requestFacts(
  { method, url }: HttpRequest,
  { details: { status, headers } }: AttemptFailure,
  { attempts }: History,
): RequestFacts {
  const id = headers === undefined ? null : requestId(headers);
  // What narrows a listing is no secret, and may be what is refused.
  const filter = status === badRequest ? url.searchParams.get('q') : null;
  const query = filter === null ? '' : `?q=${encodeURIComponent(filter)}`;
  const address = `${url.origin}${url.pathname}${query}`;
  return { method, address, status: status ?? null, attempts, id };
}

/** The error of a call. One that ran out of time also tells what it was waiting for. */
function httpError(request: HttpRequest, failure: AttemptFailure, history: History): HttpError {
  const told = failure.failure === 'no-time' && history.last !== undefined ? history.last : failure;
  const { status, headers, body } = told.details;
  const repeats = history.attempts > 1 ? `, after ${history.attempts} attempts` : '';
  return new HttpError(
    failure.failure,
    request.subject,
    `${failure.reason}${repeats}`,
    {
      ...(status === undefined ? {} : { status }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
      ...(history.attempts === 0 ? {} : { request: requestFacts(request, told, history) }),
    },
    { cause: failure.cause },
  );
}
