import type { JqOutcome } from './engine.js';

/** The inputs of one call of `run`, collecting their outcomes. */
export class Batch {
  readonly #outcomes: JqOutcome[] = [];

  constructor(
    private readonly size: number,
    private readonly resolve: (outcomes: readonly JqOutcome[]) => void,
    readonly reject: (reason: Error) => void,
  ) {}

  /** Adds the outcome of the next input; the last one answers the call. */
  add(outcome: JqOutcome): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length === this.size) this.resolve(this.#outcomes);
  }
}

/** What a call gets whose program was closed before it was answered. */
export function closedError(): Error {
  return new Error('This jq program is closed.');
}
