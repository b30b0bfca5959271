import { once } from 'node:events';
import { createServer as createHttpServer, request as ask } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy on this machine. */
export interface TestProxy {
  /** `127.0.0.1:4711` */
  readonly host: string;
  /** What it was asked for, oldest first. Emptied by tests. */
  readonly asked: { readonly what: string; readonly by: string }[];
  close(): void;
}

/** Where a proxy leads to: the port of this machine that a host stands for. */
export type PortOf = (host: string) => number;

/** Listens at a port of the system's choice; gives `127.0.0.1:4711`. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * An HTTP proxy, asked for `GET http://…` or `CONNECT host:port` by whoever `Proxy-Authorization` names.
 * @param status what it answers in place of leading on; 200: it leads on
 */
export async function startHttpProxy(portOf: PortOf, status = () => 200): Promise<TestProxy> {
  const asked: TestProxy['asked'] = [];
  const proxy = createHttpServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const { 'proxy-authorization': by = 'nobody', ...others } = headers;
    asked.push({ what: `${method} ${url}`, by });
    if (status() !== 200) {
      response.writeHead(status(), { 'content-type': 'text/html' }).end('<html>Squid</html>');
      return;
    }
    const { hostname, pathname, search } = new URL(url);
    const port = portOf(hostname);
    const onward = ask({ port, method, path: pathname + search, headers: others }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  proxy.on('connect', ({ url = '', headers }, client: Socket) => {
    asked.push({ what: `CONNECT ${url}`, by: headers['proxy-authorization'] ?? 'nobody' });
    if (status() === 200) {
      lead(
        client,
        portOf(url.replace(/:\d+$/u, '')),
        'HTTP/1.1 200 Connection Established\r\n\r\n',
      );
    } else client.end(`HTTP/1.1 ${status()} No\r\ncontent-type: text/html\r\n\r\n<html></html>`);
  });
  return {
    host: await listen(proxy),
    asked,
    close: () => {
      end(proxy);
    },
  };
}

/**
 * A SOCKS5 proxy, which speaks just enough of RFC 1928 and 1929. The password `wrong` is.
 * @param reply to the wish to connect, as in RFC 1928, section 6; 0: it leads on
 */
export async function startSocksProxy(portOf: PortOf, reply = () => 0): Promise<TestProxy> {
  const asked: TestProxy['asked'] = [];
  const proxy = createServer((client) => {
    client.on('error', () => client.destroy());
    void serveSocks(client, asked, portOf, reply);
  });
  return {
    host: await listen(proxy),
    asked,
    close: () => {
      end(proxy);
    },
  };
}

async function serveSocks(
  client: Socket,
  asked: TestProxy['asked'],
  portOf: PortOf,
  reply: () => number,
): Promise<void> {
  const next = async (): Promise<Buffer> => (await once(client, 'data'))[0] as Buffer;
  let by = 'nobody';
  if ([...(await next()).subarray(2)].includes(2)) {
    client.write(Buffer.from([5, 2]));
    const words = await next();
    const nameEnd = 2 + words[1]!;
    by = `${words.subarray(2, nameEnd).toString()}:${words.subarray(nameEnd + 1).toString()}`;
    client.write(Buffer.from([1, by.endsWith(':wrong') ? 1 : 0]));
    if (by.endsWith(':wrong')) return;
  } else client.write(Buffer.from([5, 0]));
  const wish = await next();
  const host = wish.subarray(5, 5 + wish[4]!).toString();
  asked.push({ what: `${host}:${wish.readUInt16BE(5 + wish[4]!)}`, by });
  const answer = Buffer.from([5, reply(), 0, 1, 0, 0, 0, 0, 0, 0]);
  if (reply() === 0) lead(client, portOf(host), answer);
  else client.write(answer);
}

/** Joins both ends. */
function lead(client: Socket, port: number, greeting: string | Buffer): void {
  const upstream = connect(port, '127.0.0.1', () => {
    client.write(greeting);
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on('error', () => client.destroy());
  client.on('error', () => upstream.destroy());
}

function end(server: Server): void {
  server.close();
  if ('closeAllConnections' in server)
    (server as ReturnType<typeof createHttpServer>).closeAllConnections();
}
