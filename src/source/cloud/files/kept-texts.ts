/** How many characters of what several resources want are kept, and of everything else. */
const sharedCharacters = 32 * 1024 * 1024;
const recentCharacters = 2 * 1024 * 1024;

/**
 * Remembers what was read within bounds: what several want until there is no more room, anything else
 * for a while.
 */
export class KeptTexts<Value> {
  readonly #values = new Map<string, Promise<Value>>();
  /** In the order in which they were read. */
  readonly #recent = new Map<string, number>();
  #shared = 0;
  #recentSum = 0;

  get(key: string): Promise<Value> | undefined {
    return this.#values.get(key);
  }

  /**
   * @param isShared whether others will come for it
   * @param sizeOf in characters
   */
  set(
    key: string,
    value: Promise<Value>,
    isShared: boolean,
    sizeOf: (value: Value) => number,
  ): void {
    this.#values.set(key, value);
    void value.then(
      (settled) => {
        this.#settle(key, isShared, sizeOf(settled));
      },
      () => undefined,
    );
  }

  #settle(key: string, isShared: boolean, size: number): void {
    if (isShared && this.#shared + size <= sharedCharacters) {
      this.#shared += size;
      return;
    }
    this.#recent.set(key, size);
    this.#recentSum += size;
    for (const [oldest, characters] of this.#recent) {
      if (this.#recentSum <= recentCharacters) return;
      this.#recent.delete(oldest);
      this.#recentSum -= characters;
      this.#values.delete(oldest);
    }
  }
}
