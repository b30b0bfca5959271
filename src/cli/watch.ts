import { ProblemError } from '../problems/problem.js';
import type { Runtime } from '../runtime.js';

/**
 * Minds signals and bugs while no part of a command does: before its run has begun, and once that is
 * over. Without it, either would end the process without a word, or with a stack trace.
 */
export class Watch {
  /** The same process; who listens to it takes over from here. */
  readonly runtime: Runtime;
  /** What ended the command. Never comes while somebody else minds it. */
  readonly ended: Promise<unknown>;
  #end: (error: unknown) => void = () => undefined;
  #forget: readonly (() => void)[] = [];

  constructor(private readonly process: Runtime) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.runtime = {
      ...process,
      onSignal: (listener) => this.#handOver(process.onSignal(listener)),
    };
    this.#begin();
  }

  release(): void {
    for (const forget of this.#forget) forget();
    this.#forget = [];
  }

  #begin(): void {
    const { onSignal, onBug } = this.process;
    this.#forget = [
      onSignal((signal) => {
        this.#end(ProblemError.of({ code: 'interrupted', signal }));
      }),
      onBug?.((error) => {
        this.#end(error);
      }) ?? (() => undefined),
    ];
  }

  #handOver(release: () => void): () => void {
    this.release();
    return () => {
      release();
      this.#begin();
    };
  }
}
