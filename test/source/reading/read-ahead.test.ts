import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAhead, type ReadAheadBounds } from '../../../src/source/reading/read-ahead.js';
import { collect } from '../collect.js';

function bounds(difference: Partial<ReadAheadBounds<string>> = {}): ReadAheadBounds<string> {
  return { concurrency: 3, parents: 6, size: Infinity, sizeOf: () => 1, ...difference };
}

/** Lets everything happen that can happen without a further event. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('reading ahead', () => {
  it('gives events in the order of the parents, whatever arrives first', async () => {
    const parents = fc.array(fc.nat({ max: 4 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        parents,
        fc.integer({ min: 1, max: 5 }),
        fc.scheduler(),
        async (sizes, concurrency, scheduler) => {
          async function* open(parent: number): AsyncGenerator<string, void, undefined> {
            for (let page = 0; page < sizes[parent]!; page += 1) {
              yield await scheduler.schedule(Promise.resolve(`${parent}.${page}`));
            }
          }
          async function* from(): AsyncGenerator<number, void, undefined> {
            for (const parent of sizes.keys()) {
              yield await scheduler.schedule(Promise.resolve(parent));
            }
          }
          const events = collect(readAhead(from(), open, bounds({ concurrency, parents: 5 })));
          const given = await scheduler.waitFor(events);
          const expected = sizes.flatMap((size, parent) =>
            Array.from({ length: size }, (_, page) => `${parent}.${page}`),
          );
          expect(given.map(({ event }) => event)).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    ['those being read', {}, 3],
    ['one', { concurrency: 1 }, 1],
  ])('has no more than %s under way', async (_case, difference, most) => {
    let underWay = 0;
    const seen: number[] = [];
    async function* open(parent: number): AsyncGenerator<string, void, undefined> {
      seen.push((underWay += 1));
      await settle();
      underWay -= 1;
      yield String(parent);
    }
    await collect(readAhead([0, 1, 2, 3, 4, 5, 6, 7], open, bounds(difference)));
    expect(Math.max(...seen)).toBe(most);
  });

  it.each([
    ['parents are open', { parents: 4 }, 4],
    ['waits', { size: 5, sizeOf: () => 2 }, 3],
    ['waits, however large the first', { size: 1, sizeOf: () => 100 }, 2],
  ])('stops for a slow consumer once so much %s', async (_case, difference, most) => {
    const opened: number[] = [];
    async function* open(parent: number): AsyncGenerator<string, void, undefined> {
      opened.push(parent);
      yield await Promise.resolve(String(parent));
      yield await Promise.resolve('more');
    }
    const window = bounds({ concurrency: 2, parents: 9, ...difference });
    const events = readAhead(
      Array.from({ length: 20 }, (_, index) => index),
      open,
      window,
    );
    await events.next();
    for (let turn = 0; turn < 30; turn += 1) await settle();
    expect(opened).toHaveLength(most);
    await events.return();
    for (let turn = 0; turn < 30; turn += 1) await settle();
    expect(opened.length).toBeLessThanOrEqual(most);
  });

  it('fails at its place, after everything that came before', async () => {
    async function* open(parent: number): AsyncGenerator<string, void, undefined> {
      if (parent === 2) throw new Error('lane 2');
      yield await Promise.resolve(String(parent));
    }
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { event } of readAhead([0, 1, 2, 3], open, bounds())) seen.push(event);
    })();
    await expect(reading).rejects.toThrow('lane 2');
    expect(seen).toEqual(['0', '1']);
  });

  it('passes a failure of the parents on after the events of those that came', async () => {
    async function* parents(): AsyncGenerator<number, void, undefined> {
      yield await Promise.resolve(0);
      yield 1;
      throw new Error('parents');
    }
    async function* open(parent: number): AsyncGenerator<string, void, undefined> {
      await settle();
      yield String(parent);
    }
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { event } of readAhead(parents(), open, bounds())) seen.push(event);
    })();
    await expect(reading).rejects.toThrow('parents');
    expect(seen).toEqual(['0', '1']);
  });
});
