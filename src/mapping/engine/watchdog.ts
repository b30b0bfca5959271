import type { Clock } from '../../clock.js';

/**
 * A limit is counted in parts, not read off a clock: when this process itself was held up, one part
 * comes late, and jq still has the others to show its answer.
 */
const parts = 10;

/** Reports once when nothing was heard for a whole limit. Its timer keeps the process alive meanwhile. */
export class Watchdog {
  #quietParts = 0;
  #watch: AbortController | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly limitMilliseconds: number,
    private readonly onSilence: () => void,
  ) {}

  /** Begins to watch, or, while watching, counts from zero again. */
  feed(): void {
    // The part under way has begun already, so it does not count.
    this.#quietParts = -1;
    if (this.#watch !== undefined) return;
    this.#quietParts = 0;
    this.#watch = new AbortController();
    void this.#run(this.#watch.signal);
  }

  /** Stops watching. */
  stop(): void {
    this.#watch?.abort();
    this.#watch = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (this.#quietParts < parts) {
      try {
        await this.clock.sleep(this.limitMilliseconds / parts, signal);
      } catch {
        return;
      }
      if (signal.aborted) return;
      this.#quietParts += 1;
    }
    this.#watch = undefined;
    this.onSilence();
  }
}
