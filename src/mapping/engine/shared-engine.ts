import { cleanMessage, failedBy, readAnswer, textOfInputs, togetherProgram } from './protocol.js';
import {
  type EngineLimits,
  JqCompileError,
  type JqEngine,
  type JqOutcome,
  type JqProgram,
  type StartOptions,
} from './engine.js';
import { ExpressionChecker } from './expression-checker.js';
import type { JqEnd, JqHost } from './host.js';
import { JqSession, Patience } from './jq-session.js';

/** Text that is handed to jq at once. */
const writeCharacters = 64 * 1024;

/** After so many starts in vain, jq is taken to be gone for the inputs that wait. */
const startAttempts = 3;

/** What a stopped run waits for answers that are under way. */
const stopMilliseconds = 1_000;

const stopped = failedBy('given up', 'the run was stopped before jq answered');

/** One call of `run`. */
interface Batch {
  readonly program: SharedProgram;
  readonly inputs: readonly string[];
  readonly outcomes: JqOutcome[];
  /** How many of the inputs the jq of now was given; it answers in order. */
  sent: number;
  readonly resolve: (outcomes: readonly JqOutcome[]) => void;
  readonly reject: (reason: Error) => void;
}

/** A call of `start`. */
interface Starting {
  readonly program: SharedProgram;
  readonly resolve: (program: JqProgram) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * All programs of a run on one jq, each a function of one large program. Inputs wait in one queue
 * until they are answered, so a jq that has to be replaced costs the input that it was busy with: the
 * others are given to the next one.
 */
export class SharedEngine implements JqEngine {
  readonly #checker: ExpressionChecker;
  #programs: readonly SharedProgram[] = [];
  #programsSoFar = 0;
  #starting: Starting[] = [];
  /** What needs the host for itself. */
  readonly #jobs: (() => Promise<void>)[] = [];
  #queue: Batch[] = [];
  #session: JqSession | undefined;
  #ending: Promise<unknown> = Promise.resolve();
  #startsInVain = 0;
  /** When jq was last heard of, or got to work after it had nothing to do. */
  #heardAt = 0;
  #work: Promise<void> | undefined;
  #isChanged = false;
  #onChange: (() => void) | undefined;
  #longProgramEngine: Promise<JqEngine> | undefined;
  #isClosed = false;

  /**
   * @param forLongPrograms the engine for programs that are longer than the host can be given; asked
   * for at most once
   */
  constructor(
    private readonly host: JqHost,
    private readonly limits: EngineLimits,
    private readonly forLongPrograms: () => Promise<JqEngine>,
  ) {
    this.#checker = new ExpressionChecker(
      (program) => this.#alone(() => host.compile(program)),
      host.builtins,
      async (expression) => (await this.#elsewhere()).check(expression),
    );
  }

  get description(): string {
    return this.host.description;
  }

  get version(): string {
    return this.host.version;
  }

  check(expression: string): Promise<string | null> {
    return this.#checker.check(expression);
  }

