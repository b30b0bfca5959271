import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer as createHttpsServer, type Server } from 'node:https';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server as NetServer } from 'node:net';
import type { DispatcherOptions } from '../../src/http/dispatcher.js';
import { noProxies } from '../../src/http/proxy-route.js';
import { failureOf, textOf } from './a-client.js';
import { authorityCertificate, serverCertificate, serverKey } from './certificates.js';
import { listen, startHttpProxy, startSocksProxy, type TestProxy } from './proxy-servers.js';

const authorities = [{ spelling: '--ca-file', pem: authorityCertificate }];
const SECURE = 'https://server.example.com';
const PLAIN = 'http://server.example.com:7990';

let secure: Server;
let plain: NetServer;
/** Its own address, and what it was told. */
let secureHost: string;
let plainHost: string;

beforeAll(async () => {
  secure = createHttpsServer({ key: serverKey, cert: serverCertificate }, (_request, response) =>
    response.end('secure'),
  );
  plain = createHttpServer(({ headers }, response) =>
    response.end(`plain for ${headers.host ?? ''}`),
  );
  secureHost = await listen(secure);
  plainHost = await listen(plain);
});
afterAll(() => {
  for (const server of [secure, plain]) server.close();
});

const portOf = (host: string): number => Number(host.split(':')[1]);

/** A proxy for everything, and for https alone. */
const through = (url: string): Partial<DispatcherOptions> => ({
  proxies: { ...noProxies, httpsProxy: url, httpProxy: url },
  authorities,
});

