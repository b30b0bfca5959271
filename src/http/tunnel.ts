import { request } from 'node:http';
import { SocksClient } from 'socks';
import { maximumHeaderBytes } from './limits.js';
import { type Handshake, proxyAnswered, ProxyFailure } from './proxy-connector.js';

/** Asks an HTTP proxy for a tunnel. */
export function tunnel(headers: Readonly<Record<string, string>>): Handshake {
  return (socket, { origin, host, port }) =>
    new Promise((resolve, reject) => {
      const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
      request({
        method: 'CONNECT',
        path: target,
        headers: { host: target, ...headers },
        maxHeaderSize: maximumHeaderBytes,
        createConnection: () => socket,
      })
        .once('connect', ({ statusCode = 0 }, way, head) => {
          if (statusCode < 200 || statusCode > 299) {
            reject(proxyAnswered(statusCode, origin));
            return;
          }
          if (head.byteLength > 0) way.unshift(head);
          resolve(way);
        })
        .on('error', reject)
        .end();
    });
}

/** Asks a SOCKS5 proxy for a way. */
export function socks({ username, password }: URL): Handshake {
  const credentials =
    username === ''
      ? {}
      : { userId: decodeURIComponent(username), password: decodeURIComponent(password) };
  return async (existing_socket, { origin, host, port }) => {
    try {
      const { socket } = await SocksClient.createConnection({
        // Host and port are asked for, although we have connected already.
        proxy: { host: 'proxy', port: 1080, type: 5, ...credentials },
        command: 'connect',
        destination: { host, port },
        existing_socket,
      });
      return socket;
    } catch (error) {
      throw failureOf(error, origin);
    }
  };
}

/** The library tells what happened in words only. It is no cause of ours: it holds the password. */
function failureOf(error: unknown, origin: string): ProxyFailure {
  const message = error instanceof Error ? error.message : '';
  if (/authentication/i.test(message)) {
    return new ProxyFailure(
      'the SOCKS proxy wants another name and password, in its address',
      true,
    );
  }
  if (/socks version/i.test(message)) {
    return new ProxyFailure('what answers as the SOCKS proxy does not speak SOCKS5', true);
  }
  const [, code = ''] = /rejected connection - (\w+)/.exec(message) ?? [];
  if (code === 'NotAllowed') {
    return new ProxyFailure(`the SOCKS proxy does not let us connect to ${origin}`, true);
  }
  const why =
    refusals[code] ??
    (/closed/i.test(message) ? 'it cut the connection' : 'its answer is not understood');
  return new ProxyFailure(`the SOCKS proxy could not connect to ${origin}: ${why}`, false);
}

/** The replies of RFC 1928, section 6. */
const refusals: Readonly<Record<string, string>> = {
  Failure: 'something in it failed',
  NetworkUnreachable: 'its network cannot be reached',
  HostUnreachable: 'it cannot be reached, or its name not resolved',
  ConnectionRefused: 'the connection was refused',
  TTLExpired: 'it is too far away',
  CommandNotSupported: 'it connects nobody',
  AddressNotSupported: 'it does not take this kind of address',
};
