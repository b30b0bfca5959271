import { describe, expect, it } from '@jest/globals';
import { HttpError } from '../../src/http/http-error.js';
import { Pace } from '../../src/port/pace.js';

/** A Port that tells what is left of its limit, and answers when the test says so. */
function aPort({ now = 0, limit = 10, reset = 60 } = {}) {
  const time = { now };
  const pace = new Pace(() => time.now);
  const open: (() => void)[] = [];
  let used = 0;
  let most = 0;
  let answered = 0;
  const answer = (): { headers: Headers } => {
    const headers = new Headers({
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-reset': String(reset),
    });
    return { headers };
  };
  const call = (fails = false): Promise<unknown> =>
    pace
      .keep(async () => {
        used += 1;
        await new Promise<void>((resolve) => {
          open.push(resolve);
          most = Math.max(most, open.length);
        });
        const { headers } = answer();
        if (fails) throw new HttpError('status', 'x', 'no', { status: 422, headers });
        return { headers };
      })
      .then(
        () => (answered += 1),
        () => (answered += 1),
      );
  /** Answers the oldest call. */
  const next = async (): Promise<void> => {
    open.shift()?.();
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return { call, next, time, open, get: () => ({ used, most, answered }) };
}

describe('Pace', () => {
  it('lets everything go while nothing is known', () => {
    const { call, open } = aPort();
    for (let count = 0; count < 8; count += 1) void call();
    expect(open).toHaveLength(8);
  });

  it.each([false, true])('lets no more be under way than there is room for', async (fails) => {
    const port = aPort({ limit: 4 });
    void port.call(fails);
    await port.next();
    for (let count = 0; count < 6; count += 1) void port.call(fails);
    await Promise.resolve();
    expect(port.open).toHaveLength(3);
    expect(port.get().used).toBe(4);
  });

  it('lets one go when there is no room: the client waits for the reset with it', async () => {
    const port = aPort({ limit: 1 });
    void port.call();
    await port.next();
    void port.call();
    void port.call();
    await Promise.resolve();
    expect(port.open).toHaveLength(1);
    await port.next();
    expect(port.open).toHaveLength(1);
    expect(port.get().answered).toBe(2);
  });

  it('lets everything go again after the reset', async () => {
    const port = aPort({ limit: 2 });
    void port.call();
    await port.next();
    port.time.now = 60_000;
    for (let count = 0; count < 5; count += 1) void port.call();
    await Promise.resolve();
    expect(port.open).toHaveLength(5);
  });
});
