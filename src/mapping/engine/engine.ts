/** What became of one input: the JSON text of its first output, or why there is none. */
export type JqOutcome =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      /** `given up`: jq was not asked, because too many items before it got no answer. */
      readonly failure: 'error' | 'time' | 'memory' | 'crash' | 'given up';
      readonly message: string;
    };

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

/** A jq, native or WebAssembly. Both give the same JSON values for the same program and input. */
export interface JqEngine {
  /** `jq 1.7.1 (node-jq)`, for the log. */
  readonly description: string;
  readonly version: string;
  /**
   * Compiles; the program must give exactly one output for each input (wrap it in `try` and `first`).
   * Variables are not available; `env` and `$ENV` are empty.
   * @throws JqCompileError when it does not compile
   */
  start(program: string): Promise<JqProgram>;
  /**
   * Whether `expression` compiles on its own, as a term of a larger program; null when it does, else
   * jq's message. Checks that are asked for in one turn (`Promise.all`) are compiled together.
   */
  check(expression: string): Promise<string | null>;
  close(): Promise<void>;
}

/** A program that jq refuses. `message` is jq's own. */
export class JqCompileError extends Error {
  override readonly name = 'JqCompileError';
}
