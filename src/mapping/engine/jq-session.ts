import { type EngineLimits, type JqOutcome, startTimeoutMilliseconds } from './engine.js';
import { type JqEnd, type JqHost, type RunningJq, Watchdog } from './host.js';
import {
  failedBy,
  failedByEnd,
  outOfSpace,
  outOfTime,
  readyAnswer,
  readyQuestion,
} from './protocol.js';
import type { Clock } from '../../clock.js';

/** Hears of a session until it is over. */
export interface SessionListener {
  readonly limits: EngineLimits;
  answered(lines: readonly string[]): void;
  /** More may be written. */
  hasRoom(): void;
  /** It is over; `outcome` is that of the input without an answer. */
  lost(outcome: JqOutcome): void;
}

/** One jq from its start to its end, held to the limits. */
export class JqSession {
  /** Null when the program has compiled, and waits for inputs. */
  readonly opened: Promise<JqEnd | null>;
  readonly #jq: RunningJq;
  readonly #lines = new LineReader();
  readonly #watchdog: Watchdog;
  readonly #startWatch: Watchdog;
  #state: 'starting' | 'open' | 'over' = 'starting';
  #open: (end: JqEnd | null) => void = () => undefined;

  constructor(
    host: JqHost,
    program: string,
    private readonly listener: SessionListener,
  ) {
    const { clock, itemTimeoutMilliseconds } = listener.limits;
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    this.#jq = host.launch(program, {
      wrote: (output) => {
        this.#read(output);
      },
      drained: () => {
        if (this.#state === 'open') listener.hasRoom();
      },
      ended: (end) => {
        this.#ended(end);
      },
    });
    const progress = (): number => this.#jq.progress;
    this.#watchdog = new Watchdog(clock, itemTimeoutMilliseconds, progress, () => {
      // The answers before may be waiting to be seen.
      this.#jq.look();
      this.#lose(outOfTime(itemTimeoutMilliseconds));
    });
    this.#startWatch = new Watchdog(clock, startTimeoutMilliseconds, progress, () => {
      this.#ended({ cause: 'crash', message: 'jq did not start in time' });
    });
    this.#jq.hold();
    this.#startWatch.start();
    this.#jq.write(readyQuestion);
  }

  get isWritable(): boolean {
    return this.#state === 'open' && this.#jq.isWritable;
  }

  get isBloated(): boolean {
    return this.#jq.isBloated;
  }

  write(text: string): void {
    this.#jq.write(text);
  }

  hold(): void {
    this.#jq.hold();
  }

  release(): void {
    this.#jq.release();
  }

  /** An answer is awaited from now on. */
  watch(): void {
    this.#watchdog.start();
  }

  /** None is. */
  rest(): void {
    this.#watchdog.stop();
  }

  /** Ends it at once. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#finish({ cause: 'crash', message: 'jq was ended' });
    await this.#jq.kill();
  }

  /** Ends it while it waits for inputs. */
  async stop(): Promise<void> {
    this.#finish({ cause: 'crash', message: 'jq was ended' });
    await this.#jq.stop();
  }

  #read(output: Buffer): void {
    if (this.#state === 'over') return;
    let lines = this.#lines.push(output);
    if (this.#state === 'starting' && lines.length > 0) {
      if (lines[0]?.trimEnd() !== readyAnswer) {
        this.#ended({ cause: 'crash', message: 'this jq does not answer as jq does' });
        return;
      }
      lines = lines.slice(1);
      this.#state = 'open';
      this.#startWatch.stop();
      this.#open(null);
    }
    if (lines.length > 0) this.listener.answered(lines);
    const { answerBytes } = this.listener.limits;
    if (this.#lines.pendingBytes > answerBytes) this.#lose(outOfSpace(answerBytes));
  }

  #ended(end: JqEnd): void {
    const wasOpen = this.#state === 'open';
    this.#finish(end);
    void this.#jq.kill();
    if (wasOpen) this.listener.lost(failedByEnd(end));
  }

  #lose(outcome: JqOutcome): void {
    this.#finish({ cause: 'crash', message: 'jq was ended' });
    this.listener.lost(outcome);
  }

  #finish(end: JqEnd): void {
    if (this.#state === 'starting') this.#open(end);
    this.#state = 'over';
    this.#watchdog.stop();
    this.#startWatch.stop();
  }
}

const lineFeed = 10;

/** Cuts a stream of bytes into lines. A line is decoded once it is whole, so no character is cut. */
export class LineReader {
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** How much of a line has arrived without its end. */
  get pendingBytes(): number {
    return this.#restBytes;
  }

  /**
   * Takes the next bytes; answers the lines that are whole with them.
   * @param chunk not looked at after the call
   */
  push(chunk: Buffer): readonly string[] {
    const end = chunk.lastIndexOf(lineFeed);
    if (end === -1) {
      this.#keep(chunk);
      return [];
    }
    const whole = Buffer.concat([...this.#rest, chunk.subarray(0, end)]).toString('utf8');
    this.#rest = [];
    this.#restBytes = 0;
    this.#keep(chunk.subarray(end + 1));
    return whole.split('\n');
  }

  #keep(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#rest.push(Buffer.from(chunk));
    this.#restBytes += chunk.length;
  }
}

/** How many items in a row may take all of their time before their program is given up. */
const runawaysInARow = 15;

/**
 * What an answer earns back, as a part of an item's time limit: with one runaway in 200 items a
 * program goes on for as long as there are items.
 */
const earnedPerAnswer = 1 / 200;

/** No single failure costs more, in time limits: a machine that slept is not held against jq. */
const dearestFailure = 5;

/**
 * How much time a program may lose to items that get no answer. An expression that runs away on each
 * of 1,000 items would take half an hour to find that out; when the patience has run out, the items
 * that are left are failed without being tried. A failed item keeps its entities.
 */
export class Patience {
  readonly #full: number;
  #left: number;
  #lostMilliseconds = 0;
  #failures = 0;
  #lastMessage = '';

  constructor(
    private readonly clock: Clock,
    private readonly itemTimeoutMilliseconds: number,
  ) {
    this.#full = itemTimeoutMilliseconds * runawaysInARow;
    this.#left = this.#full;
  }

  /** What the items that are left get, or null while there is patience. */
  get verdict(): JqOutcome | null {
    if (this.#left > 0) return null;
    const seconds = Math.round(this.#lostMilliseconds / 1_000);
    return failedBy(
      'given up',
      `${this.#failures} items before it kept jq busy for ${seconds} s without an answer, the last one: ${this.#lastMessage}`,
    );
  }

  /** That many items were answered. */
  answered(items: number): void {
    if (this.#left <= 0) return;
    const earned = items * earnedPerAnswer * this.itemTimeoutMilliseconds;
    this.#left = Math.min(this.#full, this.#left + earned);
  }

  /**
   * An item got no answer.
   * @param heardAt when jq gave the answer before, or got to work after it had nothing to do
   */
  failed(outcome: JqOutcome, heardAt: number): void {
    const dearest = dearestFailure * this.itemTimeoutMilliseconds;
    const lost = Math.min(Math.max(this.clock.now() - heardAt, 0), dearest);
    this.#left -= lost;
    this.#lostMilliseconds += lost;
    this.#failures += 1;
    if (!outcome.ok) this.#lastMessage = outcome.message;
  }
}
