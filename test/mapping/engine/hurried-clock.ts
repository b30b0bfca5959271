import { type Clock, systemClock } from '../../../src/clock.js';

/** How many times faster it goes in a hurry. */
const SPEED = 10;

/**
 * The machine's own clock, which goes faster while a test only waits for a time limit. Whatever else it
 * limits has all of its time, however busy the machine is.
 */
export class HurriedClock implements Clock {
  #ahead = 0;
  #since: number | undefined;

  now(): number {
    const now = systemClock.now();
    return now + this.#ahead + (this.#since === undefined ? 0 : (now - this.#since) * (SPEED - 1));
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(
      this.#since === undefined ? milliseconds : milliseconds / SPEED,
      signal,
    );
  }

  /** Goes faster until `end` is there. */
  async until<Value>(end: Promise<Value>): Promise<Value> {
    this.#since = systemClock.now();
    try {
      return await end;
    } finally {
      this.#ahead = this.now() - systemClock.now();
      this.#since = undefined;
    }
  }
}
