import { request } from 'node:http';
import { maximumHeaderBytes } from './limits.js';
import type { Handshake } from './proxy-connector.js';
import { proxyAnswered } from './proxy-failure.js';

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
