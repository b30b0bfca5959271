import { fstatSync } from 'node:fs';
import { text as readText } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { systemClock } from './clock.js';
import type { StopSignal } from './model/signal.js';
import type { OutputStream, Runtime } from './runtime.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly StopSignal[];
/** What Node.js would end the process for, with a stack trace. */
const BUGS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * The process that we run in, as a runtime. The only place that reads the process's globals.
 * @param process ours; a test has one of its own
 */
export function processRuntime(process = globalThis.process): Runtime {
  return {
    argv: process.argv.slice(2),
    env: { ...process.env },
    cwd: process.cwd(),
    stdout: outputStream(process.stdout),
    stderr: outputStream(process.stderr),
    isOneFile: isSameFile(process.stdout.fd, process.stderr.fd),
    readStdin: () => readText(process.stdin),
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
    clock: systemClock,
    random: Math.random,
    onSignal: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
    onBug: (listener) => {
      for (const bug of BUGS) process.on(bug, listener);
      return () => {
        for (const bug of BUGS) process.off(bug, listener);
      };
    },
    // Not before a run begins: until then, Node.js loads parts of itself that were compiled ahead for
    // other settings than these.
    tuneForRun: () => {
      // By itself, V8 lets garbage grow to several times of what is in use before it looks for it.
      setFlagsFromString('--heap-growing-percent=40');
      // And compiles undici's parser of headers with all its art after some thirty answers, which is
      // never worth it in a small run. This is the most that V8 lets it wait: some two hundred answers.
      setFlagsFromString('--wasm-tiering-budget=2147483647');
    },
    exitNow: (code) => {
      process.exit(code);
    },
  };
}

/** Whether two descriptors lead to one file, pipe or terminal, as after `2>&1`. False where that is not known. */
export function isSameFile(one: number, other: number): boolean {
  try {
    const [first, second] = [fstatSync(one), fstatSync(other)];
    // Where the system numbers nothing, nothing is known.
    return first.ino !== 0 && first.ino === second.ino && first.dev === second.dev;
  } catch {
    return false;
  }
}

/** Ends without an answer at the end of the input, and when the person presses Ctrl-C. */
function ask(question: string): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    const onClose = (): void => {
      // What is written next is no part of the question.
      process.stderr.write('\n');
      resolve(null);
    };
    lines.once('close', onClose);
    lines.question(question, (answer) => {
      lines.off('close', onClose);
      lines.close();
      resolve(answer);
    });
  });
}

/**
 * A stream that may go away: `bitbucket-port sync | head` closes our stdout, and a full disk refuses
 * our log. Neither is a reason to end a run half-way, so what cannot be written is dropped. The first
 * failure is remembered, for whoever asks at the end.
 */
export function outputStream(stream: NodeJS.WritableStream | NodeJS.WriteStream): OutputStream {
  const terminal = 'isTTY' in stream && stream.isTTY ? stream : undefined;
  let failure: Error | null = null;
  // A write is answered in its turn; the event may come later than the answer to the last one.
  const remember = (error: Error | null | undefined): void => {
    failure ??= error ?? null;
  };
  stream.on('error', remember);
  return {
    isTTY: terminal !== undefined,
    ...(terminal === undefined ? {} : { terminal }),
    // Asked anew each time: a window changes its size.
    get columns() {
      return terminal?.columns;
    },
    write: (text) => {
      stream.write(text, remember);
    },
    lost: async () => {
      await new Promise<void>((resolve) => {
        stream.write('', () => {
          resolve();
        });
      });
      return failure === null || isReaderGone(failure) ? null : failure;
    },
  };
}

/** `| head -1` has what it wanted. */
function isReaderGone(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}
