import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from 'msw';
import { aRequest, errorOf } from './a-client.js';
import {
  answerAll,
  answerInTurn,
  client,
  json,
  noUsers,
  status,
  url,
  users,
  useServer,
} from './answering-server.js';

const server = useServer();

describe('a wait that the server asks for', () => {
  it('holds back every request, and is told once', async () => {
    const { client: http, clock, told } = client({ concurrency: 2 });
    const times: number[] = [];
    answerAll(server, () => {
      times.push(clock.now());
      return times.length <= 2
        ? status(429, { 'retry-after': '60' })()
        : HttpResponse.json(noUsers);
    });
    const start = clock.now();
    await Promise.all(Array.from({ length: 6 }, () => http.json(aRequest(url), users)));
    expect(times.slice(0, 2)).toEqual([start, start]);
    expect(times.slice(2).every((time) => time >= start + 60_000)).toBe(true);
    expect(http.requests).toBe(8);
    expect(told).toEqual(['answered 429 Too Many Requests; Retry-After says when (60000)']);
  });

  it('ends the call when the run has no time for it, and says when to come back', async () => {
    answerInTurn(server, status(429, { 'retry-after': '1800' }));
    const deadline = Date.UTC(2026, 0, 1, 0, 25);
    const { client: http, clock, told } = client({ deadline: () => deadline });
    const error = await errorOf(http.json(aRequest(url), users));
    expect(error.failure).toBe('no-time');
    expect(error.reason).toBe(
      'answered 429 Too Many Requests; Retry-After says when; the next attempt would be at 2026-01-01T00:30:00Z, after the end of this run: run again then',
    );
    expect(error.details.status).toBe(429);
    expect([clock.waits, told]).toEqual([[], []]);

    const other = await errorOf(http.json(aRequest(url, { subject: 'projects' }), users));
    expect(other).toMatchObject({ failure: 'no-time', subject: 'projects' });
    expect(http.requests).toBe(1);
  });

  it('is not begun when it is longer than a day, or beyond any date', async () => {
    for (const seconds of ['86401', '9'.repeat(30)]) {
      answerInTurn(server, status(503, { 'retry-after': seconds }));
      const { client: http, clock } = client();
      expect((await errorOf(http.json(aRequest(url), users))).failure).toBe('no-time');
      expect(clock.waits).toEqual([]);
    }
  });

  it('of its own choice is under the same deadline', async () => {
    answerInTurn(server, status(500));
    const { client: http } = client({ deadline: () => Date.UTC(2026, 0, 1) + 1_000 });
    const error = await errorOf(http.json(aRequest(url), users));
    expect(error).toMatchObject({ failure: 'no-time', details: { status: 500 } });
    expect(http.requests).toBe(3);
  });

  it('begins before the limit is overrun, when the last answer says so', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' };
    answerInTurn(server, json(noUsers, { headers }), json(noUsers));
    const { client: http, clock, told } = client();
    await http.json(aRequest(url), users);
    expect(clock.waits).toEqual([]);
    await http.json(aRequest(url), users);
    expect(clock.waits).toEqual([30_000]);
    expect(told).toEqual(['the rate limit is used up; x-ratelimit-reset says when (30000)']);
  });

  it('grows when a 429 names no time, and does not use up the retries of other failures', async () => {
    const limited = Array.from({ length: 8 }, () => status(429));
    answerInTurn(server, ...limited, status(503), json(noUsers));
    const { client: http, clock } = client();
    await http.json(aRequest(url), users);
    expect(clock.waits).toEqual([
      7_500, 15_000, 30_000, 60_000, 120_000, 240_000, 480_000, 675_000, 250,
    ]);
  });
});
