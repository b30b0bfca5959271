import type { OutputStream, Runtime } from '../../src/runtime.js';

/** A runtime that keeps what is written to it. */
export interface FakeRuntime extends Runtime {
  readonly written: { stdout: string; stderr: string };
}

/** A runtime with these arguments; nothing else is set. */
export function fakeRuntime(argv: readonly string[], given: Partial<Runtime> = {}): FakeRuntime {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): OutputStream => ({
    isTTY: false,
    columns: undefined,
    write: (text) => {
      written[name] += text;
    },
  });
  return {
    argv,
    env: {},
    cwd: '/nowhere',
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    random: () => 0,
    onSignal: () => () => undefined,
    exitNow: () => undefined,
    ...given,
    written,
  };
}
