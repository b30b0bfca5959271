import type { StopSignal } from '../../src/model/signal.js';
import type { Clock } from '../../src/clock.js';
import type { Runtime } from '../../src/runtime.js';
import { createFakeClock } from './fake-clock.js';
import { jqOfWorker } from '../worker/shared-jq.js';

/** A runtime of a test, with what was written to its streams. */
export interface TestRuntime extends Runtime {
  readonly written: { readonly stdout: string; readonly stderr: string };
  /** Sends the process a signal. */
  readonly signal: (signal: StopSignal) => void;
  /** Codes that the process was told to end with at once. */
  readonly exits: readonly number[];
}

/** What is different about a test's runtime. */
export interface RuntimeDifference {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** A process without a terminal in an empty folder, on a clock on which nobody waits. */
export function aRuntime(difference: RuntimeDifference = {}): TestRuntime {
  const written = { stdout: '', stderr: '' };
  const exits: number[] = [];
  const listeners = new Set<(signal: StopSignal) => void>();
  return {
    argv: difference.argv ?? [],
    env: difference.env ?? {},
    cwd: difference.cwd ?? '/nonexistent',
    clock: difference.clock ?? createFakeClock(),
    random: difference.random ?? (() => 0.5),
    findJq: jqOfWorker.find,
    stdout: stream((text) => (written.stdout += text)),
    stderr: stream((text) => (written.stderr += text)),
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitNow: (code) => exits.push(code),
    written,
    exits,
    signal: (signal) => {
      for (const listener of listeners) listener(signal);
    },
  };
}

function stream(write: (text: string) => void): Runtime['stdout'] {
  return { isTTY: false, columns: undefined, write };
}
