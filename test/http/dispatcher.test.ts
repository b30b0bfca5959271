import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  connect,
  createServer as createNetServer,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { rootCertificates } from 'node:tls';
import type { Server } from 'node:http';
import { createDispatcher, type DispatcherOptions } from '../../src/http/dispatcher.js';
import { noProxies } from '../../src/http/proxy-route.js';
import { ProblemError } from '../../src/problems/problem.js';
import { aClient, aRequest, errorOf, type ClientUnderTest } from './a-client.js';
import { authorityCertificate, serverCertificate, serverKey } from './certificates.js';

const authorities = [{ spelling: '--ca-file', pem: `# ours\n${authorityCertificate}` }];
let secure: Server;
let proxy: Server;
/** What the proxy was asked for: `CONNECT host:port`. */
const asked: string[] = [];
let proxyAuthorization: string | undefined;

beforeAll(async () => {
  secure = createHttpsServer({ key: serverKey, cert: serverCertificate }, (_request, response) => {
    response.end('secure');
  });
  proxy = createHttpServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    proxyAuthorization = request.headers['proxy-authorization'];
    if (request.url?.includes('forbidden') === true) response.writeHead(407);
    response.end('from the proxy');
  });
  proxy.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url ?? ''}`);
    proxyAuthorization = request.headers['proxy-authorization'];
    if (request.url?.startsWith('forbidden')) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const upstream = connect(portOf(secure), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  for (const server of [secure, proxy]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
});
afterAll(() => {
  for (const server of [secure, proxy]) {
    server.close();
    server.closeAllConnections();
  }
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function secureUrl(): string {
  return `https://127.0.0.1:${portOf(secure)}`;
}

async function using<Value>(
  origin: string,
  options: Partial<DispatcherOptions>,
  work: (under: ClientUnderTest) => Promise<Value>,
): Promise<Value> {
  const under = aClient(origin, {
    connections: createDispatcher({ origin: new URL(origin), ...options }),
  });
  try {
    return await work(under);
  } finally {
    await under.client.close();
  }
}

function textOf(url: string, options: Partial<DispatcherOptions>): Promise<string> {
  return using(url, options, async ({ client }) => (await client.text(aRequest(url))).body);
}

describe('certificates', () => {
  it('of an unknown authority are refused at once, with the setting that helps', async () => {
    await using(secureUrl(), {}, async ({ client }) => {
      const error = await errorOf(client.text(aRequest(secureUrl())));
      expect(error.reason).toMatch(
        /signed by an authority that is not trusted here; name .* --ca-file/,
      );
      expect(client.requests).toBe(1);
    });
  });

  it('of a private authority are trusted once it is named', async () => {
    expect(await textOf(secureUrl(), { authorities })).toBe('secure');
  });

  it('for another host name are refused even so', async () => {
    const url = secureUrl().replace('127.0.0.1', 'localhost');
    await using(url, { authorities }, async ({ client }) => {
      const error = await errorOf(client.text(aRequest(url)));
      expect(error.reason).toContain('made for another host name');
    });
  });

  it('are all accepted once verification is off', async () => {
    expect(await textOf(secureUrl(), { verify: false })).toBe('secure');
  });

  it.each([
    ['no certificate', serverKey, 'holds no PEM certificate'],
    ['an empty file', '', 'holds no PEM certificate'],
    [
      'a broken certificate',
      authorityCertificate.replace('MII', 'XXX'),
      'holds a certificate that cannot be read',
    ],
  ])('in a file with %s are a wrong setting', (_name, pem, reason) => {
    expect(problemOf({ authorities: [{ spelling: 'SSL_CERT_FILE', pem }] })).toEqual({
      code: 'setting-invalid',
      spelling: 'SSL_CERT_FILE',
      reason,
    });
  });

  it('may be many in one file', async () => {
    const pem = [...rootCertificates.slice(0, 3), authorityCertificate].join('\n');
    expect(await textOf(secureUrl(), { authorities: [{ spelling: '--ca-file', pem }] })).toBe(
      'secure',
    );
  });
});

