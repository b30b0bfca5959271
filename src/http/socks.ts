import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** Codes of errors, as Node.js has them for connections without a proxy. */
export const socksUnauthorized = 'ERR_SOCKS_UNAUTHORIZED';
export const socksRefused = 'ERR_SOCKS_REFUSED';
export const socksFailed = 'ERR_SOCKS_FAILED';

/** How long a proxy may take to connect us, as without one. */
const connectMilliseconds = 10_000;

/** Connects through a SOCKS5 proxy, which resolves the host's name itself. */
export function socksConnector(
  proxy: URL,
  tls: buildConnector.BuildOptions,
): buildConnector.connector {
  const secure = buildConnector(tls);
  return (options, callback) => {
    connectThrough(proxy, options).then(
      (socket) => {
        if (options.protocol === 'https:') secure({ ...options, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), null);
      },
    );
  };
}

async function connectThrough(
  proxy: URL,
  { hostname, port, protocol }: buildConnector.Options,
): Promise<Socket> {
  const { SocksClient } = await import('socks');
  const credentials =
    proxy.username === ''
      ? {}
      : {
          userId: decodeURIComponent(proxy.username),
          password: decodeURIComponent(proxy.password),
        };
  try {
    const { socket } = await SocksClient.createConnection({
      proxy: {
        host: bare(proxy.hostname),
        port: Number(proxy.port || 1080),
        type: 5,
        ...credentials,
      },
      command: 'connect',
      destination: {
        host: bare(hostname),
        port: Number(port || (protocol === 'https:' ? 443 : 80)),
      },
      timeout: connectMilliseconds,
    });
    return socket.setNoDelay(true);
  } catch (error) {
    // The original is no cause: it holds the password.
    throw Object.assign(new Error('the SOCKS proxy did not connect'), { code: codeOf(error) });
  }
}

/** An address without the brackets that it has in a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/u, '$1');
}

/** The library tells what happened in words only. */
function codeOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (/authentication/i.test(message)) return socksUnauthorized;
  return message.includes('NotAllowed') ? socksRefused : socksFailed;
}
