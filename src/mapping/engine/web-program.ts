import { closedError } from './batch.js';
import { cleanMessage } from './compile-message.js';
import type { JqOutcome, JqProgram } from './engine.js';
import type { EngineLimits } from './limits.js';
import { Patience } from './patience.js';
import { failedBy, outOfSpace, outOfTime, readAnswer } from './protocol.js';
import type { ThreadAnswer, WebThread } from './web-thread.js';

/**
 * Inputs of one call of jq-web, which compiles the program anew for each call. Measured on pull
 * requests of 2 KiB with 15 fields: 8 ms a call and 0.1 ms an item, so larger groups gain little.
 */
const groupSize = 256;
const groupCharacters = 4 * 1024 * 1024;

/**
 * jq-web needs a second for 20 MB of items on a machine at rest. The time for reading comes on top of
 * the limit of an item, so that a large item is not taken for a runaway expression.
 */
const charactersReadPerMillisecond = 4_000;

/** A program that jq-web runs on groups of inputs; after an input that fails it goes on with the next. */
export class WebProgram implements JqProgram {
  readonly #patience: Patience;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    private readonly thread: WebThread,
    /** As `wrapProgram` gives it. */
    private readonly program: string,
    /** What a call may take beyond the limit of an item, for compiling the program. */
    private readonly compileMilliseconds: number,
    private readonly limits: EngineLimits,
  ) {
    this.#patience = new Patience(limits.clock, limits.itemTimeoutMilliseconds);
  }

  run(inputs: readonly string[]): Promise<readonly JqOutcome[]> {
    const outcomes = this.#last.then(() => this.#runAll(inputs));
    this.#last = outcomes.catch(() => undefined);
    return outcomes;
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #runAll(inputs: readonly string[]): Promise<readonly JqOutcome[]> {
    const outcomes: JqOutcome[] = [];
    for (const group of groupsOf(inputs)) outcomes.push(...(await this.#runGroup(group)));
    return outcomes;
  }

  async #runGroup(group: readonly string[]): Promise<readonly JqOutcome[]> {
    const outcomes: JqOutcome[] = [];
    this.#assertOpen();
    while (outcomes.length < group.length) {
      const givenUp = this.#patience.verdict;
      if (givenUp !== null)
        return [...outcomes, ...group.slice(outcomes.length).map(() => givenUp)];
      const answer = await this.#runRest(group.slice(outcomes.length), outcomes);
      if (outcomes.length === group.length) break;
      this.#assertOpen();
      // jq takes its inputs in order: the first without an answer is the one that ended it.
      const failure = this.#failureOf(answer);
      this.#patience.failed(failure);
      outcomes.push(failure);
    }
    return outcomes;
  }

  #assertOpen(): void {
    if (this.#closed) throw closedError();
  }

  /** Adds to `outcomes` as far as jq gets. */
  #runRest(rest: readonly string[], outcomes: JqOutcome[]): Promise<ThreadAnswer> {
    const text = `${rest.join('\n')}\n`;
    const limit =
      this.limits.itemTimeoutMilliseconds +
      this.compileMilliseconds +
      text.length / charactersReadPerMillisecond;
    this.#patience.begin();
    return this.thread.run(this.program, text, limit, (lines) => {
      this.#patience.answered(lines.length);
      for (const line of lines) outcomes.push(readAnswer(line));
    });
  }

  #failureOf(answer: ThreadAnswer): JqOutcome {
    if (answer.status === 'ended') {
      return failedBy('crash', 'jq gave an answer that cannot be read');
    }
    if (answer.status === 'refused') return failedBy('crash', cleanMessage(answer.message));
    switch (answer.failure) {
      case 'time':
        return outOfTime(this.limits.itemTimeoutMilliseconds);
      case 'answer':
        return outOfSpace(this.limits.answerBytes);
      case 'memory':
      case 'crash':
        return failedBy(answer.failure, answer.message);
    }
  }
}

function* groupsOf(inputs: readonly string[]): Generator<readonly string[]> {
  let group: string[] = [];
  let characters = 0;
  for (const input of inputs) {
    const isFull = group.length >= groupSize || characters + input.length > groupCharacters;
    if (isFull && group.length > 0) {
      yield group;
      group = [];
      characters = 0;
    }
    group.push(input);
    characters += input.length;
  }
  if (group.length > 0) yield group;
}
