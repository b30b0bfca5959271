import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { outputStream, processRuntime } from '../../src/process-runtime.js';

/** A stream whose reader goes away after the first text. */
class BrokenPipe extends Writable {
  readonly texts: string[] = [];

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.texts.push(chunk.toString());
    done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
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

  it('is no terminal where it is a pipe', () => {
    const { isTTY, columns, terminal } = outputStream(new BrokenPipe());
    expect({ isTTY, columns, terminal }).toEqual({ isTTY: false });
  });
});

describe('the runtime of the process', () => {
  it('stops listening to signals when asked', () => {
    const before = process.listenerCount('SIGTERM');
    const release = processRuntime().onSignal(() => undefined);
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    release();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  it('holds a copy of the environment', () => {
    const { env } = processRuntime();
    expect(env).toEqual({ ...process.env });
    expect(env).not.toBe(process.env);
  });
});
