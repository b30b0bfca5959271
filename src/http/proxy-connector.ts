import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { networkReason } from './network-reason.js';

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

/** There is no way through a proxy: it cannot be reached, or does not lead on. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';

  /**
   * @param reason for a person, the proxy named
   * @param permanent asked again, it would answer the same
   */
  constructor(
    readonly reason: string,
    readonly permanent: boolean,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** What a proxy answered in place of leading on: not to be asked twice, as more would lock the account. */
export function proxyAnswered(status: number, origin: string): ProxyFailure {
  const remedy =
    status === 407 ? ': it wants a name and password, in the address of the proxy' : '';
  const reason = `the proxy answered ${status} when it was asked to connect to ${origin}${remedy}`;
  return new ProxyFailure(reason, status >= 400 && status < 500);
}

/** The proxy itself does not answer, or not as one. */
function unreachableProxy(proxy: URL, error: unknown): ProxyFailure {
  const { reason, permanent } = networkReason(error);
  const told = `the proxy ${proxy.host} cannot be reached: ${reason}`;
  return new ProxyFailure(told, permanent, { cause: error });
}
