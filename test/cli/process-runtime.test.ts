import { closeSync, openSync } from 'node:fs';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { isSameFile, outputStream, processRuntime } from '../../src/process-runtime.js';

/** A stream whose reader goes away after the first text. */
class BrokenPipe extends Writable {
  readonly texts: string[] = [];

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.texts.push(chunk.toString());
    done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  }
}

/** A file on a disk that takes no more bytes, which it tells later than it was asked. */
class FullDisk extends Writable {
  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    const error = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
    setImmediate(done, chunk.length === 0 ? undefined : error);
  }
}

describe('a stream of the process', () => {
  it('drops what it can no longer write', async () => {
    const pipe = new BrokenPipe();
    const stream = outputStream(pipe);
    stream.write('one');
    await new Promise((resolve) => pipe.once('close', resolve));
    stream.write('two');
    expect(pipe.texts).toEqual(['one']);
  });

  it('has lost nothing where its reader went away', async () => {
    const stream = outputStream(new BrokenPipe());
    stream.write('one');
    stream.write('two');
    expect(await stream.lost?.()).toBeNull();
  });

  it('knows what kept a text from being written, once it was tried', async () => {
    const stream = outputStream(new FullDisk());
    expect(await stream.lost?.()).toBeNull();
    stream.write('one');
    stream.write('two');
    expect(await stream.lost?.()).toMatchObject({ code: 'ENOSPC' });
    expect(await stream.lost?.()).toMatchObject({ code: 'ENOSPC' });
  });

  it('is no terminal where it is a pipe', () => {
    const { isTTY, columns, terminal } = outputStream(new BrokenPipe());
    expect({ isTTY, columns, terminal }).toEqual({ isTTY: false });
  });
});

describe('the runtime of the process', () => {
  it('stops listening to signals when asked', () => {
    const before = process.listenerCount('SIGTERM');
    const release = processRuntime(process).onSignal(() => undefined);
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    release();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  it('holds a copy of the environment', () => {
    const { env } = processRuntime(process);
    expect(env).toEqual({ ...process.env });
    expect(env).not.toBe(process.env);
  });
});

describe('isSameFile', () => {
  it('knows one file by two descriptors, and takes nothing else for the same', () => {
    const own = fileURLToPath(import.meta.url);
    const [one, same, other] = [openSync(own, 'r'), openSync(own, 'r'), openSync('/dev/null', 'r')];
    try {
      expect(isSameFile(one, same)).toBe(true);
      expect(isSameFile(one, other)).toBe(false);
      expect(isSameFile(one, 9_999)).toBe(false);
    } finally {
      for (const each of [one, same, other]) closeSync(each);
    }
  });
});
