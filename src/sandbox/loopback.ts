import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A request as a built-in server saw it. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query, byte for byte as they came. */
  readonly target: string;
  /** Path without the query, percent-encoded as it came. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** The body's text; empty when there is none. */
  readonly body: string;
}

/** What a built-in server answers. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A value is sent as JSON, a string or bytes as they are; undefined sends no body. */
  readonly body?: unknown;
}

/** How an answer goes wrong on its way. */
export type Fault =
  /** Answers this instead. */
  | { readonly type: 'answer'; readonly answer: Answer }
  /** Sends half of the true answer with the whole length announced, then cuts the connection. */
  | { readonly type: 'cut-off' }
  /** Cuts the connection without an answer. */
  | { readonly type: 'reset' }
  /** Never answers. */
  | { readonly type: 'hang' }
  /** Does what was asked, then cuts the connection without an answer. */
  | { readonly type: 'lost-answer' }
  /** Gives the true answer, changed. */
  | { readonly type: 'changed'; readonly change: (answer: Answer) => Answer };

/** When a fault happens. */
export interface FaultRule {
  readonly fault: Fault;
  readonly when: (request: RecordedRequest) => boolean;
  /** How often; without it, always. */
  readonly times?: number;
}

/** A real HTTP server on 127.0.0.1, at a port of the system's choice. */
export interface LoopbackServer {
  /** `http://127.0.0.1:4711`, without a trailing slash. */
  readonly url: string;
  /** All requests so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** What the contract does not know: a test that leaves any behind fails. */
  readonly violations: readonly string[];
  fail(rule: FaultRule): void;
  /**
   * Lets answers overtake one another: from now on, each request is answered only after as many turns
   * of the event loop as `turns` gives for it.
   */
  hold(turns: (request: RecordedRequest) => number): void;
  /**
   * Calls `listener` for each request before it is answered, with its number since the start or the
   * last reset; the answer waits for a promise. One listener at a time.
   */
  watch(listener: (request: RecordedRequest, number: number) => void | Promise<void>): void;
  /** Forgets faults, recorded requests, violations and the listener. */
  reset(): void;
  close(): Promise<void>;
}

/** Decides the answer; calls `violation` for a request that the contract does not know. */
export type Handler = (
  request: RecordedRequest,
  violation: (what: string) => void,
) => Answer | Promise<Answer>;

/**
 * Starts a server that answers with `handler`.
 * @param stamp headers that each answer gets, that of a fault included, unless it names them itself
 */
export async function startLoopbackServer(
  handler: Handler,
  stamp: () => Readonly<Record<string, string>> = () => ({}),
): Promise<LoopbackServer> {
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const rules: { rule: FaultRule; left: number }[] = [];
  let turnsOf: (request: RecordedRequest) => number = () => 0;
  let watcher: (request: RecordedRequest, number: number) => void | Promise<void> = () => undefined;

  const takeFault = (request: RecordedRequest): Fault | undefined => {
    const entry = rules.find(({ rule, left }) => left > 0 && rule.when(request));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return entry.rule.fault;
  };

  const stamped = (answer: Answer): Answer => ({
    ...answer,
    headers: { ...stamp(), ...answer.headers },
  });

  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://loopback');
    const request: RecordedRequest = {
      method: incoming.method ?? 'GET',
      target: incoming.url ?? '/',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: await bodyText(incoming),
    };
    requests.push(request);
    await watcher(request, requests.length);
    const turns = turnsOf(request);
    if (turns > 0) await passed(turns);
    const fault = takeFault(request);
    if (fault?.type === 'hang') return;
    if (fault?.type === 'reset') {
      outgoing.destroy();
      return;
    }
    if (fault?.type === 'answer') {
      send(outgoing, stamped(fault.answer));
      return;
    }
    const answer = stamped(await handler(request, (what) => violations.push(what)));
    if (fault?.type === 'lost-answer') outgoing.destroy();
    else if (fault?.type === 'cut-off') cutOff(outgoing, answer);
    else if (fault?.type === 'changed') send(outgoing, fault.change(answer));
    else send(outgoing, answer);
  };

  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing).catch((error: unknown) => {
      violations.push(`the built-in server failed: ${String(error)}`);
      outgoing.destroy();
    });
    // Node.js's own 5 s would cut off a client that a busy machine holds up; close() ends all of them.
    server.keepAliveTimeout = 0;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port to listen on');

  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    requests,
    violations,
    fail: (rule) => {
      rules.push({ rule, left: rule.times ?? Infinity });
    },
    hold: (turns) => {
      turnsOf = turns;
    },
    watch: (listener) => {
      watcher = listener;
    },
    reset: () => {
      rules.length = 0;
      requests.length = 0;
      violations.length = 0;
      watcher = () => undefined;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Waits for so many turns of the event loop, with one promise for all of them. */
function passed(turns: number): Promise<void> {
  return new Promise((resolve) => {
    let left = turns;
    const turn = (): void => {
      left -= 1;
      if (left > 0) setImmediate(turn);
      else resolve();
    };
    setImmediate(turn);
  });
}

function bodyText(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        resolve(Buffer.concat(chunks).toString('utf8'));
      })
      .on('error', reject);
  });
}

/** The JSON that a request brought; undefined where it brought none. */
export function jsonOf({ body }: RecordedRequest): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function encode(answer: Answer): { body: Buffer; contentType: string | undefined } {
  const { body } = answer;
  if (body === undefined) return { body: Buffer.alloc(0), contentType: undefined };
  if (typeof body === 'string') return { body: Buffer.from(body), contentType: 'text/plain' };
  if (body instanceof Uint8Array) {
    return { body: Buffer.from(body), contentType: 'application/octet-stream' };
  }
  return { body: Buffer.from(JSON.stringify(body)), contentType: 'application/json;charset=UTF-8' };
}

function head(
  answer: Answer,
  length: number,
  contentType: string | undefined,
): Record<string, string> {
  return {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    'content-length': String(length),
    ...answer.headers,
  };
}

function send(outgoing: ServerResponse, answer: Answer): void {
  const { body, contentType } = encode(answer);
  outgoing.writeHead(answer.status, head(answer, body.length, contentType));
  outgoing.end(body);
}

function cutOff(outgoing: ServerResponse, answer: Answer): void {
  const { body, contentType } = encode(answer);
  outgoing.writeHead(answer.status, head(answer, body.length, contentType));
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
}
