import { describe, expect, it, jest } from '@jest/globals';
import type { Clock } from '../../../src/clock.js';
import { Watchdog } from '../../../src/mapping/engine/host.js';

/** A clock whose sleeps end when the test says so. */
class HandClock implements Clock {
  slept = 0;
  #wake: (() => void) | undefined;

  now(): number {
    return this.slept;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new Error('aborted'));
      });
      this.#wake = () => {
        this.slept += milliseconds;
        resolve();
      };
    });
  }

  /** Ends the sleep under way, and lets what waits for it go on. */
  async tick(times = 1): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      this.#wake?.();
      this.#wake = undefined;
      await new Promise(setImmediate);
    }
  }
}

function watched() {
  const clock = new HandClock();
  const onSilence = jest.fn();
  let life = 0;
  const feed = (): void => {
    life += 1;
  };
  return { clock, onSilence, feed, watchdog: new Watchdog(clock, 2_000, () => life, onSilence) };
}

describe('Watchdog', () => {
  it('reports once when the limit has passed in silence', async () => {
    const { clock, onSilence, watchdog } = watched();
    watchdog.start();
    await clock.tick(9);
    expect(onSilence).not.toHaveBeenCalled();
    await clock.tick(30);
    expect(onSilence).toHaveBeenCalledTimes(1);
    expect(clock.slept).toBe(2_000);
  });

  it('counts from zero after each sign of life', async () => {
    const { clock, onSilence, feed, watchdog } = watched();
    watchdog.start();
    for (let answer = 0; answer < 20; answer += 1) {
      await clock.tick(9);
      feed();
    }
    expect(onSilence).not.toHaveBeenCalled();
    await clock.tick(11);
    expect(onSilence).toHaveBeenCalledTimes(1);
  });

  it('is quiet after it was stopped, and watches again when started', async () => {
    const { clock, onSilence, watchdog } = watched();
    watchdog.start();
    await clock.tick(5);
    watchdog.stop();
    await clock.tick(30);
    expect(onSilence).not.toHaveBeenCalled();
    watchdog.start();
    await clock.tick(10);
    expect(onSilence).toHaveBeenCalledTimes(1);
  });
});
