import type { Clock } from '../../src/clock.js';

/** A clock on which nobody waits: sleeping moves it ahead. */
export interface FakeClock extends Clock {
  /** The length of every sleep so far, in milliseconds, oldest first. */
  readonly waits: readonly number[];
  /** Moves the time on, as work does that takes a while. */
  advance(milliseconds: number): void;
}

/** 2026-01-01T00:00:00Z */
const newYear = Date.UTC(2026, 0, 1);

/**
 * A clock that stands still until someone sleeps or advances it. Sleeps that begin at the same time
 * end at their own times, as real ones do, not one after the other.
 */
export function createFakeClock(start = newYear): FakeClock {
  const waits: number[] = [];
  let current = start;
  return {
    waits,
    now: () => current,
    advance: (milliseconds) => {
      current += milliseconds;
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      const end = current + milliseconds;
      await Promise.resolve();
      signal?.throwIfAborted();
      current = Math.max(current, end);
    },
  };
}
