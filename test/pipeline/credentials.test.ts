import { afterEach, describe, expect, it } from '@jest/globals';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const inOneLine = (text: string): string => text.replace(/\s+/gu, ' ');

describe('wrong credentials', () => {
  it('of Bitbucket end the run with 3, before anything is written', async () => {
    world = await startWorld(aCompany().build());

    const { exitCode, result } = await world.run('sync', {
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: 'not-the-password',
    });

    expect(exitCode).toBe(3);
    // As this user spelled them.
    expect(inOneLine(result)).toContain(
      `Bitbucket at ${world.bitbucket.url} refused OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME and OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: answered 401 Unauthorized`,
    );
    expect(result).toContain('One of them is wrong, expired or revoked');
    expect(world.port.writes).toEqual([]);
  });

  it.each([
    ['Bitbucket', 'OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD'],
    ['Port', 'OCEAN__PORT__CLIENT_SECRET'],
  ])('of %s are looked at, and never shown', async (_, variable) => {
    world = await startWorld(aCompany().build());

    const { exitCode, result, stderr } = await world.run('sync', { [variable]: '"quoted-secret"' });

    expect(exitCode).toBe(3);
    expect(inOneLine(result)).toContain(
      `${variable} stands in quotes, which count as a part of it: leave them out`,
    );
    expect(result + stderr).not.toContain('quoted-secret');
  });

  it('of Bitbucket are tried once only, as the account would be locked', async () => {
    world = await startWorld(aCompany().build());

    await world.run('sync', { OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: 'not-the-password' });

    expect(world.bitbucket.requests).toHaveLength(1);
  });

  it('of Port end the run with 3', async () => {
    world = await startWorld(aCompany().build());

    const { exitCode, result } = await world.run('sync', {
      OCEAN__PORT__CLIENT_SECRET: 'not-the-secret',
    });

    expect(exitCode).toBe(3);
    expect(result).toContain(`Port at ${world.port.url} refused OCEAN__PORT__CLIENT_ID and`);
    expect(result).toContain('One of them is wrong, expired or revoked');
  });

  it('of both sides are told in one go', async () => {
    world = await startWorld(aCompany().build());

    const { exitCode, result } = await world.run('sync', {
      OCEAN__PORT__CLIENT_SECRET: 'not-the-secret',
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: 'not-the-password',
    });

    expect(exitCode).toBe(3);
    expect(result).toContain('Port at');
    expect(result).toContain('Bitbucket at');
  });

  it('never show, and neither does a stack', async () => {
    world = await startWorld(aCompany().build());

    const { stdout, stderr } = await world.run('sync --concurrency 4 --log-level debug', {
      OCEAN__PORT__CLIENT_SECRET: 'not-the-secret',
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: 'not-the-password',
    });

    expect(stdout + stderr).not.toMatch(/not-the-|bitbucket-secret|port-secret/u);
    expect(stdout + stderr).not.toMatch(/^\s+at /mu);
    // Where each setting comes from shows all the same.
    expect(stderr).toContain('port.clientSecret = *** (OCEAN__PORT__CLIENT_SECRET)\n');
    expect(stderr).toContain('sync.concurrency = 4 (--concurrency)\n');
  });
});

describe('an account that Bitbucket has locked', () => {
  it('is told from a wrong password', async () => {
    world = await startWorld(aCompany().build(), { bitbucket: { captchaAfter: 1 } });
    const wrong = { OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: 'not-the-password' };
    await world.run('sync', wrong);

    const { exitCode, result } = await world.run('sync', wrong);

    expect(exitCode).toBe(3);
    expect(result).toContain('asks for a CAPTCHA');
  });
});

describe('a Bearer token', () => {
  it('is enough for Data Center', async () => {
    world = await startWorld(aCompany().withRepository('PAY', 'api').build(), {
      bitbucket: { token: 'a-bearer-token' },
    });

    const { exitCode } = await world.run('sync', {
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME: '',
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: '',
      BITBUCKET_TOKEN: 'a-bearer-token',
    });

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toEqual(['api']);
  });
});

describe('missing settings', () => {
  it('are told all at once, with 2, and nothing is sent', async () => {
    world = await startWorld(aCompany().build());

    const { exitCode, stderr } = await world.run('sync', {
      OCEAN__PORT__CLIENT_ID: '',
      OCEAN__PORT__CLIENT_SECRET: '',
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: '',
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('PORT_CLIENT_ID');
    expect(stderr).toContain('PORT_CLIENT_SECRET');
    expect(stderr).toContain('BITBUCKET_PASSWORD');
    expect([...world.bitbucket.requests, ...world.port.requests]).toEqual([]);
  });
});
