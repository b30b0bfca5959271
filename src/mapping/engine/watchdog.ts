import type { Clock } from '../../clock.js';

/**
 * A limit is counted in parts, not read off a clock: when this process itself was held up, one part
 * comes late, and jq still has the others to show its answer.
 */
const parts = 10;

/** Reports once when there was no progress for a whole limit. Its timer keeps the process alive. */
export class Watchdog {
  #watch: AbortController | undefined;

  /** @param progress a number that changes with each sign of life */
  constructor(
    private readonly clock: Clock,
    private readonly limitMilliseconds: number,
    private readonly progress: () => number,
    private readonly onSilence: () => void,
  ) {}

  /** Begins to watch. */
  start(): void {
    if (this.#watch !== undefined) return;
    this.#watch = new AbortController();
    void this.#run(this.#watch.signal);
  }

  /** Stops watching. */
  stop(): void {
    this.#watch?.abort();
    this.#watch = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let seen = this.progress();
    let quietParts = 0;
    while (quietParts < parts) {
      try {
        await this.clock.sleep(this.limitMilliseconds / parts, signal);
      } catch {
        return;
      }
      if (signal.aborted) return;
      const progress = this.progress();
      quietParts = progress === seen ? quietParts + 1 : 0;
      seen = progress;
    }
    this.#watch = undefined;
    this.onSilence();
  }
}