  start(text: string, { signal }: StartOptions = {}): Promise<JqProgram> {
    if (this.#isClosed) return Promise.reject(closedError());
    const program = new SharedProgram(this, this.#programsSoFar, text, this.limits, signal);
    this.#programsSoFar += 1;
    return new Promise((resolve, reject) => {
      this.#starting.push({ program, resolve, reject });
      if (this.#starting.length > 1) return;
      this.#jobs.push(() => this.#startTogether(this.#starting.splice(0)));
      this.#goOn();
    });
  }

  /** Queues the inputs of a program. */
  run(program: SharedProgram, inputs: readonly string[]): Promise<readonly JqOutcome[]> {
    if (inputs.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#queue.push({ program, inputs, outcomes: [], sent: 0, resolve, reject });
      this.#goOn();
    });
  }

  /** Answers what the program still waits for with `outcome`. */
  giveUp(program: SharedProgram, outcome: JqOutcome): void {
    for (const { inputs, outcomes, resolve } of this.#withdraw(program)) {
      resolve([...outcomes, ...inputs.slice(outcomes.length).map(() => outcome)]);
    }
  }

  /** Takes the program out of the next jq that is started. */
  remove(program: SharedProgram): void {
    for (const { reject } of this.#withdraw(program)) reject(closedError());
    this.#programs = this.#programs.filter((other) => other !== program);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const program of this.#programs) await program.close();
    for (const { reject } of this.#starting.splice(0)) reject(closedError());
    await Promise.all([this.#endSession(), this.host.close(), this.#work]);
    await (await this.#longProgramEngine)?.close();
  }

  #elsewhere(): Promise<JqEngine> {
    this.#longProgramEngine ??= this.forLongPrograms();
    return this.#longProgramEngine;
  }

  /** Runs `job` while no jq runs on the host. */
  #alone<Value>(job: () => Promise<Value>): Promise<Value> {
    if (this.#isClosed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.#jobs.push(() =>
        (this.#isClosed ? Promise.reject(closedError()) : job()).then(resolve, reject),
      );
      this.#goOn();
    });
  }

  #goOn(): void {
    this.#work ??= Promise.resolve().then(() => this.#workOff());
    this.#changed();
  }

  /** The only place that starts and ends a jq in good order. Ends when there is nothing to do. */
  async #workOff(): Promise<void> {
    this.#session?.hold();
    while (this.#jobs.length > 0 || this.#queue.length > 0) {
      if (this.#jobs.length === 0) await this.#map();
      else if (this.#isBusy()) await this.#nextChange();
      else await this.#doJob();
    }
    this.#session?.release();
    this.#work = undefined;
  }

  async #doJob(): Promise<void> {
    await this.#stopSession();
    await this.#jobs.shift()?.();
  }

  /** Takes the queue one step further. */
  async #map(): Promise<void> {
    if (this.#session === undefined) await this.#startAgain();
    else if (this.#session.isBloated && !this.#isBusy()) await this.#endSession();
    else {
      this.#send();
      await this.#nextChange();
    }
  }

  async #startAgain(): Promise<void> {
    const end = await this.#openSession(this.#programs);
    this.#startsInVain = end === null ? 0 : this.#startsInVain + 1;
    if (end !== null && this.#startsInVain >= startAttempts) {
      this.#startsInVain = 0;
      const gone = failedBy('crash', `jq could not be started again: ${cleanMessage(end.message)}`);
      for (const program of this.#programs) this.giveUp(program, gone);
    }
  }

  async #startTogether(group: readonly Starting[]): Promise<void> {
    const programs = [...this.#programs, ...group.map(({ program }) => program)];
    const end = await this.#openSession(programs);
    const [only, ...others] = group;
    if (only === undefined) return;
    if (end === null) {
      this.#programs = [...this.#programs, ...group.map((each) => each.program)];
      for (const { program, resolve } of group) resolve(program);
    } else if (others.length === 0) await this.#startFailed(only, end);
    else {
      const middle = Math.ceil(group.length / 2);
      await this.#startTogether(group.slice(0, middle));
      await this.#stopSession();
      await this.#startTogether(group.slice(middle));
    }
  }

  async #startFailed({ program, resolve, reject }: Starting, end: JqEnd): Promise<void> {
    const message = cleanMessage(end.message);
    if (end.cause === 'too long') {
      const { text, signal } = program;
      const other = await this.#elsewhere();
      await other.start(text, signal === undefined ? {} : { signal }).then(resolve, reject);
    } else if (end.cause === 'refused') reject(new JqCompileError(message));
    else reject(new Error(message));
  }

  /** Null when the programs have compiled, and wait for inputs. */
  async #openSession(programs: readonly SharedProgram[]): Promise<JqEnd | null> {
    await this.#ending;
    if (this.#isClosed) return { cause: 'crash', message: closedError().message };
    const session = new JqSession(this.host, togetherProgram(programs, this.host.builtins), {
      limits: this.limits,
      answered: (lines) => {
        this.#answered(lines);
      },
      hasRoom: () => {
        this.#changed();
      },
      lost: (outcome) => {
        this.#lost(outcome);
      },
    });
    this.#session = session;
    const end = await session.opened;
    if (end !== null && this.#session === session) this.#session = undefined;
    return end;
  }

  async #stopSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.stop();
  }

  async #endSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    for (const batch of this.#queue) batch.sent = batch.outcomes.length;
    this.#ending = Promise.all([this.#ending, session?.kill()]);
    await this.#ending;
  }

  /** Whether jq owes an answer. */
  #isBusy(): boolean {
    const [first] = this.#queue;
    return first !== undefined && first.sent > first.outcomes.length;
  }

  #send(): void {
    const session = this.#session;
    if (session === undefined || session.isBloated) return;
    const wasBusy = this.#isBusy();
    for (const batch of this.#queue) {
      while (session.isWritable && batch.sent < batch.inputs.length) {
        const end = endOfPart(batch.inputs, batch.sent);
        session.write(textOfInputs(batch.program.tag, batch.inputs.slice(batch.sent, end)));
        batch.sent = end;
      }
    }
    if (wasBusy || !this.#isBusy()) return;
    this.#heardAt = this.limits.clock.now();
    session.watch();
  }

  #answered(lines: readonly string[]): void {
    this.#heardAt = this.limits.clock.now();
    let at = 0;
    while (at < lines.length) {
      const [batch] = this.#queue;
      if (batch === undefined || batch.sent === batch.outcomes.length) break;
      const owed = lines.slice(at, at + batch.sent - batch.outcomes.length);
      for (const line of owed) batch.outcomes.push(readAnswer(line));
      batch.program.patience.answered(owed.length);
      at += owed.length;
      this.#settle(batch);
    }
    if (!this.#isBusy()) this.#session?.rest();
    this.#changed();
  }

  /** Answers the first batch of the queue when it is complete. */
  #settle(batch: Batch): void {
    if (batch.outcomes.length < batch.inputs.length) return;
    this.#queue.shift();
    batch.resolve(batch.outcomes);
  }

