import { describe, expect, it } from '@jest/globals';
import { anEmptyPort, credentials, field, send } from './a-port.js';

const TOKEN = 'POST /v1/auth/access_token';

describe('the access token', () => {
  it('is the same one until it expires, with ever less time left', async () => {
    const { port, clock } = await anEmptyPort({ tokenLifetimeSeconds: 60 });
    const first = await send(port, TOKEN, { body: credentials });
    expect(first).toMatchObject({
      status: 200,
      body: { ok: true, expiresIn: 60, tokenType: 'Bearer' },
    });
    clock.advance(45_500);
    const second = await send(port, TOKEN, { body: credentials });
    expect(second.body).toMatchObject({
      accessToken: field(first.body, 'accessToken'),
      expiresIn: 14,
    });
    clock.advance(14_500);
    const third = await send(port, TOKEN, { body: credentials });
    expect(field(third.body, 'accessToken')).not.toBe(field(first.body, 'accessToken'));
    expect(third.body).toMatchObject({ expiresIn: 60 });
  });

  it('lasts three hours unless told otherwise', async () => {
    const { port } = await anEmptyPort();
    const { body } = await send(port, TOKEN, { body: credentials });
    expect(body).toMatchObject({ expiresIn: 10_800 });
  });

  it.each([
    { ...credentials, clientId: 'another' },
    { ...credentials, clientSecret: 'another' },
  ])('is refused to wrong credentials: %j', async (body) => {
    const { port } = await anEmptyPort();
    expect(await send(port, TOKEN, { body })).toMatchObject({
      status: 401,
      body: { ok: false, error: 'unauthorized' },
    });
  });

  it.each([{ clientId: 'the-client' }, { ...credentials, scope: 'all' }])(
    'wants exactly the two credentials: %j breaks the contract',
    async (body) => {
      const { port, takeViolations } = await anEmptyPort();
      expect(await send(port, TOKEN, { body })).toMatchObject({ status: 422 });
      expect(takeViolations()).toHaveLength(1);
    },
  );
});

describe('a call', () => {
  it.each([
    ['no token', undefined],
    ['a wrong token', 'Bearer wrong'],
    ['a bare token', 'built-in-port-token-1'],
  ])('with %s is unauthorized', async (_, authorization) => {
    const { port } = await anEmptyPort();
    await send(port, TOKEN, { body: credentials });
    const headers = authorization === undefined ? {} : { authorization };
    expect(await send(port, 'GET /v1/blueprints', { headers })).toMatchObject({
      status: 401,
      body: { ok: false, error: 'unauthorized' },
    });
  });

  it('with a token that expired is unauthorized', async () => {
    const { port, clock } = await anEmptyPort({ tokenLifetimeSeconds: 60 });
    const { body } = await send(port, TOKEN, { body: credentials });
    const headers = { authorization: `Bearer ${field(body, 'accessToken')}` };
    clock.advance(59_999);
    expect(await send(port, 'GET /v1/blueprints', { headers })).toMatchObject({ status: 200 });
    clock.advance(1);
    expect(await send(port, 'GET /v1/blueprints', { headers })).toMatchObject({ status: 401 });
  });

  it('with a token that was ended by hand is unauthorized, and the next token is another', async () => {
    const { port } = await anEmptyPort();
    const { body } = await send(port, TOKEN, { body: credentials });
    const headers = { authorization: `Bearer ${field(body, 'accessToken')}` };
    port.expireToken();
    expect(await send(port, 'GET /v1/blueprints', { headers })).toMatchObject({ status: 401 });
    const next = await send(port, TOKEN, { body: credentials });
    expect(field(next.body, 'accessToken')).not.toBe(field(body, 'accessToken'));
  });
});

describe('the organization', () => {
  it('tells its feature flags', async () => {
    const { call } = await anEmptyPort({ featureFlags: ['LAKEHOUSE_ELIGIBLE'] });
    expect(await call('GET /v1/organization')).toMatchObject({
      status: 200,
      body: { ok: true, organization: { featureFlags: ['LAKEHOUSE_ELIGIBLE'] } },
    });
  });
});

describe('every answer', () => {
  it('tells the rate limit and a trace id, a refusal included', async () => {
    const { port, clock } = await anEmptyPort({ rateLimit: { limit: 3, periodSeconds: 60 } });
    const remaining: (string | null)[] = [];
    const traces = new Set<string | null>();
    for (let count = 0; count < 3; count += 1) {
      const { headers, status } = await send(port, 'GET /v1/blueprints');
      expect(status).toBe(401);
      remaining.push(headers.get('x-ratelimit-remaining'));
      traces.add(headers.get('x-trace-id'));
      expect(headers.get('x-ratelimit-limit')).toBe('3');
      expect(headers.get('x-ratelimit-period')).toBe('60');
      expect(headers.get('x-ratelimit-reset')).toBe(String(clock.now() / 1000 + 60));
    }
    expect(remaining).toEqual(['2', '1', '0']);
    expect(traces.size).toBe(3);
  });

  it('is 429 beyond the limit, until the window ends', async () => {
    const { port, clock } = await anEmptyPort({ rateLimit: { limit: 1, periodSeconds: 60 } });
    await send(port, TOKEN, { body: credentials });
    expect(await send(port, TOKEN, { body: credentials })).toMatchObject({ status: 429 });
    clock.advance(60_000);
    expect(await send(port, TOKEN, { body: credentials })).toMatchObject({ status: 200 });
  });
});
