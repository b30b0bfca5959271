import type { Clock } from './clock.js';
import type { StopSignal } from './model/signal.js';
import type { JqEngine } from './mapping/engine/engine.js';
import type { EngineSearch } from './mapping/engine/find-engine.js';

/** A place to write text to, as a terminal or a pipe. */
export interface OutputStream {
  readonly isTTY: boolean;
  /** Width in columns; undefined when it is not a terminal. */
  readonly columns: number | undefined;
  /** The terminal itself, for live lines; absent when it is a file or a pipe. */
  readonly terminal?: NodeJS.WritableStream;
  write(text: string): void;
  /**
   * Waits until everything written so far is handed over, and answers what kept some of it from
   * being written; null: nothing did, or whoever read it went away. Absent where nothing can.
   */
  readonly lost?: () => Promise<Error | null>;
}

/** All that the outside gives a run. Nothing below reads a global. */
export interface Runtime {
  /** Arguments after the command's own name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Whether both are known to end in the same file, pipe or terminal. Absent: they are not. */
  readonly isOneFile?: boolean;
  /** All of standard input, as text. Absent where there is none. */
  readonly readStdin?: () => Promise<string>;
  /**
   * Asks the person at the terminal for a line; null: nobody answers any more. Absent where there is
   * no terminal.
   */
  readonly ask?: (question: string) => Promise<string | null>;
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  /** Calls `listener` for each signal that asks to stop; answers how to stop listening. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => () => void;
  /** The same for what was thrown where nobody could catch it: a bug of ours. */
  readonly onBug?: (listener: (error: unknown) => void) => () => void;
  /**
   * Finds the jq to map with, as `findEngine` does. Absent where each run starts one of its own; given
   * by whoever runs many commands in one process.
   */
  readonly findJq?: (search: EngineSearch) => Promise<JqEngine>;
  /**
   * Weighs memory against processor time as it is best for a run. Called once jq is there and before
   * anything is asked; absent where the process has other things to do as well.
   */
  readonly tuneForRun?: () => void;
  /** Ends the process at once, for a second signal. */
  readonly exitNow: (code: number) => void;
}