describe('an HTTP proxy', () => {
  let proxy: TestProxy;
  let status = 200;

  beforeAll(async () => {
    proxy = await startHttpProxy(
      () => portOf(secureHost),
      () => status,
    );
  });
  beforeEach(() => {
    status = 200;
    proxy.asked.length = 0;
  });
  afterAll(() => {
    proxy.close();
  });

  it('makes a tunnel, with the private authority at its end', async () => {
    expect(await textOf(SECURE, through(`http://me:secret@${proxy.host}`))).toBe('secure');
    expect(proxy.asked).toEqual([
      { what: 'CONNECT server.example.com:443', by: basic('me:secret') },
    ]);
  });

  it.each([
    ['a domain in front', 'corp%5Cuser:p%40ss%25', 'corp\\user:p@ss%'],
    ['no password', 'me', 'me:'],
  ])('is told a name with %s', async (_name, written, meant) => {
    expect(await textOf(SECURE, through(`http://${written}@${proxy.host}`))).toBe('secure');
    expect(proxy.asked.map(({ by }) => by)).toEqual([basic(meant)]);
  });

  it('is reached by TLS where its address says so, for both', async () => {
    const way = await startHttpProxy(() => portOf(plainHost));
    const front = createHttpsServer({ key: serverKey, cert: serverCertificate });
    front.on('connect', (request, client, head) => inner.emit('connect', request, client, head));
    const inner = createHttpServer();
    inner.on('connect', ({ url }, client) => {
      asked.push(url ?? '');
      client.end('HTTP/1.1 503 No\r\n\r\n');
    });
    const asked: string[] = [];
    const host = await listen(front);

    const { reason } = await failureOf(PLAIN, through(`https://${host}`));

    expect(reason).toContain('the proxy answered 503');
    expect(asked[0]).toBe('server.example.com:7990');
    front.close();
    front.closeAllConnections();
    way.close();
  });

  it('sends on what goes without TLS, told who it is for', async () => {
    const way = await startHttpProxy(() => portOf(plainHost));
    const url = `${PLAIN}/rest/api?limit=1`;
    expect(await textOf(url, through(`http://me:secret@${way.host}`))).toBe(
      'plain for server.example.com:7990',
    );
    expect(way.asked).toEqual([{ what: `GET ${url}`, by: basic('me:secret') }]);
    way.close();
  });

  it.each(['*', '10.0.0.1,127.0.0.2', '127.0.0.0/8', '127.*', 'http://127.0.0.2/'])(
    'is passed by for hosts of NO_PROXY: %s',
    async (noProxy) => {
      // Nothing listens there: what is not refused has gone through the proxy.
      const url = `http://127.0.0.2:${portOf(plainHost)}`;
      const { proxies = noProxies, ...rest } = through(`http://${proxy.host}`);
      const { reason } = await failureOf(url, { ...rest, proxies: { ...proxies, noProxy } });
      expect(reason).toContain(`cannot connect to ${url}`);
      expect(proxy.asked).toEqual([]);
    },
  );

  it('is passed by for this machine, whatever NO_PROXY says', async () => {
    expect(await textOf(`https://${secureHost}`, through(`http://${proxy.host}`))).toBe('secure');
    expect(proxy.asked).toEqual([]);
  });

  // More than one request with a wrong password locks accounts.
  it.each([
    ['a tunnel', SECURE, 'CONNECT server.example.com:443'],
    ['a plain request', PLAIN, `GET ${PLAIN}/`],
  ])('that wants another password for %s is asked once', async (_name, url, what) => {
    status = 407;
    const { reason, requests, told } = await failureOf(
      url,
      through(`http://me:wrong@${proxy.host}`),
    );
    expect(reason).toBe(
      `the proxy answered 407 when it was asked to connect to ${url}: it wants a name and password, in the address of the proxy`,
    );
    expect(requests).toBe(1);
    expect(proxy.asked).toEqual([{ what, by: basic('me:wrong') }]);
    for (const secret of ['me:wrong', basic('me:wrong')]) expect(told).not.toContain(secret);
  });

  it.each([
    [403, '', 1],
    [503, ', after 6 attempts', 6],
  ])('that answers %d for a tunnel is told as such', async (answered, ending, requests) => {
    status = answered;
    expect(await failureOf(SECURE, through(`http://${proxy.host}`))).toMatchObject({
      reason: `the proxy answered ${answered} when it was asked to connect to ${SECURE}${ending}`,
      requests,
    });
    expect(proxy.asked).toHaveLength(requests);
  });

  it('leads to a server whose certificate is for another one: told at once', async () => {
    const url = 'https://other.example.com';
    for (const socks of [false, true]) {
      const way = socks ? await startSocksProxy(() => portOf(secureHost)) : proxy;
      const scheme = socks ? 'socks5' : 'http';
      expect(await failureOf(url, through(`${scheme}://${way.host}`))).toMatchObject({
        reason: `cannot connect to ${url}: its certificate is made for another host name (ERR_TLS_CERT_ALTNAME_INVALID)`,
        requests: 1,
      });
      if (socks) way.close();
    }
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('a SOCKS5 proxy', () => {
  let proxy: TestProxy;
  let reply = 0;

  beforeAll(async () => {
    proxy = await startSocksProxy(
      () => portOf(secureHost),
      () => reply,
    );
  });
  beforeEach(() => {
    reply = 0;
    proxy.asked.length = 0;
  });
  afterAll(() => {
    proxy.close();
  });

  it.each([
    ['socks5', 'with a name and password', 'corp%5Cme:secret@', 'corp\\me:secret'],
    ['socks5h', 'without', '', 'nobody'],
    ['socks', 'with a name alone', 'me@', 'me:'],
  ])('leads to the server, as %s:// %s, and resolves its name', async (scheme, _, user, by) => {
    expect(await textOf(SECURE, through(`${scheme}://${user}${proxy.host}`))).toBe('secure');
    expect(proxy.asked).toEqual([{ what: 'server.example.com:443', by }]);
  });

  it('leads to a server without TLS as well', async () => {
    const way = await startSocksProxy(() => portOf(plainHost));
    expect(await textOf(PLAIN, through(`socks5://${way.host}`))).toContain('plain');
    expect(way.asked).toEqual([{ what: 'server.example.com:7990', by: 'nobody' }]);
    way.close();
  });

  it.each([
    [
      'the password',
      'me:wrong@',
      0,
      'the SOCKS proxy wants another name and password, in its address',
      1,
    ],
    ['the host', '', 2, `the SOCKS proxy does not let us connect to ${SECURE}`, 1],
    [
      'for the moment',
      '',
      4,
      `the SOCKS proxy could not connect to ${SECURE}: it cannot be reached, or its name not resolved, after 6 attempts`,
      6,
    ],
    [
      'as the server does',
      '',
      5,
      `the SOCKS proxy could not connect to ${SECURE}: the connection was refused, after 6 attempts`,
      6,
    ],
  ])('that refuses %s is told as such', async (_name, user, code, reason, requests) => {
    reply = code;
    const failure = await failureOf(SECURE, through(`socks5://${user}${proxy.host}`));
    expect(failure).toMatchObject({ reason, requests });
    expect(failure.told).not.toContain('wrong');
  });
});

/** Proxies that are none: what answers each connection, and the bytes that it sends. */
describe('what is no proxy', () => {
  const servers: NetServer[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** Greets whoever connects with `bytes`, or hangs up. */
  async function something(bytes: string | Buffer | null): Promise<string> {
    const server = createServer((client) => {
      client.on('error', () => client.destroy());
      client.once('data', () => {
        if (bytes === null) client.destroy();
        else client.end(bytes);
      });
    });
    servers.push(server);
    return await listen(server);
  }

  const noHttp = 'what answers on this port does not speak HTTP';
  const cut = 'the connection was cut before an answer came (ECONNRESET), after 6 attempts';

  it.each<[string, string, string | Buffer | null, string, number]>([
    ['http', SECURE, 'SSH-2.0-OpenSSH_9.9\r\n', `cannot be reached: ${noHttp}`, 1],
    ['http', SECURE, null, `cannot be reached: ${cut}`, 6],
    [
      'https',
      SECURE,
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      'cannot be reached: it does not speak TLS on this port; should the URL start with http://? (ERR_SSL_WRONG_VERSION_NUMBER)',
      1,
    ],
  ])('is named: %s:// for %s that answers %j', async (scheme, url, bytes, words, requests) => {
    const host = await something(bytes);
    expect(await failureOf(url, through(`${scheme}://${host}`))).toMatchObject({
      reason: `the proxy ${host} ${words}`,
      requests,
    });
  });

  it.each<[string, string | Buffer]>([
    ['an HTTP server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a SOCKS4 proxy', Buffer.from([0, 0x5b, 0, 0, 0, 0, 0, 0])],
  ])('is named: a SOCKS5 proxy that is %s', async (_name, bytes) => {
    expect(await failureOf(SECURE, through(`socks5://${await something(bytes)}`))).toMatchObject({
      reason: 'what answers as the SOCKS proxy does not speak SOCKS5',
      requests: 1,
    });
  });

  it('is named: a SOCKS5 proxy that hangs up', async () => {
    const host = await something(null);
    expect(await failureOf(SECURE, through(`socks5://${host}`))).toMatchObject({
      reason: `the SOCKS proxy could not connect to ${SECURE}: it cut the connection, after 6 attempts`,
      requests: 6,
    });
  });

  it.each([
    ['http', SECURE],
    ['http', PLAIN],
    ['socks5', SECURE],
  ])('is named: %s:// for %s where nobody listens', async (scheme, url) => {
    const host = await something(null);
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
    expect(await failureOf(url, through(`${scheme}://me:secret@${host}`))).toMatchObject({
      reason: `the proxy ${host} cannot be reached: the connection was refused (ECONNREFUSED), after 6 attempts`,
      requests: 6,
    });
  });
});

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