  /** This jq is done for, and so is the input that it was busy with. */
  #lost(outcome: JqOutcome): void {
    const [culprit] = this.#isBusy() ? this.#queue : [];
    void this.#endSession();
    if (culprit !== undefined) {
      const { program, outcomes } = culprit;
      program.patience.failed(outcome, this.#heardAt);
      outcomes.push(outcome);
      culprit.sent = outcomes.length;
      this.#settle(culprit);
      const { verdict } = program.patience;
      if (verdict !== null) this.giveUp(program, verdict);
    }
    this.#changed();
  }

  #withdraw(program: SharedProgram): readonly Batch[] {
    const withdrawn = this.#queue.filter((batch) => batch.program === program);
    // Its answers would be taken for those of others.
    if (withdrawn.some(({ sent, outcomes }) => sent > outcomes.length)) void this.#endSession();
    this.#queue = this.#queue.filter((batch) => batch.program !== program);
    this.#changed();
    return withdrawn;
  }

  #changed(): void {
    this.#isChanged = true;
    this.#onChange?.();
  }

  async #nextChange(): Promise<void> {
    if (!this.#isChanged) {
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
    }
    this.#onChange = undefined;
    this.#isChanged = false;
  }
}

/** A program among those of one jq. */
class SharedProgram implements JqProgram {
  readonly patience: Patience;
  readonly #ending = new AbortController();
  #isStopped = false;
  #isClosed = false;

  constructor(
    private readonly engine: SharedEngine,
    /** Names it within one jq. */
    readonly tag: number,
    readonly text: string,
    { clock, itemTimeoutMilliseconds }: EngineLimits,
    readonly signal: AbortSignal | undefined,
  ) {
    this.patience = new Patience(clock, itemTimeoutMilliseconds);
    const stop = (): void => {
      clock.sleep(stopMilliseconds, this.#ending.signal).then(
        () => {
          this.#isStopped = true;
          engine.giveUp(this, stopped);
        },
        () => undefined,
      );
    };
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true, signal: this.#ending.signal });
  }

  run(inputs: readonly string[]): Promise<readonly JqOutcome[]> {
    if (this.#isClosed) return Promise.reject(closedError());
    const verdict = this.#isStopped ? stopped : this.patience.verdict;
    if (verdict !== null) return Promise.resolve(inputs.map(() => verdict));
    return this.engine.run(this, inputs);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#ending.abort();
    this.engine.remove(this);
    return Promise.resolve();
  }
}

/** Up to where inputs, from `start`, are handed over at once: one at least. */
function endOfPart(inputs: readonly string[], start: number): number {
  let end = start;
  for (let characters = 0; characters < writeCharacters && end < inputs.length; end += 1) {
    characters += inputs[end]?.length ?? 0;
  }
  return end;
}

/** What a call gets whose program was closed before it was answered. */
function closedError(): Error {
  return new Error('This jq program is closed.');
}
