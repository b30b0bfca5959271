import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { Agent } from 'undici';
import { z } from 'zod';
import type { StartTimer } from '../../src/http/attempt.js';
import {
  startLoopbackServer,
  type Fault,
  type LoopbackServer,
} from '../../src/sandbox/loopback.js';
import { aClient, aRequest, errorOf, type ClientUnderTest } from './a-client.js';

const numbers = z.object({ values: z.array(z.number()) });
const values = Array.from({ length: 1_000 }, (_, index) => index);
let server: LoopbackServer;
const opened: ClientUnderTest[] = [];

beforeAll(async () => {
  server = await startLoopbackServer(() => ({ status: 200, body: { values } }));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ client }) => client.close()));
  server.reset();
});
afterAll(async () => {
  await server.close();
});

/** A client over undici's own fetch. */
function client(options: Parameters<typeof aClient>[1] = {}): ClientUnderTest {
  const under = aClient(server.url, options);
  opened.push(under);
  return under;
}

function failTwice(fault: Fault): void {
  server.fail({ fault, when: () => true, times: 2 });
}

/** Ends a request's time as soon as the server has seen it. */
const outOfTime: StartTimer = (_milliseconds, onEnd) => {
  const seen = server.requests.length;
  const timer = setInterval(() => {
    if (server.requests.length > seen) onEnd();
  }, 1);
  return () => {
    clearInterval(timer);
  };
};

