import { Batch, closedError } from './batch.js';
import type { JqOutcome, JqProgram } from './engine.js';
import type { EngineLimits } from './limits.js';
import type { NativeProcess, ProcessListener } from './native-process.js';
import { Patience } from './patience.js';
import { failedBy, outOfSpace, outOfTime, readAnswer } from './protocol.js';
import { reasonOf } from './reason.js';
import { Watchdog } from './watchdog.js';

interface Waiting {
  readonly input: string;
  readonly batch: Batch;
}

/** Text that is handed to the pipe at once. */
const writeCharacters = 256 * 1024;

/** After so many starts in vain, jq is taken to be gone for the inputs that wait. */
const startAttempts = 3;

/**
 * A program in a jq process of its own. Inputs wait in one queue until they are answered, so a
 * process that has to be replaced costs the input that it was busy with: the others are sent again.
 */
export class NativeProgram implements JqProgram {
  readonly #waiting: Waiting[] = [];
  readonly #watchdog: Watchdog;
  readonly #patience: Patience;
  readonly #listener: ProcessListener = {
    answered: (lines) => {
      this.#answered(lines);
    },
    overflowed: () => {
      this.#giveUpOn(outOfSpace(this.limits.answerBytes));
    },
    drained: () => {
      this.#send();
    },
    ended: ({ failure, message }) => {
      this.#giveUpOn(failedBy(failure, message));
    },
  };
  /** How many of `#waiting`, from the front, the process has been given. */
  #sent = 0;
  #process: NativeProcess | undefined;
  #startsInVain = 0;
  #closed = false;

  private constructor(
    private readonly launch: (listener: ProcessListener) => NativeProcess,
    private readonly limits: EngineLimits,
  ) {
    this.#patience = new Patience(limits.clock, limits.itemTimeoutMilliseconds);
    this.#watchdog = new Watchdog(limits.clock, limits.itemTimeoutMilliseconds, () => {
      this.#giveUpOn(outOfTime(limits.itemTimeoutMilliseconds));
    });
  }

  /** @throws JqCompileError, or what `launch` throws */
  static async start(
    launch: (listener: ProcessListener) => NativeProcess,
    limits: EngineLimits,
  ): Promise<NativeProgram> {
    const program = new NativeProgram(launch, limits);
    program.#process = launch(program.#listener);
    await program.#process.ready;
    return program;
  }

  run(inputs: readonly string[]): Promise<readonly JqOutcome[]> {
    if (this.#closed) return Promise.reject(closedError());
    if (inputs.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const batch = new Batch(inputs.length, resolve, reject);
      if (this.#waiting.length === 0) this.#patience.begin();
      for (const input of inputs) this.#waiting.push({ input, batch });
      this.#send();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#watchdog.stop();
    for (const { batch } of this.#waiting.splice(0)) batch.reject(closedError());
    await this.#process?.stop();
  }

  #answered(lines: readonly string[]): void {
    const answered = this.#waiting.splice(0, Math.min(lines.length, this.#sent));
    this.#sent -= answered.length;
    this.#patience.answered(answered.length);
    if (this.#waiting.length === 0) {
      this.#watchdog.stop();
      this.#process?.release();
    } else this.#watchdog.feed();
    answered.forEach(({ batch }, index) => {
      batch.add(readAnswer(lines[index] ?? ''));
    });
  }

  /** The process is done for, and so is the input that it was busy with. */
  #giveUpOn(outcome: JqOutcome): void {
    this.#watchdog.stop();
    this.#process?.kill();
    this.#process = undefined;
    const [culprit] = this.#sent > 0 ? this.#waiting.splice(0, 1) : [];
    this.#sent = 0;
    if (culprit !== undefined) {
      this.#patience.failed(outcome);
      culprit.batch.add(outcome);
    }
    this.#send();
  }

  #send(): void {
    if (this.#closed || this.#waiting.length === 0) return;
    const givenUp = this.#patience.verdict;
    if (givenUp !== null) {
      for (const { batch } of this.#waiting.splice(0)) batch.add(givenUp);
      return;
    }
    if (this.#process === undefined) {
      this.#restart();
      return;
    }
    this.#process.hold();
    while (this.#process.isWritable && this.#sent < this.#waiting.length) {
      if (this.#sent === 0) this.#watchdog.feed();
      this.#process.write(this.#nextText());
    }
  }

  #nextText(): string {
    const inputs: string[] = [];
    let characters = 0;
    while (characters < writeCharacters) {
      const next = this.#waiting[this.#sent + inputs.length];
      if (next === undefined) break;
      inputs.push(next.input);
      characters += next.input.length + 1;
    }
    this.#sent += inputs.length;
    return `${inputs.join('\n')}\n`;
  }

  #restart(): void {
    this.#ready().then(
      () => {
        this.#startsInVain = 0;
        this.#send();
      },
      (reason: unknown) => {
        this.#startFailed(reasonOf(reason));
      },
    );
  }

  async #ready(): Promise<void> {
    this.#process = this.launch(this.#listener);
    await this.#process.ready;
  }

  #startFailed(reason: string): void {
    this.#process = undefined;
    this.#startsInVain += 1;
    if (this.#startsInVain >= startAttempts) {
      this.#startsInVain = 0;
      for (const { batch } of this.#waiting.splice(0)) {
        batch.add(failedBy('crash', `jq could not be started again: ${reason}`));
      }
    }
    this.#send();
  }
}
