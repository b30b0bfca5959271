/** Whoever waits for a turn. */
interface Waiting {
  readonly signal: AbortSignal | undefined;
  readonly start: () => void;
  readonly fail: (error: Error) => void;
}

/** Lets so many be under way at the same time; the others wait in the order in which they came. */
export class Turns {
  #taken = 0;
  #waiting: Waiting[] = [];
  readonly #heard = new WeakSet<AbortSignal>();

  /** @param most how many there may be at this moment */
  constructor(private readonly most: () => number) {}

  /** Whether nothing is under way. */
  get areFree(): boolean {
    return this.#taken === 0;
  }

  /** Resolves when it is one's turn, which `end` must follow; rejects when `signal` is aborted before. */
  begin(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(new Error('aborted'));
    if (this.#taken < this.most()) {
      this.#taken += 1;
      return Promise.resolve();
    }
    if (signal !== undefined) this.#hear(signal);
    return new Promise((start, fail) => {
      this.#waiting.push({ signal, start, fail });
    });
  }

  /** Gives a turn back. */
  end(): void {
    this.#taken -= 1;
    while (this.#taken < this.most()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#taken += 1;
      next.start();
    }
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
