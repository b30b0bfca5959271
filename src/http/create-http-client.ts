import pLimit from 'p-limit';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.js';
import type { StartTimer } from './attempt.js';
import { call, type Caller } from './call.js';
import type { HttpClient } from './client.js';
import { createDispatcher } from './dispatcher.js';
import { fetchThrough, type Fetch } from './fetch.js';
import { createGate, type Wait } from './gate.js';
import { asJson, asText } from './interpret.js';
import {
  defaultConcurrency,
  defaultRetries,
  maximumAnswerBytes,
  requestTimeoutMilliseconds,
} from './limits.js';
import { retryPolicy } from './next-attempt.js';
import { createRedactor, type Redactor } from './redact.js';
import type { Credentials } from './request-headers.js';
import { unlimitedQuota, type RequestQuota } from './request-quota.js';

/** All that differs between the clients of a run. */
export interface HttpClientOptions {
  /** Only its origin counts: requests to another one are refused. */
  readonly origin: URL;
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly userAgent: string;
  /**
   * Headers that prove who is asking, made anew for each attempt. May itself send requests through
   * this client, for which it must answer without doing so again.
   */
  readonly authorization?: (subject: string) => Promise<Credentials>;
  /**
   * Called once in a request that is answered with 401, with the headers that were refused. True:
   * there are other credentials now, and the request is sent once more.
   */
  readonly onUnauthorized?: (refused: Credentials) => Promise<boolean>;
  /** Masks secrets in what is kept of error bodies. The credentials sent are masked in any case. */
  readonly redact?: Redactor;
  /** How connections are made; closed together with the client. Not used when `fetch` is given. */
  readonly dispatcher?: Dispatcher;
  /** Stands in for undici's, as `globalThis.fetch` does in tests. */
  readonly fetch?: Fetch;
  /** Time for one whole answer, body included. */
  readonly timeoutMilliseconds?: number;
  /** How the request's time is measured. */
  readonly startTimer?: StartTimer;
  readonly retries?: number;
  /** How many requests are in flight at the same time. */
  readonly concurrency?: number;
  /** What the user allows; may be shared by several clients. By default nothing is held back. */
  readonly quota?: RequestQuota;
  /** The largest answer that is read, after decompression. */
  readonly maximumBytes?: number;
  /** Told of each wait as it begins; of one that all requests share, once. */
  readonly onWait?: (wait: Wait) => void;
  /** Milliseconds since the epoch after which no wait may end; null: there is none. */
  readonly deadline?: () => number | null;
  /** Ends every call: the run was stopped. */
  readonly signal?: AbortSignal;
}

/**
 * A client of one origin, which repeats what may be repeated, keeps to the server's limits, and
 * sends credentials nowhere else.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  let requests = 0;
  const { fetch, close } = transport(options);
  const quota = options.quota ?? unlimitedQuota();
  const caller = createCaller(options, fetch, quota, () => {
    requests += 1;
    quota.sent(options.clock.now());
  });
  return {
    origin: caller.origin,
    get requests() {
      return requests;
    },
    text: (request) => call(caller, request, { accept: '*/*', interpret: asText }),
    json: (request, schema) =>
      call(caller, request, { accept: 'application/json', interpret: asJson(schema) }),
    close,
  };
}

function createCaller(
  options: HttpClientOptions,
  fetch: Fetch,
  quota: RequestQuota,
  onSend: () => void,
): Caller {
  const { clock, random, userAgent, signal } = options;
  return {
    origin: options.origin.origin,
    sender: {
      fetch,
      onSend,
      startTimer: options.startTimer ?? startTimeout,
      timeoutMilliseconds: options.timeoutMilliseconds ?? requestTimeoutMilliseconds,
      maximumBytes: options.maximumBytes ?? maximumAnswerBytes,
    },
    gate: createGate({
      clock,
      deadline: options.deadline ?? (() => null),
      onWait: options.onWait ?? (() => undefined),
    }),
    quota,
    limit: pLimit(options.concurrency ?? defaultConcurrency),
    policy: retryPolicy(options.retries ?? defaultRetries),
    clock,
    random,
    userAgent,
    signal,
    redact: options.redact ?? createRedactor([]),
    authorization: options.authorization ?? (() => Promise.resolve({})),
    onUnauthorized: options.onUnauthorized ?? (() => Promise.resolve(false)),
  };
}

/** How requests get out, and how what they leave open is closed, however often that is asked for. */
function transport(options: HttpClientOptions): { fetch: Fetch; close: () => Promise<void> } {
  if (options.fetch !== undefined) return { fetch: options.fetch, close: () => Promise.resolve() };
  const dispatcher = options.dispatcher ?? createDispatcher({ env: {} });
  let closed: Promise<void> | undefined;
  return {
    fetch: fetchThrough(dispatcher),
    close: () => (closed ??= dispatcher.close()),
  };
}

const startTimeout: StartTimer = (milliseconds, onEnd) => {
  const timer = setTimeout(onEnd, milliseconds);
  return () => {
    clearTimeout(timer);
  };
};
