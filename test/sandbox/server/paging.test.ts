import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../../../src/sandbox/server/api-error.js';
import { pageOf, type Listing } from '../../../src/sandbox/server/paging.js';
import { contiguousPositions, gappedPositions } from '../../../src/sandbox/server/positions.js';
import { pageSchema, type Page } from './a-data-center.js';

const both = [
  { name: 'contiguous', positions: contiguousPositions },
  { name: 'gapped', positions: gappedPositions },
];

function walk(listing: Listing<number>, limit: number, positions = contiguousPositions): Page[] {
  const pages: Page[] = [];
  let start: number | null | undefined = 0;
  while (typeof start === 'number') {
    const query = new URLSearchParams({ start: String(start), limit: String(limit) });
    const page: Page = pageSchema.parse(
      pageOf(listing, query, { positions, cap: 1000 }, (row) => row),
    );
    pages.push(page);
    start = page.isLastPage ? null : page.nextPageStart;
  }
  return pages;
}

function numbers(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

describe.each(both)('pages with $name positions', ({ positions }) => {
  it('show every row once, in order, whatever is filtered out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (visible, limit) => {
          const listing: Listing<number> = {
            length: visible.length,
            at: (position) => (visible[position] === true ? position : undefined),
          };
          const pages = walk(listing, limit, positions);
          const expected = numbers(visible.length).filter((position) => visible[position]);
          expect(pages.flatMap(({ values }) => values)).toEqual(expected);
          for (const page of pages) expect(page.size).toBe(page.values.length);
          for (const page of pages.slice(0, -1)) expect(page.isLastPage).toBe(false);
        },
      ),
    );
  });

  it('end where the last row is, even when it fills its page', () => {
    expect(walk(numbers(10), 5, positions).at(-1)?.values).toEqual([5, 6, 7, 8, 9]);
  });

  it('are one, and the last, where there are no rows', () => {
    expect(walk([], 5, positions)).toMatchObject([{ size: 0, values: [], isLastPage: true }]);
  });
});

describe('gapped positions', () => {
  it('show an empty page that is not the last', () => {
    const pages = walk(numbers(30), 10, gappedPositions);
    expect(pages.map(({ size }) => size)).toEqual([10, 0, 10, 10]);
    expect(pages[1]).toMatchObject({ isLastPage: false, nextPageStart: expect.any(Number) });
  });

  it.each([1, 10, 25, 100, 1000])('cannot be computed from a page of %d', (limit) => {
    const rows = numbers(5000);
    let wrong = 0;
    for (const { start, size, isLastPage, nextPageStart } of walk(rows, limit, gappedPositions)) {
      if (isLastPage || size === 0) continue;
      expect(nextPageStart).not.toBe(start + size);
      if (gappedPositions.read(start + size) === undefined) wrong += 1;
    }
    expect(wrong).toBeGreaterThan(0);
  });

  it('leave nextPageStart out on the last page, where contiguous ones say null', () => {
    expect(walk(numbers(3), 5, gappedPositions)[0]).not.toHaveProperty('nextPageStart');
    expect(walk(numbers(3), 5)[0]).toHaveProperty('nextPageStart', null);
  });
});

describe('limit', () => {
  it.each([
    { limit: null, cap: 1000, size: 25 },
    { limit: '10', cap: 1000, size: 10 },
    { limit: '1000', cap: 7, size: 7 },
    { limit: null, cap: 7, size: 7 },
  ])('$limit under a cap of $cap gives $size rows and says so', ({ limit, cap, size }) => {
    const query = new URLSearchParams(limit === null ? {} : { limit });
    const body = pageOf(numbers(100), query, { positions: contiguousPositions, cap }, (row) => row);
    expect(body).toMatchObject({ size, limit: size, isLastPage: false, nextPageStart: size });
  });

  it.each(['0', '-1', 'many', ''])('is refused when it is %j', (limit) => {
    const query = new URLSearchParams({ limit });
    expect(() =>
      pageOf<number>([], query, { positions: contiguousPositions, cap: 10 }, (row) => row),
    ).toThrow(ApiError);
  });
});
