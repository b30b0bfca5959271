import { expect, it } from '@jest/globals';
import { SharedListing } from '../../../src/source/listing/shared-listing.js';
import { collect } from '../collect.js';

function counted(
  pages: number,
  failure?: Error,
): { source: AsyncGenerator<number, void, undefined>; given: () => number } {
  let given = 0;
  async function* source(): AsyncGenerator<number, void, undefined> {
    while (given < pages) yield await Promise.resolve((given += 1));
    if (failure !== undefined) throw failure;
  }
  return { source: source(), given: () => given };
}

it('reads nothing before somebody asks, and one page ahead then', async () => {
  const { source, given } = counted(10);
  const shared = new SharedListing(source);
  expect(given()).toBe(0);
  const reader = shared[Symbol.asyncIterator]();
  expect(await reader.next()).toEqual({ done: false, value: 1 });
  await new Promise(setImmediate);
  expect(given()).toBe(2);
});

it('gives a second reader what is there at once, and each page is read once', async () => {
  const { source, given } = counted(3);
  const shared = new SharedListing(source);
  const first = shared[Symbol.asyncIterator]();
  await first.next();
  expect(await collect(shared)).toEqual([1, 2, 3]);
  expect(await collect(first)).toEqual([2, 3]);
  expect(await collect(shared)).toEqual([1, 2, 3]);
  expect(given()).toBe(3);
});

it('fails at the same place for everybody', async () => {
  const failure = new Error('cut off');
  const shared = new SharedListing(counted(2, failure).source);
  for (const reader of [1, 2, 3]) {
    const seen: number[] = [];
    const reading = (async () => {
      for await (const page of shared) seen.push(page);
    })();
    await expect(reading).rejects.toBe(failure);
    expect({ reader, seen }).toEqual({ reader, seen: [1, 2] });
  }
});

it('outlives a reader that leaves early', async () => {
  const shared = new SharedListing(counted(3).source);
  for await (const page of shared) if (page === 1) break;
  expect(await collect(shared)).toEqual([1, 2, 3]);
});
