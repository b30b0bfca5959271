import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { http, HttpResponse, type JsonBodyType } from 'msw';
import { setupServer, type SetupServer } from 'msw/node';
import { z } from 'zod';
import { aClient, type ClientUnderTest } from './a-client.js';
import { globalFetch } from './global-fetch.js';

export const origin = 'https://server.example.com';
export const url = `${origin}/rest/users`;
export const users = z.object({ values: z.array(z.object({ id: z.number() })) });
export const noUsers = { values: [] };

/** Puts a server of msw in the place of the network while the tests of a file run. */
export function useServer(): SetupServer {
  const server = setupServer();
  beforeAll(() => {
    server.listen({ onUnhandledRequest: 'error' });
  });
  afterEach(() => {
    server.resetHandlers();
  });
  afterAll(() => {
    server.close();
  });
  return server;
}

/** A client of that server. */
export function client(options: Parameters<typeof aClient>[1] = {}): ClientUnderTest {
  return aClient(origin, { connections: globalFetch(), ...options });
}

/** Answers every request with `answer`. */
export function answerAll(
  server: SetupServer,
  answer: (request: Request) => Response | Promise<Response>,
): void {
  server.use(http.all(`${origin}/*`, ({ request }) => answer(request)));
}

/** Answers with each of `answers` in turn, the last one ever after; gives what was asked. */
export function answerInTurn(server: SetupServer, ...answers: (() => Response)[]): Request[] {
  const requests: Request[] = [];
  answerAll(server, (request) => {
    requests.push(request.clone());
    return (answers[requests.length - 1] ?? answers.at(-1)!)();
  });
  return requests;
}

/** A JSON answer. */
export const json =
  (body: JsonBodyType, init: { status?: number; headers?: Record<string, string> } = {}) =>
  (): Response =>
    HttpResponse.json(body, init);

/** An error that an API answers. */
export const status = (code: number, headers: Record<string, string> = {}): (() => Response) =>
  json({ errors: [{ message: 'no' }] }, { status: code, headers });
