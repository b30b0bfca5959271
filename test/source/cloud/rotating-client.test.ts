import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../src/http/client.js';
import type { Wait } from '../../../src/http/gate.js';
import { HttpError } from '../../../src/http/http-error.js';
import { unlimitedQuota } from '../../../src/http/request-quota.js';
import { RequestBudget } from '../../../src/source/cloud/limits/budget.js';
import { RotatingClient } from '../../../src/source/cloud/rotating-client.js';
import { createFakeClock, type FakeClock } from '../../world/fake-clock.js';

const minute = 60_000;
const hour = 60 * minute;
const origin = 'https://api.example.com';
const request: HttpRequest = {
  method: 'GET',
  url: new URL(`${origin}/2.0/repositories/acme`),
  subject: 'repositories of acme',
  repeatable: true,
};

/** What a token is answered: a status and headers. */
type Answering = (now: number) => readonly [number, Readonly<Record<string, string>>?];

const good: Answering = () => [200];

interface Rotation {
  readonly client: RotatingClient;
  readonly clock: FakeClock;
  /** Position of the token and minutes since the start of every request. */
  readonly asked: readonly string[];
  readonly waits: readonly Wait[];
  readonly refused: readonly number[];
}

/** Clients that repeat nothing by themselves, so that it shows what the rotation does. */
function rotate(
  answering: readonly Answering[],
  { deadline = null, signal }: { deadline?: number | null; signal?: AbortSignal } = {},
): Rotation {
  const clock = createFakeClock();
  const start = clock.now();
  const asked: string[] = [];
  const waits: Wait[] = [];
  const refused: number[] = [];
  const clients = answering.map((answer, token): HttpClient => {
    let requests = 0;
    const respond = ({ subject, accepted = [] }: HttpRequest): Promise<HttpAnswer<null>> => {
      requests += 1;
      asked.push(`${token} at ${(clock.now() - start) / minute}`);
      const [status, names = {}] = answer(clock.now());
      const headers = new Headers(names);
      if (status === 200 || accepted.includes(status)) {
        return Promise.resolve({ status, headers, body: null });
      }
      return Promise.reject(
        new HttpError('status', subject, `answered ${status}`, { status, headers }),
      );
    };
    return {
      origin,
      get requests() {
        return requests;
      },
      json: respond,
      text: async (question) => ({ ...(await respond(question)), body: '' }),
      close: () => Promise.resolve(),
    };
  });
  const budget = new RequestBudget({
    tokens: clients.length,
    reserve: 0.1,
    quota: unlimitedQuota(),
  });
  const client = new RotatingClient(clients, budget, {
    clock,
    deadline: deadline === null ? null : start + deadline,
    onWait: (wait) => waits.push(wait),
    onRefused: (token) => refused.push(token),
    signal: signal ?? new AbortController().signal,
  });
  return { client, clock, asked, waits, refused };
}

const ask = async ({ client }: Rotation): Promise<number> =>
  (await client.json(request, z.unknown())).status;

async function failureOf(work: Promise<unknown>): Promise<HttpError> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof HttpError) return outcome;
  throw new Error(`expected an HttpError, got ${String(outcome)}`);
}

/** Refused for its first request only. */
function once(status: number, headers: (now: number) => Record<string, string>): Answering {
  let count = 0;
  return (now) => {
    count += 1;
    return count === 1 ? [status, headers(now)] : [200];
  };
}

describe('a token whose limit is reached', () => {
  it.each<[string, number, (now: number) => Record<string, string>]>([
    ['five minutes when no header tells', 5, () => ({})],
    ['Retry-After in seconds', 20, () => ({ 'retry-after': '1200' })],
    [
      'Retry-After as a date',
      20,
      (now) => ({ 'retry-after': new Date(now + 20 * minute).toUTCString() }),
    ],
    ['a reset in seconds left', 20, () => ({ 'x-ratelimit-reset': '1200' })],
    [
      'a reset as epoch seconds',
      20,
      (now) => ({ 'x-ratelimit-reset': String((now + 20 * minute) / 1_000) }),
    ],
    ['five minutes when the time has passed', 5, () => ({ 'retry-after': '0' })],
  ])('rests for %s, and the next one takes over at once', async (_name, minutes, headers) => {
    const rotation = rotate([once(429, headers), good]);
    await ask(rotation);
    rotation.clock.advance(minutes * minute - 1);
    await ask(rotation);
    rotation.clock.advance(1);
    await ask(rotation);
    expect(rotation.asked).toEqual([
      '0 at 0',
      '1 at 0',
      `1 at ${(minutes * minute - 1) / minute}`,
      `0 at ${minutes}`,
    ]);
    expect(rotation.waits).toEqual([]);
  });

  it.each([200, 404])('is told ahead with an answer of %i', async (status) => {
    const usedUp = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1200' };
    const rotation = rotate([once(status, () => usedUp), good]);
    await ask(rotation).catch(() => undefined);
    await ask(rotation);
    expect(rotation.asked).toEqual(['0 at 0', '1 at 0']);
  });
});

describe('several tokens whose limits are all reached', () => {
  const until =
    (minutes: number): Answering =>
    (now) => {
      const left = minutes * minute - (now % hour);
      return left > 0 ? [429, { 'retry-after': String(left / 1_000) }] : [200];
    };

  it('are asked no more before the time that Bitbucket named', async () => {
    const rotation = rotate([until(30), until(20)]);
    await Promise.all([ask(rotation), ask(rotation)]);
    expect(rotation.asked.filter((one) => one.endsWith('at 0'))).toHaveLength(4);
    expect(rotation.asked.slice(4)).toEqual(['1 at 20', '1 at 20']);
    expect(rotation.waits).toEqual([
      {
        reason: 'the limit of every token is used up; Retry-After says when',
        milliseconds: 20 * minute,
      },
    ]);
  });

  it('end the call when the run has no time for that, and say when to come back', async () => {
    const rotation = rotate([until(30), until(20)], { deadline: 10 * minute });
    expect(await failureOf(ask(rotation))).toMatchObject({
      failure: 'no-time',
      reason: expect.stringMatching(
        /the next attempt would be at 2026-01-01T00:20:00Z, .* run again then$/,
      ),
    });
    expect(rotation.clock.waits).toEqual([]);
  });

  it('are waited for until the run is stopped', async () => {
    const stop = new AbortController();
    const rotation = rotate([until(30), until(20)], { signal: stop.signal });
    const failure = failureOf(ask(rotation));
    stop.abort(new Error('SIGTERM'));
    expect((await failure).failure).toBe('aborted');
    expect(rotation.asked).toHaveLength(2);
  });
});

describe('a token that is refused as such', () => {
  const refused: Answering = () => [401];

  it('is told once, and used no more', async () => {
    const rotation = rotate([refused, good]);
    await Promise.all([ask(rotation), ask(rotation), ask(rotation)]);
    await ask(rotation);
    expect(rotation.refused).toEqual([0]);
    expect(rotation.asked.filter((one) => one.startsWith('0'))).toHaveLength(3);
    expect(rotation.asked.at(-1)).toBe('1 at 0');
  });

  it('fails the call when it is the last one', async () => {
    const rotation = rotate([refused, refused]);
    expect((await failureOf(ask(rotation))).details.status).toBe(401);
    expect(rotation.refused).toEqual([0]);
  });
});
