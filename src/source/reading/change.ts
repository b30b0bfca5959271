/** Lets several wait until something may have changed. */
export class Change {
  #waiting: (() => void)[] = [];

  /** Ends with the next `told`. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  told(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
