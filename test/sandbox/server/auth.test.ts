import { afterEach, describe, expect, it } from '@jest/globals';
import type { DataCenterOptions } from '../../../src/sandbox/server/data-center.js';
import { aCompany } from '../../world/a-company.js';
import { aDataCenter, basic, type TestDataCenter } from './a-data-center.js';

let running: TestDataCenter | undefined;

async function start(options: Partial<DataCenterOptions> = {}): Promise<TestDataCenter> {
  running = await aDataCenter({ company: aCompany().withProject('PAY').build(), ...options });
  return running;
}

afterEach(async () => {
  await running?.server.close();
  running = undefined;
});

const wrong = { authorization: basic('admin', 'guess') };

function refusal(exceptionName: string): unknown {
  return { errors: [{ context: null, message: expect.any(String), exceptionName }] };
}

describe('who may read', () => {
  it('is a user with a password, whom the answer names', async () => {
    const { get } = await start();
    const { status, headers } = await get('/projects');
    expect(status).toBe(200);
    expect(headers.get('x-ausername')).toBe('admin');
    expect(headers.get('x-auserid')).toBe('1');
  });

  it('is the bearer of a token, who acts as the user', async () => {
    const { get } = await start({ token: 'abc' });
    const { status, headers } = await get('/projects', { authorization: 'Bearer abc' });
    expect(status).toBe(200);
    expect(headers.get('x-ausername')).toBe('admin');
  });

  it('is nobody without credentials', async () => {
    const { get, server } = await start();
    const { status, headers, body } = await get('/projects', {});
    expect(status).toBe(401);
    expect(headers.get('x-ausername')).toBeNull();
    expect(body).toEqual(refusal('com.atlassian.bitbucket.AuthorisationException'));
    expect(server.violations).toEqual([]);
  });

  it.each([
    ['a wrong password', basic('admin', 'guess')],
    ['a wrong user', basic('root')],
    ['a wrong token', 'Bearer xyz'],
    ['the token as a password', basic('admin', 'abc')],
    ['an unknown scheme', 'Negotiate abc'],
  ])('is not somebody with %s', async (_, authorization) => {
    const { get } = await start({ token: 'abc' });
    const { status, body } = await get('/projects', { authorization });
    expect(status).toBe(401);
    expect(body).toEqual(
      refusal('com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException'),
    );
  });

  it('is everybody for the version', async () => {
    const { get } = await start({ version: '8.19.12' });
    const { status, body } = await get('/application-properties', {});
    expect(status).toBe(200);
    expect(body).toEqual({
      version: '8.19.12',
      buildNumber: '8019012',
      buildDate: '1730332800000',
      displayName: 'Bitbucket',
    });
    expect((await get('/application-properties', wrong)).status).toBe(401);
  });
});

describe('wrong passwords', () => {
  it.each([undefined, 401, 403] as const)(
    'lock the account after the number that was set (status %s)',
    async (captchaStatus) => {
      const status = captchaStatus === undefined ? {} : { captchaStatus };
      const { get, server } = await start({ captchaAfter: 2, ...status });
      expect((await get('/projects', wrong)).status).toBe(401);
      expect((await get('/projects', wrong)).status).toBe(401);
      const locked = await get('/projects');
      expect(locked.status).toBe(captchaStatus ?? 403);
      expect(locked.headers.get('x-authentication-denied-reason')).toBe(
        `CAPTCHA_CHALLENGE; login-url=${server.url}/login`,
      );
      expect(locked.body).toEqual(
        refusal('com.atlassian.bitbucket.auth.CaptchaRequiredAuthenticationException'),
      );
      server.reset();
      expect((await get('/projects')).status).toBe(200);
    },
  );

  it('are forgiven by a right one in between', async () => {
    const { get } = await start({ captchaAfter: 2 });
    await get('/projects', wrong);
    await get('/projects');
    await get('/projects', wrong);
    expect((await get('/projects')).status).toBe(200);
  });
});
