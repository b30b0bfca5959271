import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { createHttpClient } from '../../src/http/create-http-client.js';
import type { JsonValue } from '../../src/model/json.js';
import { createPortClient, type PortClient } from '../../src/port/port-client.js';
import { globalFetch } from '../http/global-fetch.js';
import { createFakeClock, type FakeClock } from '../world/fake-clock.js';

export const origin = 'https://port.test';

/** A call as Port saw it. */
export interface SentCall {
  /** `POST /v1/blueprints/service/entities/bulk`, percent-encoded, without the query. */
  readonly route: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The body parsed; null when there is none. */
  readonly body: unknown;
}

/** What Port answers. A number is a status with an error body of Port. */
export type MockAnswer = number | { readonly status?: number; readonly body: JsonValue } | Response;

export interface MockPort {
  readonly client: PortClient;
  readonly clock: FakeClock;
  /** All calls but those for a token. */
  readonly calls: SentCall[];
  readonly tokenCalls: SentCall[];
  /** Lets go of the global fetch. */
  close(): void;
}

/** What a test changes of Port. */
export interface MockPortOptions {
  readonly answer?: (call: SentCall, index: number) => MockAnswer | Promise<MockAnswer>;
  /** Answers the token request; counts from 1. */
  readonly token?: (count: number) => MockAnswer | Promise<MockAnswer>;
  readonly baseUrl?: string;
}

/** A token that lasts as long as Port's do: three hours. */
export function tokenAnswer(count: number, expiresIn = 10_800): MockAnswer {
  const body = { ok: true, accessToken: `token-${count}`, tokenType: 'Bearer', expiresIn };
  return { body };
}

/** A Port that answers what the test says, and a client of it over the global fetch. */
export function startMockPort(options: MockPortOptions = {}): MockPort {
  const calls: SentCall[] = [];
  const tokenCalls: SentCall[] = [];
  const answerTo = async (call: SentCall): Promise<MockAnswer> => {
    if (call.route.endsWith('/v1/auth/access_token')) {
      const count = tokenCalls.push(call);
      return (options.token ?? tokenAnswer)(count);
    }
    const index = calls.push(call) - 1;
    return options.answer?.(call, index) ?? { body: { ok: true } };
  };
  const server = setupServer(
    http.all(`${origin}/*`, async ({ request }) => toResponse(await answerTo(await seen(request)))),
  );
  server.listen({ onUnhandledRequest: 'error' });
  const clock = createFakeClock();
  const client = createPortClient({
    createHttp: (signing) =>
      createHttpClient({
        origin: new URL(origin),
        clock,
        random: () => 0.5,
        userAgent: 'not the one',
        connections: globalFetch(),
        retries: 1,
        ...signing,
      }),
    baseUrl: new URL(options.baseUrl ?? origin),
    clientId: 'the-id',
    clientSecret: 'the-secret',
    integration: { type: 'bitbucket-server', identifier: 'my-bitbucket', version: '1.2.3' },
    clock,
  });
  const close = (): void => {
    server.close();
  };
  return { client, clock, calls, tokenCalls, close };
}

async function seen(request: Request): Promise<SentCall> {
  const url = new URL(request.url);
  const text = await request.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  return {
    route: `${request.method} ${url.pathname}`,
    query: url.searchParams,
    headers: request.headers,
    body,
  };
}

function toResponse(answer: MockAnswer): Response {
  if (answer instanceof Response) return answer;
  if (typeof answer === 'number') {
    const body = { ok: false, error: `error_${answer}`, message: `message of ${answer}` };
    return HttpResponse.json(body, { status: answer });
  }
  return HttpResponse.json(answer.body, { status: answer.status ?? 200 });
}

/** Everything of an async iterable. */
export async function collect<Item>(iterable: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of iterable) items.push(item);
  return items;
}
