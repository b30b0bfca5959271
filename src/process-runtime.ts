import { systemClock } from './clock.js';
import type { OutputStream, Runtime } from './runtime.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The process that we run in, as a runtime. The only place that reads the process's globals. */
export function processRuntime(): Runtime {
  return {
    argv: process.argv.slice(2),
    env: { ...process.env },
    cwd: process.cwd(),
    stdout: outputStream(process.stdout),
    stderr: outputStream(process.stderr),
    clock: systemClock,
    random: Math.random,
    onSignal: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
    exitNow: (code) => {
      process.exit(code);
    },
  };
}

/**
 * A stream that may go away: `bitbucket-port sync | head` closes our stdout, and a full disk refuses
 * our log. Neither is a reason to end a run half-way, so what cannot be written is dropped.
 */
export function outputStream(stream: NodeJS.WritableStream | NodeJS.WriteStream): OutputStream {
  const terminal = 'isTTY' in stream && stream.isTTY ? stream : undefined;
  stream.on('error', () => undefined);
  return {
    isTTY: terminal !== undefined,
    ...(terminal === undefined ? {} : { terminal }),
    // Asked anew each time: a window changes its size.
    get columns() {
      return terminal?.columns;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}
