/** Counts what happened within the last so many milliseconds. Every time is since the epoch. */
export class RollingCount {
  readonly #window: number;
  /** Oldest first; those before `#first` are out of the window. */
  #times: number[] = [];
  #first = 0;

  constructor(windowMilliseconds: number) {
    this.#window = windowMilliseconds;
  }

  add(now: number): void {
    this.#times.push(Math.max(now, this.#times.at(-1) ?? now));
  }

  /** How many there are within the window that ends now. */
  at(now: number): number {
    this.#forget(now);
    return this.#times.length - this.#first;
  }

  /** When fewer than `most` are within the window: now, or later. */
  freeAt(now: number, most: number): number {
    const excess = this.at(now) - most;
    if (excess < 0) return now;
    return (this.#times[this.#first + excess] ?? now) + this.#window;
  }

  /** How many more may happen from now until then, with never more than `most` in a window. */
  roomUntil(now: number, until: number, most: number): number {
    if (until < now) return 0;
    const all = this.at(now);
    // Where more than `most` happened, the oldest make no room when they leave the window.
    const excess = Math.max(0, all - most);
    const windows = Math.floor((until - now) / this.#window);
    const rest = (until - now) % this.#window;
    const leaving = Math.max(0, this.#before(now + rest - this.#window) - excess);
    const counted = all - excess;
    return (most - counted) * (windows + 1) + counted * windows + leaving;
  }

  /** How many of those within the window happened until then. */
  #before(then: number): number {
    let low = this.#first;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? Infinity) <= then) low = middle + 1;
      else high = middle;
    }
    return low - this.#first;
  }

  #forget(now: number): void {
    while ((this.#times[this.#first] ?? Infinity) <= now - this.#window) this.#first += 1;
    if (this.#first * 2 < this.#times.length) return;
    this.#times = this.#times.slice(this.#first);
    this.#first = 0;
  }
}
