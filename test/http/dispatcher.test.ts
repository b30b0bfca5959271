import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { Server } from 'node:http';
import { createDispatcher, type DispatcherOptions } from '../../src/http/dispatcher.js';
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
  const under = aClient(origin, { connections: createDispatcher({ env: {}, ...options }) });
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

  it('of the environment takes the tunnel, with the private authority at its end', async () => {
    asked.length = 0;
    const env = { HTTPS_PROXY: `http://me:secret@${address()}` };
    expect(await textOf('https://server.example.com', { env, authorities })).toBe('secure');
    expect(asked).toEqual(['CONNECT server.example.com:443']);
    expect(proxyAuthorization).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
  });

  it.each(['https_proxy', 'ALL_PROXY', 'all_proxy'])(
    'may be named by %s, without a scheme',
    async (name) => {
      asked.length = 0;
      const env = { [name]: address() };
      expect(await textOf('https://server.example.com', { env, authorities })).toBe('secure');
      expect(asked).toEqual(['CONNECT server.example.com:443']);
    },
  );

  it('serves a URL without TLS as well, without a tunnel', async () => {
    asked.length = 0;
    const env = { HTTP_PROXY: `http://${address()}` };
    expect(await textOf('http://server.example.com:7990/path', { env })).toBe('from the proxy');
    expect(asked).toEqual(['GET http://server.example.com:7990/path']);
  });

  it('is passed by for hosts of NO_PROXY, and for this machine always', async () => {
    asked.length = 0;
    const env = { HTTPS_PROXY: `http://${address()}`, NO_PROXY: 'other.example, 10.0.0.1' };
    expect(await textOf(secureUrl(), { env, authorities })).toBe('secure');
    // Nothing listens there: what is not refused has gone through the proxy.
    const elsewhere = secureUrl().replace('127.0.0.1', '127.0.0.2');
    for (const NO_PROXY of ['*', '10.0.0.1,127.0.0.2', `127.0.0.2:${portOf(secure)}`]) {
      await using(elsewhere, { env: { ...env, NO_PROXY } }, async ({ client }) => {
        const error = await errorOf(client.text(aRequest(elsewhere, { repeatable: false })));
        expect(error.failure).toBe('network');
      });
    }
    expect(asked).toEqual([]);
    await using(elsewhere, { env }, async ({ client }) => {
      await errorOf(client.text(aRequest(elsewhere, { repeatable: false })));
    });
    expect(asked).toEqual([`CONNECT 127.0.0.2:${portOf(secure)}`]);
  });

  it('that refuses is told as such, and not asked again', async () => {
    const env = { HTTPS_PROXY: `http://${address()}` };
    await using('https://forbidden.example.com', { env }, async ({ client }) => {
      const error = await errorOf(client.text(aRequest('https://forbidden.example.com')));
      expect(error.reason).toBe(
        'the proxy answered 407 when it was asked to connect to https://forbidden.example.com',
      );
    });
  });

  it.each(['http://[', 'ftp://proxy.example.com', 'http://me:100%@proxy.example.com'])(
    'at %s is a wrong setting',
    (HTTPS_PROXY) => {
      expect(problemOf({ env: { HTTPS_PROXY } })).toEqual({
        code: 'setting-invalid',
        spelling: 'HTTPS_PROXY',
        reason: 'is not the URL of an HTTP or SOCKS5 proxy',
      });
    },
  );

  it('that is set to nothing is none, whatever the process has', async () => {
    const before = process.env.HTTPS_PROXY;
    process.env.HTTPS_PROXY = 'http://127.0.0.1:1';
    try {
      const env = { HTTPS_PROXY: ' ', HTTP_PROXY: '' };
      expect(await textOf(secureUrl(), { env, authorities })).toBe('secure');
    } finally {
      if (before === undefined) delete process.env.HTTPS_PROXY;
      else process.env.HTTPS_PROXY = before;
    }
  });
});

function problemOf(options: Partial<DispatcherOptions>): unknown {
  try {
    createDispatcher({ env: {}, ...options });
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0];
    throw error;
  }
  throw new Error('expected a problem');
}
