import type { HttpRequest } from '../../src/http/client.js';
import { createHttpClient, type HttpClientOptions } from '../../src/http/create-http-client.js';
import type { HttpClient } from '../../src/http/client.js';
import { inspect } from 'node:util';
import { createDispatcher, type DispatcherOptions } from '../../src/http/dispatcher.js';
import { HttpError } from '../../src/http/http-error.js';
import { createFakeClock, type FakeClock } from '../world/fake-clock.js';

/** A client whose waits pass at once, and the waits that it told. */
export interface ClientUnderTest {
  readonly client: HttpClient;
  readonly clock: FakeClock;
  /** `reason (milliseconds)`, oldest first. */
  readonly told: readonly string[];
}

/** A client of `origin`; a test states only what it is about. */
export function aClient(
  origin: string,
  options: Partial<Omit<HttpClientOptions, 'clock'>> = {},
): ClientUnderTest {
  const clock = createFakeClock();
  const told: string[] = [];
  const client = createHttpClient({
    origin: new URL(origin),
    clock,
    random: () => 0.5,
    userAgent: 'test/1.0',
    onWait: ({ reason, milliseconds }) => told.push(`${reason} (${milliseconds})`),
    ...options,
  });
  return { client, clock, told };
}

/** A GET that may be repeated. */
export function aRequest(url: string, difference: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url: new URL(url), subject: 'users', repeatable: true, ...difference };
}

/** The error that a call ends in; a call that does not is a failed test. */
export async function errorOf(work: Promise<unknown>): Promise<HttpError> {
  const outcome: unknown = await work.then(
    () => 'an answer',
    (error: unknown) => error,
  );
  if (outcome instanceof HttpError) return outcome;
  throw new Error(`expected an HttpError, got ${String(outcome)}`);
}

/** Works with a client of `origin` that connects as the command does. */
export async function connected<Value>(
  origin: string,
  options: Partial<DispatcherOptions>,
  work: (under: ClientUnderTest) => Promise<Value>,
): Promise<Value> {
  const url = new URL(origin);
  const under = aClient(origin, { connections: createDispatcher({ origin: url, ...options }) });
  try {
    return await work(under);
  } finally {
    await under.client.close();
  }
}

/** What a server answers. */
export function textOf(url: string, options: Partial<DispatcherOptions> = {}): Promise<string> {
  return connected(url, options, async ({ client }) => (await client.text(aRequest(url))).body);
}

/** Why a request fails, and how many it took. */
export function failureOf(
  url: string,
  options: Partial<DispatcherOptions> = {},
): Promise<{ readonly reason: string; readonly requests: number; readonly told: string }> {
  return connected(url, options, async ({ client }) => {
    const error = await errorOf(client.text(aRequest(url)));
    // All that somebody could write into a log.
    const told = inspect(error, { depth: 10 });
    return { reason: error.reason, requests: client.requests, told };
  });
}
