import type { RunEvent } from '../model/event.js';

/** A resource shows its progress no more often than this: a log is read as a whole. */
const INTERVAL_MILLISECONDS = 10_000;

/** Keeps the progress of a run from flooding a log. */
export class ProgressPace {
  readonly #shownAt = new Map<number, number>();

  /** Whether to show it: progress now and then, counted from where its resource began; all else. */
  isDue(event: RunEvent): boolean {
    if (event.type === 'resource-started') this.#shownAt.set(event.resource.index, event.at);
    if (event.type !== 'resource-progressed') return true;
    const shownAt = this.#shownAt.get(event.resource.index) ?? 0;
    if (event.at - shownAt < INTERVAL_MILLISECONDS) return false;
    this.#shownAt.set(event.resource.index, event.at);
    return true;
  }
}
