import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { z } from 'zod';
import { aRequest, connected, errorOf, failureOf, textOf } from './a-client.js';
import { serverCertificate as cert, serverKey as key } from './certificates.js';
import { listen } from './proxy-servers.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Starts a server; gives its address. */
async function start(server: Server): Promise<string> {
  servers.push(server.on('tlsClientError', () => undefined));
  return await listen(server);
}

/** Sends some bytes to whoever asks for anything, and hangs up. */
const answering = (bytes: string | Buffer): Server =>
  createServer((client) => {
    client.on('error', () => client.destroy()).once('data', () => client.end(bytes));
  });

const badRequest = (text: string): Server =>
  answering(`HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n${text}`);

const onlyTls = 'it speaks TLS on this port; should the URL start with https://?';
const noTls = 'it does not speak TLS on this port; should the URL start with http://?';
const noHttp = 'what answers on this port does not speak HTTP';

describe('a wrong port', () => {
  it.each<[string, Server, 'http' | 'https', string]>([
    [
      'http, asked by https',
      createHttpServer(),
      'https',
      `${noTls} (ERR_SSL_WRONG_VERSION_NUMBER)`,
    ],
    ['https, asked by http', createHttpsServer({ key, cert }), 'http', onlyTls],
    ['SSH', answering('SSH-2.0-OpenSSH_9.9\r\n'), 'http', noHttp],
    ['SSH', answering('SSH-2.0-x\r\n'), 'https', `${noTls} (ERR_SSL_WRONG_VERSION_NUMBER)`],
    ['a mail server', answering('220 mail.example.com ESMTP\r\n'), 'http', noHttp],
    ['a cache', answering("-ERR unknown command 'GET'\r\n"), 'http', noHttp],
    ['TLS that says so', answering(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46])), 'http', noHttp],
  ])('is told after one attempt: %s', async (_name, server, scheme, words) => {
    const url = `${scheme}://${await start(server)}`;
    expect(await failureOf(url)).toMatchObject({
      reason: `cannot connect to ${url}: ${words}`,
      requests: 1,
    });
  });

  it.each([
    ['nginx', '<h1>400 Bad Request</h1> The plain HTTP request was sent to HTTPS port'],
    ['Apache', "You're speaking plain HTTP to an SSL-enabled server port."],
    ['Tomcat', 'Bad Request\nThis combination of host and port requires TLS.'],
    ['Go', 'Client sent an HTTP request to an HTTPS server.\n'],
  ])('is told after one attempt: https of %s, asked by http', async (_name, text) => {
    const url = `http://${await start(badRequest(text))}`;
    expect(await failureOf(url)).toMatchObject({
      reason: `answered 400 Bad Request: ${onlyTls}`,
      requests: 1,
    });
  });

  it('is not suspected of a server that hangs up for another reason', async () => {
    const server = createServer((client) => {
      client.on('error', () => client.destroy()).once('data', () => client.destroy());
    });
    const greetings: number[] = [];
    server.on('connection', (client) =>
      client.once('data', ([first = 0]) => greetings.push(first)),
    );
    const url = `http://${await start(server)}`;

    const { reason, requests } = await failureOf(url);

    expect(reason).toMatch(
      /^.* the connection was cut before an answer came \(.*\), after 6 attempts$/,
    );
    expect(requests).toBe(6);
    // One greeting of TLS among the requests: 22 is a handshake, 71 the G of GET.
    expect(greetings.filter((first) => first === 22)).toHaveLength(1);
    expect(greetings.filter((first) => first === 71)).toHaveLength(6);
  });
});

describe('TLS that is too old', () => {
  it.each(['TLSv1', 'TLSv1.1'] as const)('is told after one attempt: %s', async (maxVersion) => {
    const ciphers = 'DEFAULT@SECLEVEL=0';
    const server = createTlsServer({ key, cert, minVersion: 'TLSv1', maxVersion, ciphers });
    const url = `https://${await start(server)}`;
    const { reason, requests } = await failureOf(url, { verify: false });
    expect(reason).toMatch(
      /^cannot connect to \S+: it speaks no TLS that is still allowed \(1\.2 or newer\)/,
    );
    expect(requests).toBe(1);
  });
});

describe('large headers', () => {
  const withHeader =
    (kibibytes: number): RequestListener =>
    (_request, response) => {
      response.setHeader('x-cookies', 'x'.repeat(kibibytes * 1024)).end('text');
    };

  it.each([17, 40, 63])('of %d KiB are read', async (kibibytes) => {
    expect(await textOf(`http://${await start(createHttpServer(withHeader(kibibytes)))}`)).toBe(
      'text',
    );
  });

  it('of more than 64 KiB are told after one attempt', async () => {
    const url = `http://${await start(createHttpServer(withHeader(65)))}`;
    expect(await failureOf(url)).toMatchObject({
      reason: `cannot connect to ${url}: the headers of its answer are larger than 64 KiB (UND_ERR_HEADERS_OVERFLOW)`,
      requests: 1,
    });
  });
});

describe('a sign-in page', () => {
  it.each([
    ['HTML', 'text/html; charset=utf-8', '<!DOCTYPE html><html>Sign in</html>'],
    ['HTML without a type', '', '\n <HTML>Sign in</HTML>'],
    ['HTML behind a comment', 'text/plain', '<!-- SSO --><!-- 1 -->\n<!doctype html><p>Sign in'],
    ['XHTML', 'application/xhtml+xml', '<?xml version="1.0"?><!DOCTYPE html><html></html>'],
    ['XHTML without a type', '', '<?xml version="1.0"?>\n<html xmlns="x"></html>'],
    ['no text at all', 'text/html', ''],
  ])('is told after one attempt: %s', async (_name, type, page) => {
    const server = createHttpServer((_request, response) => {
      if (type !== '') response.setHeader('content-type', type);
      response.end(page);
    });
    const url = `http://${await start(server)}`;
    await connected(url, {}, async ({ client }) => {
      const { failure, reason } = await errorOf(client.json(aRequest(url), z.object({})));
      expect(failure).toBe('login-page');
      expect(reason).toBe(
        'answered with a web page instead of data: a sign-in page or a proxy stands in between',
      );
      expect(client.requests).toBe(1);
    });
  });
});
