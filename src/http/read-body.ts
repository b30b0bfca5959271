import { AttemptFailure } from './attempt-failure.js';
import type { FetchResponse } from './fetch.js';

/**
 * The whole body as text.
 * @throws AttemptFailure `too-large` beyond `maximumBytes`, where reading stops; `truncated` when
 * the connection ends before the body, or the body is shorter than its announced length
 */
export async function readBody(
  body: FetchResponse['body'],
  headers: Headers,
  maximumBytes: number,
): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of chunksOf(body)) {
      bytes += chunk.byteLength;
      if (bytes > maximumBytes) throw tooLarge(maximumBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AttemptFailure) throw error;
    throw new AttemptFailure(
      'truncated',
      `the answer broke off after ${bytes} bytes`,
      {},
      { cause: error },
    );
  }
  const announced = announcedBytes(headers);
  if (announced !== null && bytes < announced) {
    throw new AttemptFailure(
      'truncated',
      `the answer broke off after ${bytes} of ${announced} bytes`,
    );
  }
  return decode(chunks);
}

/** The start of a body, whatever else happens to it: for messages. */
export async function readStart(
  body: FetchResponse['body'],
  maximumBytes: number,
): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let left = maximumBytes;
  try {
    for await (const chunk of chunksOf(body)) {
      chunks.push(chunk.subarray(0, left));
      left -= chunk.byteLength;
      if (left <= 0) break;
    }
  } catch {
    // The status is what matters; a message that is cut off is still worth showing.
  }
  return decode(chunks);
}

/** The rest is cancelled when the consumer stops, without waiting for that: it may never end. */
async function* chunksOf(body: NonNullable<FetchResponse['body']>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let done = false;
  try {
    for (;;) {
      const piece = await reader.read();
      done = piece.done;
      if (done) return;
      if (piece.value !== undefined) yield piece.value;
    }
  } finally {
    if (!done) reader.cancel().catch(() => undefined);
  }
}

function tooLarge(maximumBytes: number): AttemptFailure {
  const mebibytes = Math.floor(maximumBytes / 1024 / 1024);
  const limit = mebibytes > 0 ? `${mebibytes} MiB` : `${maximumBytes} bytes`;
  return new AttemptFailure('too-large', `the answer is larger than ${limit}`, { permanent: true });
}

/** The length counts compressed bytes, so it says nothing about a body that was unpacked. */
function announcedBytes(headers: Headers): number | null {
  const length = headers.get('content-length');
  if (length === null || headers.has('content-encoding')) return null;
  return /^\d+$/.test(length) ? Number(length) : null;
}

/** As UTF-8, without a byte-order mark. */
function decode(chunks: readonly Uint8Array[]): string {
  return new TextDecoder().decode(Buffer.concat(chunks));
}
