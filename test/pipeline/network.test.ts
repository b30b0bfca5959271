import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { Answer } from '../../src/sandbox/loopback.js';
import { startHttpProxy, startSocksProxy, listen, type TestProxy } from '../http/proxy-servers.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type RunResult, type World } from '../world/a-world.js';

/** As names, because this machine itself is never reached through a proxy. */
const BITBUCKET = 'http://bitbucket.example.com';
const PORT = 'http://port.example.com';

let world: World;
const proxies: TestProxy[] = [];

beforeEach(async () => {
  world = await startWorld(aCompany().withRepository('PAY', 'api').build());
});
afterEach(async () => {
  for (const proxy of proxies.splice(0)) proxy.close();
  await world.close();
});

/** Where the two names lead to. */
function portOf(host: string): number {
  const url = host === new URL(PORT).hostname ? world.port.url : world.bitbucket.url;
  return Number(new URL(url).port);
}

async function aProxy(starting: Promise<TestProxy>): Promise<TestProxy> {
  const proxy = await starting;
  proxies.push(proxy);
  return proxy;
}

const addresses = {
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL: BITBUCKET,
  OCEAN__PORT__BASE_URL: PORT,
};

const sync = (env: Readonly<Record<string, string>>, line = 'sync'): Promise<RunResult> =>
  world.run(line, { ...addresses, ...env });

describe('a run through a proxy', () => {
  it.each([
    ['http', 'HTTP_PROXY'],
    ['http', 'ALL_PROXY'],
    ['socks5', 'http_proxy'],
    ['socks5h', 'all_proxy'],
  ])('%s:// in %s loads everything', async (scheme, variable) => {
    const start = scheme === 'http' ? startHttpProxy : startSocksProxy;
    const proxy = await aProxy(start(portOf));
    const env = { [variable]: `${scheme}://corp%5Cme:secret@${proxy.host}` };

    const { exitCode, stdout, stderr } = await sync(env);

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toHaveLength(1);
    expect(new Set(proxy.asked.map(({ by }) => by))).toEqual(
      new Set([scheme === 'http' ? `Basic ${btoa('corp\\me:secret')}` : 'corp\\me:secret']),
    );
    expect(stdout + stderr).not.toContain('secret');
  });

  it('is told by check, for each side', async () => {
    const proxy = await aProxy(startSocksProxy(portOf));
    const env = { ALL_PROXY: `socks5://me:secret@${proxy.host}`, NO_PROXY: 'example.org,10.*' };
    const { exitCode, stdout } = await sync(env, 'check');
    expect(exitCode).toBe(0);
    for (const side of ['Bitbucket at bitbucket.example.com', 'Port at port.example.com']) {
      expect(stdout.replace(/\s+/gu, ' ')).toContain(
        `${side} is reached through the proxy ${proxy.host}`,
      );
    }
    expect(stdout).not.toContain('secret');
  });

  // Each further request with a wrong password brings the account nearer to being locked.
  it('that wants another password asks each side once, and says whose password it is', async () => {
    const proxy = await aProxy(startHttpProxy(portOf, () => 407));
    const { exitCode, result } = await sync({ HTTP_PROXY: `http://me:wrong@${proxy.host}` });
    expect(exitCode).toBe(6);
    expect(result).toContain('it wants a name and password, in the address of the proxy');
    expect(proxy.asked.length).toBeLessThanOrEqual(2);
    expect(
      new Set(proxy.asked.map(({ what }) => new URL(what.split(' ')[1] ?? '').origin)).size,
    ).toBe(proxy.asked.length);
    expect(world.bitbucket.requests).toEqual([]);
  });

  it.each(['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'])(
    'whose address in %s holds a backslash ends with 2, and how to write it',
    async (variable) => {
      const { exitCode, result, stderr } = await sync({
        [variable]: 'http://corp\\me:secret@proxy',
      });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${variable} must not hold a backslash; write it as %5C`);
      expect(result + stderr).not.toContain('secret');
    },
  );
});

describe('NO_PROXY', () => {
  it.each([
    '127.0.0.2',
    '*',
    '127.0.0.0/8',
    '127.*',
    'example.com http://127.0.0.2/',
    '10.0.0.1;127.0.0.2.',
    '127.0.0.2:7990,127.0.0.2:7991',
  ])('is honoured by a run: %s', async (noProxy) => {
    const proxy = await aProxy(startHttpProxy(portOf));
    // Nothing listens there.
    const { exitCode } = await world.run('check', {
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL: 'http://127.0.0.2:7990',
      OCEAN__PORT__BASE_URL: 'http://127.0.0.2:7991',
      HTTP_PROXY: `http://${proxy.host}`,
      NO_PROXY: noProxy,
    });
    expect(exitCode).not.toBe(0);
    expect(proxy.asked).toEqual([]);
  });

  it.each(['sync', 'check'])('warns in %s of an entry that can cover no host', async (command) => {
    const { exitCode, result, stdout } = await world.run(command, {
      HTTPS_PROXY: 'http://127.0.0.1:1',
      NO_PROXY: '10.0.0.0/8, 10.*, .example.com, 10.0, http://10.0.0.1/x',
    });
    expect(exitCode).toBe(0);
    const said = command === 'check' ? stdout.replace(/\s+/gu, ' ') : result;
    for (const entry of ['10.0', 'http://10.0.0.1/x']) {
      expect(said).toContain(`${entry} covers no host`);
    }
    expect(said).not.toContain('10.* covers no host');
  });
});

describe('what is not the server that was meant', () => {
  it.each([
    ['Bitbucket', 'OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL', 3],
    ['Port', 'OCEAN__PORT__BASE_URL', 2],
  ])('a sign-in page in place of %s is asked once', async (_side, variable, expected) => {
    let requests = 0;
    const page = createServer((_request, response) => {
      requests += 1;
      response.setHeader('content-type', 'text/html').end('<html>Sign in</html>');
    });
    const url = `http://${await listen(page)}`;
    const { exitCode, result } = await world.run('sync', { [variable]: url });
    expect(exitCode).toBe(expected);
    expect(result).toContain('a sign-in page or a proxy stands in between');
    expect(requests).toBe(1);
    expect(world.port.writes).toEqual([]);
    page.close();
  });

  it.each([
    ['OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL', () => world.bitbucket.url],
    ['OCEAN__PORT__BASE_URL', () => world.port.url],
  ])('https:// in %s where there is none is told at once', async (variable, url) => {
    const { result, stderr } = await world.run('sync', {
      [variable]: url().replace('http:', 'https:'),
    });
    expect(result).toContain(
      'it does not speak TLS on this port; should the URL start with http://?',
    );
    expect(stderr).not.toContain('another attempt');
  });

  it('headers of nearly 64 KiB before every answer are read', async () => {
    const headers = { 'x-cookies': 'x'.repeat(60 * 1024) };
    const change = (answer: Answer): Answer => ({
      ...answer,
      headers: { ...answer.headers, ...headers },
    });
    world.bitbucket.fail({ when: () => true, fault: { type: 'changed', change } });
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toHaveLength(1);
  });
});
