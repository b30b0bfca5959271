import type { HttpRequest } from '../../src/http/client.js';
import { createHttpClient, type HttpClientOptions } from '../../src/http/create-http-client.js';
import type { HttpClient } from '../../src/http/client.js';
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
