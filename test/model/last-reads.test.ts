import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LastReads } from '../../src/model/last-reads.js';

const times = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 4 }),
  fc.option(fc.integer({ min: 1, max: 5 })),
);

describe('what is remembered of repositories', () => {
  it('is a stretch for those of one run that stand next to one another', () => {
    const reads = LastReads.of(
      new Map([
        ['c', 2],
        ['a', 1],
        ['b', 1],
        ['d', null],
        ['e', 2],
      ]),
    );

    expect(reads.stretches).toEqual([
      { from: 'a', to: 'b', at: 1 },
      { from: 'c', to: 'c', at: 2 },
      { from: 'e', to: 'e', at: 2 },
    ]);
    expect(['a', 'aa', 'b', 'c', 'd', 'e', 'f'].map((key) => reads.of(key))).toEqual([
      1,
      1,
      1,
      2,
      null,
      2,
      null,
    ]);
  });

  it('is what was kept', () => {
    fc.assert(
      fc.property(times, (some) => {
        const all = new Map(Object.entries(some));
        const reads = LastReads.of(all);
        const kept = LastReads.from(reads.stretches);
        for (const [key, at] of all) {
          expect(reads.of(key)).toBe(at);
          expect(kept.of(key)).toBe(at);
        }
      }),
    );
  });

  it('stays small, and is never newer than it was', () => {
    const all = new Map(
      Array.from({ length: 5_000 }, (_, index): [string, number | null] => [
        `r${String(index).padStart(4, '0')}`,
        index % 7 === 0 ? null : 1 + (index % 3),
      ]),
    );
    const reads = LastReads.of(all);
    expect(reads.stretches.length).toBeLessThanOrEqual(200);
    for (const [key, at] of all) expect(reads.of(key) ?? 0).toBeLessThanOrEqual(at ?? 0);
  });

  it('forgets what does not fit together', () => {
    const reads = LastReads.from([
      { from: 'c', to: 'd', at: 3 },
      { from: 'a', to: 'c', at: 1 },
      { from: 'z', to: 'y', at: 2 },
    ]);
    expect(reads.stretches).toEqual([{ from: 'a', to: 'c', at: 1 }]);
  });
});
