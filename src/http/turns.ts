import { afterAnswer, bearingOf, type Bearing, type Concurrency } from './concurrency.js';

/** A place among the requests under way. */
export interface Turn {
  /** Milliseconds since the epoch. */
  readonly begun: number;
  /** The limit that it was begun under. */
  readonly era: number;
}

/** How a turn went, as far as it tells what the server bears; `unknown` tells nothing. */
export type TurnEnd = 'clean' | 'overloaded' | 'unknown';

/** Whoever waits for a turn. */
interface Waiting {
  readonly signal: AbortSignal | undefined;
  readonly start: (turn: Turn) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Lets as many be under way at the same time as the server bears; the others wait in the order in
 * which they came.
 */
export class Turns {
  readonly #concurrency: Concurrency;
  readonly #now: () => number;
  #bearing: Bearing;
  #era = 0;
  #taken = 0;
  #waiting: Waiting[] = [];
  readonly #heard = new WeakSet<AbortSignal>();

  /** @param now milliseconds since the epoch */
  constructor(concurrency: Concurrency, now: () => number) {
    this.#concurrency = concurrency;
    this.#now = now;
    this.#bearing = bearingOf(concurrency);
  }

  /** Whether nothing is under way. */
  get areFree(): boolean {
    return this.#taken === 0;
  }

  /** How many may be under way now. */
  get limit(): number {
    return this.#bearing.limit;
  }

  /** Resolves when it is one's turn, which `end` must follow; rejects when `signal` is aborted before. */
  begin(signal: AbortSignal | undefined): Promise<Turn> {
    if (signal?.aborted === true) return Promise.reject(new Error('aborted'));
    if (this.#taken < this.limit) return Promise.resolve(this.#take());
    if (signal !== undefined) this.#hear(signal);
    return new Promise((start, fail) => {
      this.#waiting.push({ signal, start, fail });
    });
  }

  /** Gives a turn back. */
  end(turn: Turn, how: TurnEnd): void {
    this.#taken -= 1;
    if (how !== 'unknown') this.#learn(turn, how);
    while (this.#taken < this.limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.start(this.#take());
    }
  }

  #take(): Turn {
    this.#taken += 1;
    return { begun: this.#now(), era: this.#era };
  }

  /** What was begun under a limit that proved too high says nothing about the one of now. */
  #learn({ begun, era }: Turn, how: TurnEnd): void {
    const { first, most } = this.#concurrency;
    if (first === most || era !== this.#era) return;
    const { limit } = this.#bearing;
    const sign = {
      milliseconds: Math.max(0, this.#now() - begun),
      isOverloaded: how === 'overloaded',
      isWanted: this.#waiting.length > 0,
    };
    this.#bearing = afterAnswer(this.#bearing, sign, this.#concurrency);
    if (this.limit < limit) this.#era += 1;
  }

  /** One listener for each signal, and not for each that waits. */
  #hear(signal: AbortSignal): void {
    if (this.#heard.has(signal)) return;
    this.#heard.add(signal);
    const leave = (): void => {
      const leaving = this.#waiting.filter((one) => one.signal === signal);
      this.#waiting = this.#waiting.filter((one) => one.signal !== signal);
      for (const one of leaving) one.fail(new Error('aborted'));
    };
    signal.addEventListener('abort', leave, { once: true });
  }
}
