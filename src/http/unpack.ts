import * as zlib from 'node:zlib';
import type { AnswerHeaders } from './answer-headers.js';
import { AttemptFailure } from './http-error.js';

/** Unpacks a whole body. Throws when the body ends early, is something else, or grows too large. */
type Unpack = (packed: Uint8Array, bounds: { readonly maxOutputLength: number }) => Buffer;

/** By their names in HTTP (RFC 9110, 8.4.1; zstd: RFC 8878), as far as this Node.js has them. */
const packings = new Map<string, Unpack>([
  ['gzip', zlib.gunzipSync],
  ['deflate', inflate],
  ['br', zlib.brotliDecompressSync],
]);
if ('zstdDecompressSync' in zlib && isUnpack(zlib.zstdDecompressSync)) {
  if (refusesCutOff(zlib.zstdDecompressSync)) packings.set('zstd', zlib.zstdDecompressSync);
}

/** What may be asked for in `Accept-Encoding`: all that can be read. */
export const readableEncodings = [...packings.keys()].join(', ');

/**
 * A body as it was before it was packed for the way. In one step, because nothing is done with a part
 * of it, and on this thread: handing it to another one costs more than the work.
 * @throws AttemptFailure `too-large`; `truncated` when it ends inside its compression, even though all
 * bytes that were announced came; `malformed`
 */
export function unpack(
  packed: Buffer,
  status: number,
  headers: AnswerHeaders,
  maximumBytes: number,
): Buffer {
  const encodings = (headers.get('content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(/^x-/, ''))
    .filter((name) => name !== '' && name !== 'identity');
  if (encodings.length === 0 || isEmpty(packed, status, headers)) return packed;
  return encodings.reduceRight((bytes, name) => unpackOnce(bytes, name, maximumBytes), packed);
}

/** An answer without a body has nothing packed, whatever its headers say. */
function isEmpty(packed: Buffer, status: number, headers: AnswerHeaders): boolean {
  if (packed.byteLength > 0) return false;
  return (
    status === 204 ||
    headers.get('content-length') === '0' ||
    headers.get('transfer-encoding') !== null
  );
}

function unpackOnce(packed: Buffer, name: string, maximumBytes: number): Buffer {
  const unpackBody = packings.get(name);
  if (unpackBody === undefined) {
    const reason = 'answered in a compression that was not asked for';
    throw new AttemptFailure('malformed', reason, { permanent: true });
  }
  try {
    return unpackBody(packed, { maxOutputLength: maximumBytes });
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maximumBytes);
    if (code === 'Z_BUF_ERROR') {
      const reason = `the answer broke off inside its compression, after ${packed.byteLength} bytes`;
      throw new AttemptFailure('truncated', reason, {}, { cause });
    }
    const reason = `answered with a body that is not ${name}, as it says`;
    throw new AttemptFailure('malformed', reason, {}, { cause });
  }
}

/** More bytes than a run may hold. */
export function tooLarge(maximumBytes: number): AttemptFailure {
  const mebibytes = Math.floor(maximumBytes / 1024 / 1024);
  const limit = mebibytes > 0 ? `${mebibytes} MiB` : `${maximumBytes} bytes`;
  return new AttemptFailure('too-large', `the answer is larger than ${limit}`, { permanent: true });
}

/** Some servers leave out the two bytes in front that the standard asks for. */
function inflate(packed: Uint8Array, bounds: Parameters<Unpack>[1]): Buffer {
  const hasHeader = ((packed[0] ?? 0) & 0x0f) === 0x08;
  return hasHeader ? zlib.inflateSync(packed, bounds) : zlib.inflateRawSync(packed, bounds);
}

/** Node.js 22 takes a frame of zstd that ends early for a whole one: here, its first four bytes. */
function refusesCutOff(unzstd: Unpack): boolean {
  try {
    unzstd(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), { maxOutputLength: 1 });
    return false;
  } catch {
    return true;
  }
}

function isUnpack(value: unknown): value is Unpack {
  return typeof value === 'function';
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
