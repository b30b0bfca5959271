import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { HttpError } from '../../src/http/http-error.js';
import type { PortRequest } from '../../src/port/port-client.js';
import { ProblemError } from '../../src/problems/problem.js';
import { startMockPort, tokenAnswer, type MockPort, type MockPortOptions } from './mock-port.js';

let port: MockPort;
const start = (options?: MockPortOptions): MockPort => (port = startMockPort(options));
afterEach(() => {
  port.close();
});

const request: PortRequest = {
  method: 'GET',
  path: ['blueprints'],
  subject: 'blueprints',
  caller: 'exporter',
  repeatable: true,
};
const call = async (): Promise<void> => {
  await port.client.json(request, z.unknown());
};
const authorizations = (): (string | null)[] =>
  port.calls.map(({ headers }) => headers.get('authorization'));

describe('calls', () => {
  it.each([
    ['exporter', 'port-ocean/bitbucket-server/bitbucket-port-1.2.3/my-bitbucket/exporter'],
    ['integration', 'port-ocean/bitbucket-server/bitbucket-port-1.2.3/my-bitbucket'],
  ] as const)('are made as %s', async (caller, userAgent) => {
    start();
    await port.client.json({ ...request, caller }, z.unknown());
    expect(port.calls[0]?.headers.get('user-agent')).toBe(userAgent);
    expect(port.tokenCalls[0]?.headers.get('user-agent')).not.toContain('/exporter');
  });

  it.each(['', '/', '/v1', '/v1/'])('reach /v1 when the base URL ends in "%s"', async (end) => {
    start({ baseUrl: `https://port.test/proxy${end}` });
    await call();
    expect(port.calls[0]?.route).toBe('GET /proxy/v1/blueprints');
  });

  it('encode identifiers in the path', async () => {
    start();
    const path = ['blueprints', 'a/b:c é', 'entities'];
    await port.client.json({ ...request, path }, z.unknown());
    expect(port.calls[0]?.route).toBe('GET /v1/blueprints/a%2Fb%3Ac%20%C3%A9/entities');
  });

  it.each(['..', '.', ''])('never leave their route for an identifier of "%s"', async (bad) => {
    start();
    const path = ['blueprints', bad, 'entities'];
    await expect(async () => port.client.json({ ...request, path }, z.unknown())).rejects.toThrow(
      RangeError,
    );
    expect(port.calls).toHaveLength(0);
  });

  it('fail when a body is needed and there is none', async () => {
    start({ answer: () => new Response(null, { status: 204 }) });
    await expect(port.client.body(request, z.unknown())).rejects.toMatchObject({
      failure: 'malformed',
    });
  });

  it('end when the signal of their client is aborted', async () => {
    start();
    const stop = new AbortController();
    stop.abort();
    const stopped = port.client.withSignal(stop.signal);
    await expect(stopped.json(request, z.unknown())).rejects.toMatchObject({ failure: 'aborted' });
    await call();
    expect(port.calls).toHaveLength(1);
  });
});

