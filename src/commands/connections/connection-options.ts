import type { Clock } from '../../clock.js';
import type { AnswerHeaders } from '../../http/answer-headers.js';
import type { HttpClient } from '../../http/client.js';
import { createDispatcher } from '../../http/dispatcher.js';
import type { HttpClientOptions } from '../../http/create-http-client.js';
import type { Redactor } from '../../http/redact.js';
import type { EventListener } from '../../model/event.js';
import { counted, grouped } from '../../problems/phrases.js';
import type { Side } from '../../problems/problem.js';
import type { Settings } from '../../settings/settings.js';
import type { Inspection } from '../../source/tiny-requests.js';
import type { Source } from '../../source/source.js';

/** What all connections of a run share. */
export interface ConnectionOptions {
  readonly settings: Pick<Settings, 'sync' | 'network' | 'authorities'>;
  /** Our own version. */
  readonly version: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly redact: Redactor;
  readonly emit: EventListener;
  /** Ends reading. */
  readonly signal: AbortSignal;
  /** Some seconds later: ends whatever is still under way. */
  readonly lastSignal: AbortSignal;
  /** Told of the headers of each good answer of Port. */
  readonly onPortAnswer?: (headers: AnswerHeaders) => void;
  /** Milliseconds since the epoch; null without `--timeout`. */
  readonly deadline: number | null;
  /** Whether each request is told, for `--log-level debug`. */
  readonly isEachTold?: boolean;
}

/** What a client of either side is made with, besides its credentials. */
export function clientOptions(
  side: Side,
  origin: URL,
  options: ConnectionOptions,
): HttpClientOptions {
  const { version, clock, random, redact, deadline } = options;
  const { network, authorities } = options.settings;
  return {
    origin,
    clock,
    random,
    redact,
    userAgent: `bitbucket-port/${version}`,
    timeoutMilliseconds: network.requestTimeoutMilliseconds,
    retries: network.retries,
    deadline: () => deadline,
    onWait: onWait(side, options),
    ...(options.isEachTold === true ? { onExchange: onExchange(options) } : {}),
    connections: createDispatcher({
      origin,
      proxies: network,
      authorities,
      verify: network.verify[side],
    }),
  };
}

/** Shows each wait as it begins. */
export function onWait(
  side: Side,
  { clock, emit }: ConnectionOptions,
): NonNullable<HttpClientOptions['onWait']> {
  return ({ reason, milliseconds }) => {
    emit({ type: 'waiting', at: clock.now(), side, reason, milliseconds });
  };
}

/** Tells each request in one line: method, address, status, time, bytes, attempt, and the server's id. */
function onExchange({ emit }: ConnectionOptions): NonNullable<HttpClientOptions['onExchange']> {
  return ({ method, url, attempt, milliseconds, answer }) => {
    const id = answer?.id ?? null;
    const text = [
      `${method} ${url.href} ${answer === null ? 'no answer' : String(answer.status)} in ${grouped(milliseconds)} ms`,
      ...(answer === null ? [] : [counted(answer.bytes, 'byte', 'bytes')]),
      `attempt ${attempt}`,
      ...(id === null ? [] : [`id ${id}`]),
    ].join(', ');
    emit({ type: 'note', level: 'debug', text });
  };
}

/** A Bitbucket of either kind, ready to be asked. Nothing was sent yet. */
export interface BitbucketConnection {
  readonly source: Source;
  /** Signed with the credentials; `root` is where its API begins, without a trailing slash. */
  readonly api: { readonly http: HttpClient; readonly root: URL };
  /** For those who only look. */
  readonly inspection: Inspection;
  /** In words: `Bitbucket Data Center https://bitbucket.example.com`. */
  readonly description: string;
  /** Requests over the wire so far, repeats included. */
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}
