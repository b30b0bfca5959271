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

/** How many requests may be under way at a time. */
export interface Concurrency {
  /** To begin with. */
  readonly first: number;
  /** While answers stay quick and clean; the same as `first` where a user has fixed it. */
  readonly most: number;
}

/** What an answer says about how much the server bears. */
export interface Sign {
  /** From sending to the last byte. */
  readonly milliseconds: number;
  /** 429, 503, 504 or no answer in time: too much. */
  readonly isOverloaded: boolean;
  /** Whether others wait for their turn: only then would more be of use. */
  readonly isWanted: boolean;
}

/** How many may be under way now, and what that follows from. */
export interface Bearing {
  readonly limit: number;
  /** Whether the server was overloaded once: from then on, one more at a time. */
  readonly hasYielded: boolean;
  /** The mean time of the quickest round since the last change for the worse; null: none was finished. */
  readonly quickest: number | null;
  /** The round that is being counted: as many answers as may be under way. */
  readonly answers: number;
  readonly milliseconds: number;
  readonly wanted: number;
}

/** Answers that take less than this on average are quick, whatever others took. */
const quickMilliseconds = 250;

/** So many times the quickest mean is too slow for more, and too slow for as many. */
const slower = 1.5;
const tooSlow = 2;

/** Before the first answer. */
export function bearingOf({ first }: Concurrency): Bearing {
  return { ...newRound, limit: first, hasYielded: false, quickest: null };
}

const newRound = { answers: 0, milliseconds: 0, wanted: 0 } as const;

/**
 * How many may be under way after an answer: half of them when the server is overloaded or takes twice
 * as long as it did; a quarter more after each round that was quick, one more once it was overloaded.
 * Times are compared as means of whole rounds, because single requests differ.
 */
export function afterAnswer(bearing: Bearing, sign: Sign, { most }: Concurrency): Bearing {
  if (sign.isOverloaded) return halved(bearing);
  const answers = bearing.answers + 1;
  const milliseconds = bearing.milliseconds + sign.milliseconds;
  const wanted = bearing.wanted + (sign.isWanted ? 1 : 0);
  if (answers < bearing.limit) return { ...bearing, answers, milliseconds, wanted };

  const mean = milliseconds / answers;
  const { limit, hasYielded } = bearing;
  const pace =
    Math.max(mean, quickMilliseconds) / Math.max(bearing.quickest ?? mean, quickMilliseconds);
  if (pace > tooSlow) return halved(bearing);
  const step = hasYielded ? 1 : Math.ceil(limit / 4);
  const grows = pace <= slower && wanted > answers / 2;
  return {
    ...newRound,
    limit: grows ? Math.min(most, limit + step) : limit,
    hasYielded,
    quickest: Math.min(mean, bearing.quickest ?? mean),
  };
}

/** What is slow now may be what is asked now: what was quickest before counts no more. */
function halved({ limit }: Bearing): Bearing {
  return {
    ...newRound,
    limit: Math.max(1, Math.floor(limit / 2)),
    hasYielded: true,
    quickest: null,
  };
}