describe('over the wire', () => {
  it('reads an answer', async () => {
    const answer = await client().client.json(aRequest(`${server.url}/numbers?limit=7`), numbers);
    expect(answer.body).toEqual({ values });
    expect(server.requests[0]?.query.get('limit')).toBe('7');
    expect(server.requests[0]?.headers['user-agent']).toBe('test/1.0');
  });

  it.each<[Fault['type'], Fault, string]>([
    ['cut-off', { type: 'cut-off' }, 'the answer broke off after'],
    ['reset', { type: 'reset' }, 'the connection was cut before an answer came'],
    ['lost-answer', { type: 'lost-answer' }, 'the connection was cut before an answer came'],
  ])('repeats after %s', async (_name, fault, reason) => {
    failTwice(fault);
    const { client: http, told } = client();
    const answer = await http.json(aRequest(`${server.url}/numbers`), numbers);
    expect(answer.body).toEqual({ values });
    expect(http.requests).toBe(3);
    expect(server.requests).toHaveLength(3);
    expect(told.every((line) => line.includes(reason))).toBe(true);
  });

  it.each<[Fault['type'], Fault, string]>([
    ['cut-off', { type: 'cut-off' }, 'truncated'],
    ['reset', { type: 'reset' }, 'network'],
  ])('names the failure of %s when nothing may be repeated', async (_name, fault, failure) => {
    failTwice(fault);
    const { client: http } = client();
    const request = aRequest(`${server.url}/numbers`, { repeatable: false });
    const error = await errorOf(http.json(request, numbers));
    expect(error.failure).toBe(failure);
    expect(http.requests).toBe(1);
  });

  it('ends a request that is never answered when its time is up, and repeats it', async () => {
    failTwice({ type: 'hang' });
    const waited: number[] = [];
    const startTimer: StartTimer = (milliseconds, onEnd) => {
      waited.push(milliseconds);
      return waited.length <= 2 ? outOfTime(milliseconds, onEnd) : () => undefined;
    };
    const { client: http, told } = client({ startTimer, timeoutMilliseconds: 60_000 });
    const answer = await http.json(aRequest(`${server.url}/numbers`), numbers);
    expect(answer.body).toEqual({ values });
    expect(waited).toEqual([60_000, 60_000, 60_000]);
    expect(told[0]).toBe('users: no complete response within 60 s; then another attempt (250)');
  });

  it('counts the body into the time of a request', async () => {
    const half = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"values"', () => half.emit('sent'));
    });
    const url = await listen(half);
    const under = aClient(url, {
      retries: 0,
      startTimer: (_milliseconds, end) => {
        half.once('sent', end);
        return () => undefined;
      },
    });
    const error = await errorOf(under.client.json(aRequest(url), numbers));
    expect(error.failure).toBe('timeout');
    await under.client.close();
    half.close();
  });

  it('stops its timer once the answer is there', async () => {
    let stopped = 0;
    const startTimer: StartTimer = () => () => {
      stopped += 1;
    };
    await client({ startTimer }).client.text(aRequest(`${server.url}/numbers`));
    expect(stopped).toBe(1);
  });

  it('tells a refused connection with its address, and tries it again', async () => {
    const gone = await startLoopbackServer(() => ({ status: 200 }));
    await gone.close();
    const under = aClient(gone.url);
    const error = await errorOf(under.client.text(aRequest(gone.url)));
    expect(error.reason).toBe(
      `cannot connect to ${gone.url}: the connection was refused (ECONNREFUSED), after 6 attempts`,
    );
    await under.client.close();
  });

  it('keeps its connection for requests that follow one another', async () => {
    let connections = 0;
    const counting = createServer((_request, response) => response.end('text'));
    counting.on('connection', () => {
      connections += 1;
    });
    const url = await listen(counting);
    const under = aClient(url);
    for (let index = 0; index < 10; index += 1) await under.client.text(aRequest(url));
    // A second one may open when a request starts before the socket of the last is free again.
    expect(connections).toBeLessThanOrEqual(2);
    await under.client.close();
    counting.close();
  });

  it('reads the answer that follows early hints', async () => {
    const hinting = createServer((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.end('text');
    });
    const url = await listen(hinting);
    const under = aClient(url);
    expect((await under.client.text(aRequest(url))).body).toBe('text');
    await under.client.close();
    hinting.close();
  });

  it('keeps the start of an endless error, and lets go of its connection', async () => {
    const endless = createServer((_request, response) => {
      response.writeHead(403);
      const write = (): void => {
        if (response.writable) response.write('no'.repeat(10_000), write);
      };
      write();
    });
    const url = await listen(endless);
    const under = aClient(url);
    const closed = new Promise((resolve) => {
      endless.on('connection', (socket: Socket) => socket.once('close', resolve));
    });
    const { details } = await errorOf(under.client.text(aRequest(url)));
    expect(details).toMatchObject({ status: 403, body: 'no'.repeat(1_000) });
    await Promise.all([closed, under.client.close()]);
    endless.close();
  });

  it('keeps what came of an error that is cut off', async () => {
    const cut = createServer((_request, response) => {
      response.writeHead(404, { 'content-length': '100' });
      response.write('no such repository', () => response.destroy());
    });
    const url = await listen(cut);
    const under = aClient(url);
    const { details } = await errorOf(under.client.text(aRequest(url)));
    expect(details).toMatchObject({ status: 404, body: 'no such repository' });
    await under.client.close();
    cut.close();
  });

  it('gives up a request whose connection does not come about, and is closed without it', async () => {
    const never = new Agent({ connect: () => undefined });
    const under = client({
      retries: 0,
      connections: never,
      startTimer: (_milliseconds, end) => {
        setImmediate(end);
        return () => undefined;
      },
    });
    const error = await errorOf(under.client.text(aRequest(server.url)));
    expect(error.failure).toBe('timeout');
    await under.client.close();
  });

  it('lets go of a connection whose answer it does not read', async () => {
    const location = 'https://elsewhere.example.com/';
    const endless = createServer((_request, response) => {
      response.writeHead(302, { location });
      response.write('the rest never comes');
    });
    const url = await listen(endless);
    const under = aClient(url);
    const closed = new Promise((resolve) => {
      endless.on('connection', (socket: Socket) => socket.once('close', resolve));
    });
    expect((await errorOf(under.client.text(aRequest(url)))).failure).toBe('foreign-origin');
    await Promise.all([closed, under.client.close()]);
    endless.close();
  });

  it('can be closed more than once', async () => {
    const { client: http } = client();
    await http.text(aRequest(`${server.url}/numbers`));
    await expect(Promise.all([http.close(), http.close()])).resolves.toBeDefined();
  });
});

async function listen(listener: Server): Promise<string> {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}