describe('the token', () => {
  it('is asked for with nothing but the credentials, and shared by calls that start together', async () => {
    start();
    await Promise.all([call(), call(), call()]);
    expect(port.tokenCalls.map(({ body }) => body)).toEqual([
      { clientId: 'the-id', clientSecret: 'the-secret' },
    ]);
    expect(port.tokenCalls[0]?.headers.get('authorization')).toBeNull();
    expect(authorizations()).toEqual(Array(3).fill('Bearer token-1'));
    expect(port.client.requests).toBe(4);
  });

  it.each([
    { lifetime: 10_800, keptUntil: 10_679, renewedAt: 10_680 },
    { lifetime: 600, keptUntil: 569, renewedAt: 570 },
  ])('of $lifetime s is renewed before it expires', async ({ lifetime, keptUntil, renewedAt }) => {
    start({ token: (count) => tokenAnswer(count, lifetime) });
    await call();
    port.clock.advance(keptUntil * 1000);
    await call();
    port.clock.advance((renewedAt - keptUntil) * 1000);
    await Promise.all([call(), call()]);
    expect(authorizations()).toEqual([
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-2',
      'Bearer token-2',
    ]);
  });

  it('still carries calls when renewing it early fails', async () => {
    start({ token: (count) => (count === 1 ? tokenAnswer(1) : 503) });
    await call();
    port.clock.advance(10_700_000);
    await call();
    expect(authorizations()).toEqual(['Bearer token-1', 'Bearer token-1']);
  });

  it('is not used after its end', async () => {
    start({ token: (count) => (count === 1 ? tokenAnswer(1) : 503) });
    await call();
    port.clock.advance(10_800_000);
    await expect(call()).rejects.toMatchObject({ details: { status: 503 } });
    expect(port.calls).toHaveLength(1);
  });

  it('is replaced once for all calls that were refused, and the calls are repeated', async () => {
    start({
      answer: ({ headers }) =>
        headers.get('authorization') === 'Bearer token-1' ? 401 : { body: { ok: true } },
    });
    await Promise.all([call(), call(), call(), call()]);
    expect(port.tokenCalls).toHaveLength(2);
    expect(authorizations().slice(4)).toEqual(Array(4).fill('Bearer token-2'));
  });

  it('is replaced once when refusals of the old one come late', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    start({
      answer: async ({ headers }, index) => {
        if (index === 1) await held;
        return headers.get('authorization') === 'Bearer token-1' ? 401 : { body: { ok: true } };
      },
    });
    const calls = [call(), call()];
    await Promise.race(calls);
    expect(port.tokenCalls).toHaveLength(2);
    release();
    await Promise.all(calls);
    expect(port.tokenCalls).toHaveLength(2);
  });

  it('is replaced once per call: a second 401 is an answer', async () => {
    start({ answer: () => 401 });
    await expect(call()).rejects.toMatchObject({ failure: 'status', details: { status: 401 } });
    expect(port.calls).toHaveLength(2);
    expect(port.tokenCalls).toHaveLength(2);
  });

  it('leaves a call refused when there is no other', async () => {
    start({ answer: () => 401, token: (count) => (count === 1 ? tokenAnswer(1) : 401) });
    await expect(call()).rejects.toMatchObject({ subject: 'blueprints', details: { status: 401 } });
    expect(port.calls).toHaveLength(1);
  });
});

describe('authenticate', () => {
  const problem = async (token: MockPortOptions['token']): Promise<unknown> => {
    start(token === undefined ? {} : { token });
    try {
      await port.client.authenticate();
    } catch (error) {
      return error instanceof ProblemError ? error.problems[0] : error;
    }
    return null;
  };
  const html = (status: number): Response =>
    new Response('<!doctype html><p>hello', { status, headers: { 'content-type': 'text/html' } });

  it('passes with good credentials', async () => {
    expect(await problem(tokenAnswer)).toBeNull();
    expect(port.tokenCalls).toHaveLength(1);
  });

  it.each([401, 403, 422])('blames the credentials for a %i of Port', async (status) => {
    expect(await problem(() => status)).toEqual({
      code: 'credentials-refused',
      side: 'port',
      variables: ['PORT_CLIENT_ID', 'PORT_CLIENT_SECRET'],
      origin: 'https://port.test',
      reason: `${status} error_${status}: message of ${status}`,
    });
    expect(port.tokenCalls).toHaveLength(1);
  });

  it.each<[string, () => Response | number]>([
    ['404', () => 404],
    ['a web page', () => html(200)],
    ['JSON of another shape', () => Response.json({ hello: 'world' })],
    ['a redirect to another origin', () => Response.redirect('https://other.test/', 302)],
  ])('blames the base URL for %s', async (_, answer) => {
    expect(await problem(answer)).toMatchObject({
      code: 'setting-invalid',
      spelling: 'PORT_BASE_URL',
      reason: expect.stringContaining('https://port.test does not answer as the Port API'),
    });
  });

  it.each<[string, () => Response | number]>([
    ['500', () => 500],
    ['a gateway that has no server', () => html(502)],
    ['a proxy that refuses', () => html(403)],
    ['no connection', () => Response.error()],
  ])('blames nobody but the server for %s', async (_, answer) => {
    expect(await problem(answer)).toMatchObject({ code: 'server-unavailable', side: 'port' });
  });

  it('shows the credentials nowhere', async () => {
    start({ token: () => 401 });
    const error: unknown = await port.client.authenticate().catch((reason: unknown) => reason);
    const shown = error instanceof ProblemError ? [error.problems, error.cause] : [];
    expect(shown[1]).toBeInstanceOf(HttpError);
    expect(JSON.stringify(shown)).not.toMatch(/the-id|the-secret/);
  });
});
