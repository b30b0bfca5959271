import type { Clock } from '../clock.js';
import type { ExchangeFacts, StartTimer } from './attempt.js';
import { call, type Caller } from './call.js';
import type { HttpClient } from './client.js';
import { type Concurrency, Turns } from './turns.js';
import { createDispatcher } from './dispatcher.js';
import type { Connections } from './exchange.js';
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
  /** How connections are made; closed together with the client. */
  readonly connections?: Connections;
  /** Time for one whole answer, body included. */
  readonly timeoutMilliseconds?: number;
  /** How the request's time is measured. */
  readonly startTimer?: StartTimer;
  readonly retries?: number;
  /** How many requests are in flight at the same time; a number is fixed. */
  readonly concurrency?: number | Concurrency;
  /** What the user allows; may be shared by several clients. By default nothing is held back. */
  readonly quota?: RequestQuota;
  /** The largest answer that is read, after decompression. */
  readonly maximumBytes?: number;
  /** Levels of nesting that JSON may have: for answers that are walked through. By default any number. */
  readonly deepestJson?: number;
  /** Told of each wait as it begins; of one that all requests share, once. */
  readonly onWait?: (wait: Wait) => void;
  /** Told of each request over the wire as it ends. */
  readonly onExchange?: (exchange: ExchangeFacts) => void;
  /** Milliseconds since the epoch after which no wait may end; null: there is none. */
  readonly deadline?: () => number | null;
  /** Ends every call that has no signal of its own: the run was stopped. */
  readonly signal?: AbortSignal;
}

/** One for all: each connection that ends with an error has the stack of that written out. */
const CLOSED = new Error('the client is closed');

/**
 * A client of one origin, which repeats what may be repeated, keeps to the server's limits, and
 * sends credentials nowhere else.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock } = options;
  const connections = options.connections ?? createDispatcher({ origin: options.origin });
  const quota = options.quota ?? unlimitedQuota();
  let requests = 0;
  let closed: Promise<void> | undefined;
  const caller = createCaller(options, connections, quota, () => {
    requests += 1;
    quota.sent(clock.now());
  });
  return {
    origin: caller.origin,
    get requests() {
      return requests;
    },
    text: (request) => call(caller, request, { accept: '*/*', interpret: asText }),
    json: (request, schema) =>
      call(caller, request, {
        accept: 'application/json',
        interpret: asJson(schema, options.deepestJson),
      }),
    // What was given up while its connection was being made would else be waited for.
    close: () =>
      (closed ??= caller.turns.areFree ? connections.destroy(CLOSED) : connections.close()),
  };
}

function createCaller(
  options: HttpClientOptions,
  connections: Connections,
  quota: RequestQuota,
  onSend: () => void,
): Caller {
  const { clock, random, userAgent, signal, concurrency = defaultConcurrency } = options;
  return {
    origin: options.origin.origin,
    sender: {
      connections,
      onSend,
      onExchange: options.onExchange ?? null,
      now: () => clock.now(),
      startTimer: options.startTimer ?? startTimeout,
      timeoutMilliseconds: options.timeoutMilliseconds ?? requestTimeoutMilliseconds,
      maximumBytes: options.maximumBytes ?? maximumAnswerBytes,
      redact: options.redact ?? createRedactor([]),
    },
    gate: createGate({
      clock,
      deadline: options.deadline ?? (() => null),
      onWait: options.onWait ?? (() => undefined),
    }),
    quota,
    turns: new Turns(
      typeof concurrency === 'number' ? { first: concurrency, most: concurrency } : concurrency,
      () => clock.now(),
    ),
    policy: retryPolicy(options.retries ?? defaultRetries),
    clock,
    random,
    userAgent,
    signal,
    authorization: options.authorization ?? (() => Promise.resolve({})),
    onUnauthorized: options.onUnauthorized ?? (() => Promise.resolve(false)),
  };
}

/** A timer of the machine. */
export const startTimeout: StartTimer = (milliseconds, onEnd) => {
  const timer = setTimeout(onEnd, milliseconds);
  return () => {
    clearTimeout(timer);
  };
};
