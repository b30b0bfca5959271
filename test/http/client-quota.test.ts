import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from 'msw';
import { RequestQuota } from '../../src/http/request-quota.js';
import { aRequest, errorOf } from './a-client.js';
import {
  answerAll,
  answerInTurn,
  client,
  noUsers,
  status,
  url,
  users,
  useServer,
} from './answering-server.js';
import { globalFetch } from './global-fetch.js';

const server = useServer();
const minute = 60_000;

const perMinute = (requests: number): RequestQuota =>
  new RequestQuota({ total: null, rate: { requests, windowMilliseconds: minute } });
const inAll = (total: number): RequestQuota => new RequestQuota({ total, rate: null });

describe("a user's quota", () => {
  it('spreads requests over its window, and tells each wait once', async () => {
    answerAll(server, () => HttpResponse.json(noUsers));
    const times: number[] = [];
    const connections = globalFetch();
    const {
      client: http,
      clock,
      told,
    } = client({
      quota: perMinute(2),
      concurrency: 4,
      connections: {
        ...connections,
        dispatch: (options, handler) => {
          times.push(clock.now());
          return connections.dispatch(options, handler);
        },
      },
    });
    const start = clock.now();
    await Promise.all(Array.from({ length: 5 }, () => http.json(aRequest(url), users)));
    expect(times.map((time) => time - start)).toEqual([0, 0, minute, minute, 2 * minute]);
    expect(told).toEqual(Array(2).fill(`the quota of 2 requests is used up (${minute})`));
  });

  it('holds for repeats as well', async () => {
    answerInTurn(server, status(503), status(503), () => HttpResponse.json(noUsers));
    const { client: http, told } = client({ quota: perMinute(2), random: () => 0 });
    await http.json(aRequest(url), users);
    expect(http.requests).toBe(3);
    expect(told.at(-1)).toBe(`the quota of 2 requests is used up (${minute})`);
  });

  it('ends the call when the run has no time for the wait', async () => {
    answerAll(server, () => HttpResponse.json(noUsers));
    const deadline = Date.UTC(2026, 0, 1) + minute / 2;
    const { client: http, clock } = client({ quota: perMinute(1), deadline: () => deadline });
    await http.json(aRequest(url), users);
    const error = await errorOf(http.json(aRequest(url), users));
    expect(error.failure).toBe('no-time');
    expect(error.reason).toMatch(
      /^the quota of one request is used up; the next attempt would be at 2026-01-01T00:01:00Z/,
    );
    expect([clock.waits, http.requests]).toEqual([[], 1]);
  });
});

describe('the most requests of a run', () => {
  it('are never exceeded, not by repeats and not by the clients that share them', async () => {
    answerAll(server, status(503));
    const quota = inAll(7);
    const clients = [client({ quota }), client({ quota })];
    const failures = await Promise.all(
      clients.flatMap(({ client: http }) =>
        [1, 2, 3].map(async () => (await errorOf(http.json(aRequest(url), users))).failure),
      ),
    );
    expect(failures).toEqual(Array(6).fill('no-time'));
    expect(clients.reduce((sum, { client: http }) => sum + http.requests, 0)).toBe(7);
  });

  it('are told as the reason, with what the last attempt met', async () => {
    answerAll(server, status(503));
    const { client: http } = client({ quota: inAll(2) });
    expect(await errorOf(http.json(aRequest(url), users))).toMatchObject({
      failure: 'no-time',
      reason: 'the run has sent the 2 requests it may, after 2 attempts',
      details: { status: 503 },
    });
  });
});

describe('a limit that the caller minds itself', () => {
  const usedUp = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800' };

  it.each([200, 429, 404])('holds no other request back after %i', async (code) => {
    answerInTurn(server, status(code, usedUp), () => HttpResponse.json(noUsers));
    const { client: http, clock } = client();
    const request = aRequest(url, { accepted: [429] });
    await http.text(request).catch(() => undefined);
    await http.json(request, users);
    expect(clock.waits).toEqual([]);
  });
});
