import { describe, expect, it } from '@jest/globals';
import { Turns, type Turn, type TurnEnd } from '../../src/http/turns.js';
import { createFakeClock } from '../world/fake-clock.js';

const clock = createFakeClock();

/** Turns, of which as many as may are under way, and more wait. */
async function busyTurns(concurrency: { first: number; most: number }) {
  const turns = new Turns(concurrency, () => clock.now());
  const underWay: Turn[] = [];
  const begin = (): void => {
    void turns.begin(undefined).then((turn) => underWay.push(turn));
  };
  const settle = async (): Promise<void> => {
    for (let index = 0; index < 5; index += 1) await Promise.resolve();
  };
  for (let index = 0; index < 100; index += 1) begin();
  await settle();
  return {
    turns,
    underWay,
    /** Ends the oldest of those under way after a while; others take their place. */
    end: async (count: number, how: TurnEnd, milliseconds = 10) => {
      clock.advance(milliseconds);
      for (const turn of underWay.splice(0, count)) turns.end(turn, how);
      await settle();
    },
  };
}

describe('turns', () => {
  it('are as many as may be under way, first come first', async () => {
    const { turns, underWay, end } = await busyTurns({ first: 3, most: 3 });
    expect(underWay).toHaveLength(3);
    await end(2, 'clean');
    expect(underWay).toHaveLength(3);
    expect(turns.limit).toBe(3);
  });

  it('become more while answers are clean and quick', async () => {
    const { underWay, end } = await busyTurns({ first: 4, most: 6 });
    await end(4, 'clean');
    expect(underWay).toHaveLength(5);
    await end(5, 'clean');
    await end(6, 'clean');
    expect(underWay).toHaveLength(6);
  });

  it('are halved once for all that were refused together', async () => {
    const { turns, underWay, end } = await busyTurns({ first: 8, most: 16 });
    await end(8, 'overloaded');
    expect([turns.limit, underWay.length]).toEqual([4, 4]);
    await end(1, 'overloaded');
    expect([turns.limit, underWay.length]).toEqual([2, 3]);
    await end(3, 'overloaded');
    expect([turns.limit, underWay.length]).toEqual([2, 2]);
  });

  it('stay as many as a user has fixed, whatever happens', async () => {
    const { turns, end } = await busyTurns({ first: 4, most: 4 });
    await end(4, 'overloaded');
    await end(4, 'clean', 90_000);
    expect(turns.limit).toBe(4);
  });

  it('learn nothing from a connection that broke', async () => {
    const { turns, end } = await busyTurns({ first: 4, most: 8 });
    await end(4, 'unknown', 90_000);
    expect(turns.limit).toBe(4);
  });

  it('are not waited for by those whose signal is aborted', async () => {
    const turns = new Turns({ first: 1, most: 1 }, () => clock.now());
    const controller = new AbortController();
    const turn = await turns.begin(controller.signal);
    const waiting = [turns.begin(controller.signal), turns.begin(controller.signal)];
    const other = turns.begin(undefined);
    controller.abort();
    for (const one of waiting) await expect(one).rejects.toThrow('aborted');
    turns.end(turn, 'clean');
    turns.end(await other, 'clean');
    expect(turns.areFree).toBe(true);
    await expect(turns.begin(controller.signal)).rejects.toThrow('aborted');
  });
});
