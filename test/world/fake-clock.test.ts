import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from './fake-clock.js';

describe('createFakeClock', () => {
  it('moves ahead by each sleep and remembers it', async () => {
    const clock = createFakeClock(1_000);
    await clock.sleep(30);
    await clock.sleep(12);
    expect(clock.now()).toBe(1_042);
    expect(clock.waits).toEqual([30, 12]);
  });

  it('lets sleeps that begin together pass together', async () => {
    const clock = createFakeClock(0);
    await Promise.all([clock.sleep(30), clock.sleep(50), clock.sleep(20)]);
    expect(clock.now()).toBe(50);
  });

  it('rejects a sleep that is aborted', async () => {
    const reason = new Error('stop');
    await expect(createFakeClock().sleep(5, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