describe('a proxy', () => {
  const address = (): string => `127.0.0.1:${portOf(proxy)}`;
  const through = (
    httpsProxy: string,
    noProxy: string | null = null,
  ): Partial<DispatcherOptions> => ({
    proxies: { ...noProxies, httpsProxy, noProxy },
    authorities,
  });

  it('takes the tunnel, with the private authority at its end', async () => {
    asked.length = 0;
    const options = through(`http://me:secret@${address()}`);
    expect(await textOf('https://server.example.com', options)).toBe('secure');
    expect(asked).toEqual(['CONNECT server.example.com:443']);
    expect(proxyAuthorization).toBe(basic('me:secret'));
  });

  it.each([
    ['a domain in front', 'corp%5Cuser:p%40ss%25', 'corp\\user:p@ss%'],
    ['no password', 'me', 'me:'],
  ])('is told a name with %s', async (_name, written, meant) => {
    expect(
      await textOf('https://server.example.com', through(`http://${written}@${address()}`)),
    ).toBe('secure');
    expect(proxyAuthorization).toBe(basic(meant));
  });

  it('serves a URL without TLS as well, without a tunnel', async () => {
    asked.length = 0;
    const proxies = { ...noProxies, httpProxy: `http://me:secret@${address()}` };
    expect(await textOf('http://server.example.com:7990/path', { proxies })).toBe('from the proxy');
    expect(asked).toEqual(['GET http://server.example.com:7990/path']);
    expect(proxyAuthorization).toBe(basic('me:secret'));
  });

  it('is passed by for hosts of NO_PROXY, and for this machine always', async () => {
    asked.length = 0;
    const url = `http://${address()}`;
    expect(await textOf(secureUrl(), through(url, 'other.example, 10.0.0.1'))).toBe('secure');
    // Nothing listens there: what is not refused has gone through the proxy.
    const elsewhere = secureUrl().replace('127.0.0.1', '127.0.0.2');
    for (const noProxy of [
      '*',
      '10.0.0.1,127.0.0.2',
      `127.0.0.2:${portOf(secure)}`,
      '127.0.0.0/8',
    ]) {
      await using(elsewhere, through(url, noProxy), async ({ client }) => {
        const error = await errorOf(client.text(aRequest(elsewhere, { repeatable: false })));
        expect(error.failure).toBe('network');
      });
    }
    expect(asked).toEqual([]);
    await using(elsewhere, through(url), async ({ client }) => {
      await errorOf(client.text(aRequest(elsewhere, { repeatable: false })));
    });
    expect(asked).toEqual([`CONNECT 127.0.0.2:${portOf(secure)}`]);
  });

  // More than one request with a wrong password locks accounts.
  it.each([
    ['a tunnel', 'https://forbidden.example.com', 'CONNECT forbidden.example.com:443'],
    ['a plain request', 'http://forbidden.example.com', 'GET http://forbidden.example.com/'],
  ])('that refuses %s is told as such, and not asked again', async (_name, url, request) => {
    asked.length = 0;
    const named = `http://me:wrong@${address()}`;
    const proxies = { ...noProxies, httpsProxy: named, httpProxy: named };
    await using(url, { proxies }, async ({ client }) => {
      const error = await errorOf(client.text(aRequest(url)));
      expect(error.reason).toBe(
        `the proxy answered 407 when it was asked to connect to ${url}: it wants a name and password, in the address of the proxy`,
      );
      expect(client.requests).toBe(1);
    });
    expect(asked).toEqual([request]);
  });
});

describe('a SOCKS5 proxy', () => {
  /** Speaks just enough of RFC 1928 and 1929, and leads to the server of these tests. */
  let socks: NetServer;
  const asked: string[] = [];
  let answersWith = 0;

  beforeAll(async () => {
    socks = createNetServer((client) => {
      client.on('error', () => client.destroy());
      void serveSocks(client, asked, () => answersWith, portOf(secure));
    });
    socks.listen(0, '127.0.0.1');
    await once(socks, 'listening');
  });
  afterAll(() => {
    socks.close();
  });

  const through = (user: string): Partial<DispatcherOptions> => ({
    proxies: {
      ...noProxies,
      httpsProxy: `socks5://${user}127.0.0.1:${(socks.address() as AddressInfo).port}`,
    },
    authorities,
  });

  it.each([
    ['with a name and password', 'corp%5Cme:secret@', 'corp\\me:secret'],
    ['without', '', 'nobody'],
  ])('leads to the server, %s, and resolves its name', async (_name, user, told) => {
    asked.length = 0;
    answersWith = 0;
    expect(await textOf('https://server.example.com', through(user))).toBe('secure');
    expect(asked).toEqual([`${told} to server.example.com:443`]);
  });

  it.each([
    [
      'the password',
      'me:wrong@',
      0,
      'the SOCKS proxy wants another name and password, in its address (ERR_SOCKS_UNAUTHORIZED)',
      1,
    ],
    ['the host', '', 2, 'the SOCKS proxy does not let us connect to it (ERR_SOCKS_REFUSED)', 1],
    [
      'for the moment',
      '',
      4,
      'the SOCKS proxy could not connect to it (ERR_SOCKS_FAILED), after 6 attempts',
      6,
    ],
  ])('that refuses %s is told as such', async (_name, user, code, words, requests) => {
    answersWith = code;
    await using('https://server.example.com', through(user), async ({ client }) => {
      const error = await errorOf(client.text(aRequest('https://server.example.com')));
      expect(error.reason).toBe(`https://server.example.com cannot be reached: ${words}`);
      expect(JSON.stringify([error, error.stack, error.cause])).not.toContain('wrong');
      expect(client.requests).toBe(requests);
    });
  });
});

/** @param answersWith the reply to the wish to connect: 0 for yes (RFC 1928, 6) */
async function serveSocks(
  client: Socket,
  asked: string[],
  answersWith: () => number,
  port: number,
): Promise<void> {
  const next = async (): Promise<Buffer> => (await once(client, 'data'))[0] as Buffer;
  let user = 'nobody';
  const methods = [...(await next()).subarray(2)];
  if (methods.includes(2)) {
    client.write(Buffer.from([5, 2]));
    const words = await next();
    const nameEnd = 2 + words[1]!;
    user = `${words.subarray(2, nameEnd).toString()}:${words.subarray(nameEnd + 1).toString()}`;
    client.write(Buffer.from([1, user.endsWith(':wrong') ? 1 : 0]));
    if (user.endsWith(':wrong')) return;
  } else client.write(Buffer.from([5, 0]));
  const wish = await next();
  const host = wish.subarray(5, 5 + wish[4]!).toString();
  asked.push(`${user} to ${host}:${wish.readUInt16BE(5 + wish[4]!)}`);
  client.write(Buffer.from([5, answersWith(), 0, 1, 0, 0, 0, 0, 0, 0]));
  if (answersWith() !== 0) return;
  const upstream = connect(port, '127.0.0.1');
  upstream.on('error', () => client.destroy());
  upstream.pipe(client).pipe(upstream);
}

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function problemOf(options: Partial<DispatcherOptions>): unknown {
  try {
    createDispatcher({ origin: new URL('https://server.example.com'), ...options });
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0];
    throw error;
  }
  throw new Error('expected a problem');
}
