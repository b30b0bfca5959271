import type { Clock } from '../../clock.js';

/**
 * How jq is used. An engine has one jq, which lives as long as the run: a process, or jq-web in a
 * thread. A resource starts its program on it, and hands it items in batches:
 *
 *     const program = await engine.start(text, { signal });
 *     const outcomes = await program.run(texts); // one for each, in order
 *
 * One promise a batch, none an item; batches of one program and of several may be under way together.
 * Start programs in one turn (`Promise.all`): they are then compiled once, together.
 */
export interface JqEngine {
  /** `jq 1.7.1 (node-jq)`, for the log. */
  readonly description: string;
  readonly version: string;
  /**
   * Compiles; the program must give exactly one output for each input (wrap it in `try` and `first`).
   * Variables are not available; `env` and `$ENV` are empty.
   * @throws JqCompileError when it does not compile
   */
  start(program: string, options?: StartOptions): Promise<JqProgram>;
  /**
   * Whether `expression` compiles on its own, as a term of a larger program; null when it does, else
   * jq's message. Checks that are asked for in one turn (`Promise.all`) are compiled together.
   */
  check(expression: string): Promise<string | null>;
  close(): Promise<void>;
}

/** What a program is started with. */
export interface StartOptions {
  /** When it is aborted, what jq has not answered a second later is given up. */
  readonly signal?: AbortSignal;
}

/** A program that is ready to take inputs. One per resource. */
export interface JqProgram {
  /**
   * Runs the program on each input, one outcome per input, in order. Several calls may be under way:
   * they are answered in order. A runaway or crash costs its own input only; when these have
   * taken up too much time, the inputs that are left are `given up`.
   * @param inputs JSON texts, one value each, without line feeds
   * @throws Error when the program is closed before it has answered
   */
  run(inputs: readonly string[]): Promise<readonly JqOutcome[]>;
  close(): Promise<void>;
}

/** What became of one input: the JSON text of its first output, or why there is none. */
export type JqOutcome =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      /** `given up`: jq was not asked, or the run was stopped before it answered. */
      readonly failure: 'error' | 'time' | 'memory' | 'crash' | 'given up';
      readonly message: string;
    };

/** A program that jq refuses. `message` is jq's own. */
export class JqCompileError extends Error {
  override readonly name = 'JqCompileError';
}

/** What one item may cost. A runaway expression fails its item and nothing else. */
export interface EngineLimits {
  readonly clock: Clock;
  /** How long jq may be silent over one item. */
  readonly itemTimeoutMilliseconds: number;
  /** Memory of one jq; held natively where the system has `ulimit -v` (Linux). */
  readonly memoryBytes: number;
  /** Length of one answer. */
  readonly answerBytes: number;
}

/** How long a jq may take to start and compile, before it counts as broken. */
export const startTimeoutMilliseconds = 30_000;

const mebibyte = 1024 * 1024;

/** The limits of a run, but for the clock. */
export const defaultLimits = {
  itemTimeoutMilliseconds: 2_000,
  memoryBytes: 1024 * mebibyte,
  answerBytes: 64 * mebibyte,
} satisfies Omit<EngineLimits, 'clock'>;
