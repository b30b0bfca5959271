import { closedError } from './batch.js';
import { cleanMessage } from './compile-message.js';
import type { JqOutcome, JqProgram } from './engine.js';
import type { EngineLimits } from './limits.js';
import { failedBy, outOfSpace, outOfTime, readAnswer } from './protocol.js';
import type { ThreadAnswer, WebThread } from './web-thread.js';

/**
 * Inputs of one call of jq-web, which compiles the program anew for each call. Measured on pull
 * requests of 2 KiB with 15 fields: 8 ms a call and 0.2 ms an item, so larger groups gain little.
 */
const groupSize = 256;
const groupCharacters = 4 * 1024 * 1024;

/** A program that jq-web runs on groups of inputs; a group that fails is run again one by one. */
export class WebProgram implements JqProgram {
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    private readonly thread: WebThread,
    /** As `wrapProgram` gives it. */
    private readonly program: string,
    /** What a call may take beyond the limit of an item, for compiling the program. */
    private readonly compileMilliseconds: number,
    private readonly limits: EngineLimits,
  ) {}

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
    if (this.#closed) throw closedError();
    const text = `${group.join('\n')}\n`;
    const limit = this.limits.itemTimeoutMilliseconds + this.compileMilliseconds;
    const answer = await this.thread.run(this.program, text, limit);
    const lines = answer.status === 'output' ? answer.text.split('\n') : [];
    if (lines.length === group.length) return lines.map((line) => this.#read(line));
    if (group.length === 1) return [this.#failureOf(answer)];
    const outcomes: JqOutcome[] = [];
    for (const input of group) outcomes.push(...(await this.#runGroup([input])));
    return outcomes;
  }

  #read(line: string): JqOutcome {
    const { answerBytes } = this.limits;
    return line.length > answerBytes ? outOfSpace(answerBytes) : readAnswer(line);
  }

  #failureOf(answer: ThreadAnswer): JqOutcome {
    switch (answer.status) {
      case 'output':
        return failedBy('crash', 'jq gave an answer that cannot be read');
      case 'refused':
        return failedBy('crash', cleanMessage(answer.message));
      case 'failed':
        return answer.failure === 'time'
          ? outOfTime(this.limits.itemTimeoutMilliseconds)
          : failedBy(answer.failure, answer.message);
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
