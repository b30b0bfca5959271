import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as zlib from 'node:zlib';
import { z } from 'zod';
import { aClient, aRequest, errorOf, type ClientUnderTest } from './a-client.js';

const numbers = z.object({ values: z.array(z.number()) });
const values = Array.from({ length: 1_000 }, (_, index) => index);
const content = Buffer.from(JSON.stringify({ values }));

/** How each encoding is made. */
const packers: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  GZIP: zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  identity: (bytes) => bytes,
  'deflate, gzip': (bytes) => zlib.gzipSync(zlib.deflateSync(bytes)),
};
/** Node.js has zstd since 22.15, and one that notices a frame that ends early since 24. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };
const hasZstd = zstdCompressSync !== undefined && Number(process.versions.node.split('.')[0]) >= 24;
if (hasZstd) packers.zstd = zstdCompressSync;

/** What the server answers next. */
let answer: { headers: OutgoingHttpHeaders; body: Buffer; status?: number };
let accepted: string | undefined;
let server: Server;
let url: string;
let under: ClientUnderTest;

beforeAll(async () => {
  server = createServer((request, response) => {
    accepted = String(request.headers['accept-encoding']);
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  under = aClient(url, { retries: 0 });
});
afterAll(async () => {
  await under.client.close();
  server.close();
});

function pack(encoding: string, bytes = content): Buffer {
  return packers[encoding]!(bytes);
}

/** Answers with `body`, which is said to be packed so. */
function serve(encoding: string, body: Buffer, headers: OutgoingHttpHeaders = {}): void {
  answer = { headers: { 'content-encoding': encoding, ...headers }, body };
}

describe('a compressed answer', () => {
  it('is asked for in every encoding that can be read, and in no other', async () => {
    serve('identity', content);
    await under.client.text(aRequest(url));
    const readable = ['gzip', 'deflate', 'br', ...(hasZstd ? ['zstd'] : [])];
    expect(accepted).toBe(readable.join(', '));
  });

  it.each(Object.keys(packers))('is read: %s', async (encoding) => {
    serve(encoding, pack(encoding));
    expect((await under.client.json(aRequest(url), numbers)).body).toEqual({ values });
  });

  it('is read when a server leaves out the header of deflate', async () => {
    serve('deflate', zlib.deflateRawSync(content));
    expect((await under.client.json(aRequest(url), numbers)).body).toEqual({ values });
  });

  it('is told by the bytes that it unpacks to, and bounded by them', async () => {
    const bytes = Buffer.alloc(100_000);
    for (const encoding of Object.keys(packers)) {
      if (encoding === 'identity') continue;
      serve(encoding, pack(encoding, bytes));
      expect(answer.body.byteLength).toBeLessThan(10_000);
      const bounded = aClient(url, { maximumBytes: 99_999 });
      const error = await errorOf(bounded.client.text(aRequest(url)));
      expect([encoding, error.failure]).toEqual([encoding, 'too-large']);
      await bounded.client.close();
    }
  });

  // A text has no end of its own that would be missed: half a README would be taken for the whole.
  describe.each(Object.keys(packers).filter((name) => name !== 'identity'))(
    'that ends inside its compression (%s) is cut off',
    (encoding) => {
      it.each([
        ['by a byte', -1],
        ['by half', -Math.ceil(pack(encoding).byteLength / 2)],
        ['but for its first byte', 1],
      ])('%s, although every announced byte came', async (_name, end) => {
        serve(encoding, pack(encoding).subarray(0, end));
        const error = await errorOf(under.client.text(aRequest(url)));
        expect(error.failure).toBe('truncated');
        expect(error.reason).toMatch(
          /^the answer broke off inside its compression, after \d+ bytes$/,
        );
      });

      it('before its first byte, where the connection alone says that it is over', async () => {
        serve(encoding, Buffer.alloc(0), { connection: 'close' });
        const hidden = createServer((_request, response) => {
          response.socket!.end(
            `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\nconnection: close\r\n\r\n`,
          );
        });
        hidden.listen(0, '127.0.0.1');
        await once(hidden, 'listening');
        const address = `http://127.0.0.1:${(hidden.address() as AddressInfo).port}`;
        const other = aClient(address, { retries: 0 });
        expect((await errorOf(other.client.text(aRequest(address)))).failure).toBe('truncated');
        await other.client.close();
        hidden.close();
      });
    },
  );

  it('may be empty when the server says so', async () => {
    serve('gzip', Buffer.alloc(0), { 'content-length': '0' });
    expect((await under.client.text(aRequest(url))).body).toBe('');
    serve('gzip', Buffer.alloc(0), { 'transfer-encoding': 'chunked' });
    expect((await under.client.text(aRequest(url))).body).toBe('');
    answer = { status: 204, headers: { 'content-encoding': 'gzip' }, body: Buffer.alloc(0) };
    expect((await under.client.json(aRequest(url), numbers)).body).toBeNull();
  });

  it.each([
    ['gzip', 'answered with a body that is not gzip, as it says'],
    ['br', 'answered with a body that is not br, as it says'],
    ['compress', 'answered in a compression that was not asked for'],
    ['constructor', 'answered in a compression that was not asked for'],
  ])('that is none, or another (%s), is never content', async (encoding, reason) => {
    serve(encoding, Buffer.from('# A README that is not compressed'));
    const error = await errorOf(under.client.text(aRequest(url)));
    expect(error).toMatchObject({ failure: 'malformed', reason });
  });

  it('is repeated when it was cut off', async () => {
    const repeating = aClient(url);
    serve('gzip', pack('gzip').subarray(0, 100));
    const error = await errorOf(repeating.client.text(aRequest(url)));
    expect(error.reason).toContain('after 6 attempts');
    await repeating.client.close();
  });

  it('of an error is shown as text', async () => {
    answer = {
      status: 404,
      headers: { 'content-encoding': 'gzip' },
      body: zlib.gzipSync('no such repository'),
    };
    const { details } = await errorOf(under.client.text(aRequest(url)));
    expect(details.body).toBe('no such repository');
    answer = { ...answer, body: answer.body.subarray(0, 12) };
    expect((await errorOf(under.client.text(aRequest(url)))).details).toMatchObject({
      status: 404,
      body: '',
    });
  });
});
