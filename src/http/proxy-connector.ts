import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { ProxyFailure, unreachableProxy } from './proxy-failure.js';

/** Where a proxy is to lead. */
export interface Destination {
  /** As people write it: `https://server.example.com:8443`. */
  readonly origin: string;
  /** An IPv6 address is without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Makes the way to a server out of a connection to the proxy. */
export type Handshake = (socket: Socket, destination: Destination) => Promise<Socket>;

/** How long a proxy may take, which has to reach the server meanwhile. */
const handshakeMilliseconds = 30_000;

/** Connects to a proxy, whichever server was asked for. Fails with ProxyFailure. */
export function connectorTo(
  proxy: URL,
  tls: buildConnector.BuildOptions,
): buildConnector.connector {
  const connect = buildConnector(tls);
  const isSocks = proxy.protocol.startsWith('socks');
  const options = {
    host: proxy.host,
    hostname: withoutBrackets(proxy.hostname),
    protocol: proxy.protocol === 'https:' ? 'https:' : 'http:',
    // An empty one is the protocol's own.
    port: proxy.port || (isSocks ? '1080' : ''),
  };
  return (_options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error === null) callback(null, socket);
      else callback(unreachableProxy(proxy, error), null);
    });
  };
}

/**
 * Connects to a server through a proxy, which resolves the server's name itself. What goes wrong before
 * the way is open is a ProxyFailure: it is not the server's fault, and undici would connect again without
 * end and without a pause after some errors that have a code of its own.
 */
export function connectorThrough(
  proxy: URL,
  tls: buildConnector.BuildOptions,
  handshake: Handshake,
): buildConnector.connector {
  const toProxy = connectorTo(proxy, tls);
  const toServer = buildConnector(tls);
  return (options, callback) => {
    const isSecure = options.protocol === 'https:';
    toProxy(options, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      inTime(socket, handshake(socket, destinationOf(options))).then(
        (httpSocket) => {
          if (isSecure) toServer({ ...options, httpSocket }, callback);
          else callback(null, httpSocket);
        },
        (failed: unknown) => {
          socket.destroy();
          const known = failed instanceof ProxyFailure;
          callback(known ? failed : unreachableProxy(proxy, failed), null);
        },
      );
    });
  };
}

function destinationOf({ protocol, host, hostname, port }: buildConnector.Options): Destination {
  return {
    origin: `${protocol}//${host ?? hostname}`,
    host: withoutBrackets(hostname),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  };
}

/** Waits for a handshake, which keeps no process from ending. */
async function inTime(socket: Socket, handshake: Promise<Socket>): Promise<Socket> {
  socket.unref();
  const late = new Promise<never>((_resolve, reject) => {
    socket.setTimeout(handshakeMilliseconds, () => {
      reject(Object.assign(new Error('the proxy took too long'), { code: 'ETIMEDOUT' }));
    });
  });
  const way = await Promise.race([handshake, late]);
  return way.setTimeout(0).ref();
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/u, '$1');
}
