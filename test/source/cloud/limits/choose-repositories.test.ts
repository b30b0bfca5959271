import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Choice,
  chooseRepositories,
  from,
  startPosition,
  type WholeNeed,
} from '../../../../src/source/cloud/limits/choose-repositories.js';
import { forecastOf } from '../../../../src/source/cloud/limits/forecast.js';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 23, 6);

function needs(count: number, each: WholeNeed): ReadonlyMap<string, WholeNeed> {
  return new Map(Array.from({ length: count }, (_, index) => [`r${index}`, each]));
}

function choose(
  count: number,
  each: WholeNeed,
  [api, files, both]: readonly [number, number, number],
  setAside = 0,
): Choice {
  return chooseRepositories(needs(count, each), { api, files, both }, setAside, now);
}

describe('the place where a run starts', () => {
  it('stays the same within an hour, and within the list', () => {
    fc.assert(
      fc.property(fc.nat(500_000), fc.integer({ min: 1, max: 9_999 }), (hours, count) => {
        const place = startPosition(hours * hour, count);
        expect(startPosition(hours * hour + hour - 1, count)).toBe(place);
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThan(count);
      }),
    );
  });

  function reachedBy(runs: readonly number[], count: number, capacity: number): number {
    const items = Array.from({ length: count }, (_, index) => index);
    const reached = new Set<number>();
    for (const time of runs) {
      for (const item of from(items, startPosition(time, count)).slice(0, capacity))
        reached.add(item);
    }
    return reached.size;
  }

  it('leads 24 hourly runs to every repository that a sixteenth of them can reach at a time', () => {
    fc.assert(
      fc.property(fc.nat(500_000), fc.integer({ min: 1, max: 3_000 }), (first, count) => {
        const runs = Array.from({ length: 24 }, (_, index) => (first + index) * hour);
        expect(reachedBy(runs, count, Math.ceil(count / 16) + 1)).toBe(count);
      }),
      { numRuns: 50 },
    );
  });

  it('leads hourly runs of any size to every repository', () => {
    const count = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(fc.nat(500_000), count, fc.integer({ min: 1, max: 400 }), (first, all, some) => {
        const capacity = Math.min(some, all);
        // Places lie at most 2.2 times as far apart as they would if they were even.
        const runs = Math.ceil((2.2 * all) / capacity) + 2;
        const hours = Array.from({ length: runs }, (_, index) => (first + index) * hour);
        expect(reachedBy(hours, all, capacity)).toBe(all);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['hourly', 1, 5],
    ['every six hours', 6, 7],
    ['daily', 24, 6],
    ['weekly', 168, 6],
  ])('leads %s runs with 970 of 3,000 to all of them in a few', (_name, step, few) => {
    fc.assert(
      fc.property(fc.nat(500_000), (first) => {
        const runs = Array.from({ length: few }, (_, index) => (first + index * step) * hour);
        expect(reachedBy(runs, 3_000, 970)).toBe(3_000);
      }),
      { numRuns: 50 },
    );
  });
});

describe('choosing repositories', () => {
  const one = { api: 1, files: 0 };
  const both = { api: 1, files: 2 };

  it('keeps the order of the listing while there is plenty of room', () => {
    const choice = choose(10, one, [13, 0, 13]);
    expect(choice.order[0]).toBe('r0');
    expect(choice).toMatchObject({ isEnough: true, reached: { api: 10, files: 10 } });
  });

  it('starts elsewhere where there is just enough', () => {
    const choice = choose(10, one, [10, 0, 10]);
    expect(choice.order[0]).toBe(`r${startPosition(now, 10)}`);
    expect(choice).toMatchObject({ isEnough: true, reached: { api: 10, files: 10 } });
  });

  it.each([
    ['requests', one, [7, 0, Infinity], 0, { api: 7, files: 10 }],
    [
      'reads of files, which do not hold up the others',
      both,
      [99, 9, Infinity],
      0,
      { api: 10, files: 4 },
    ],
    ['requests of the run, for whole repositories', both, [99, 99, 14], 0, { api: 4, files: 4 }],
    ['requests, less what is set aside', one, [7, 0, Infinity], 3, { api: 4, files: 10 }],
    ['nothing at all', one, [0, 0, 0], 3, { api: 0, files: 0 }],
  ] as const)('reaches as far as there is room for %s', (_name, each, room, setAside, reached) => {
    expect(choose(10, each, room, setAside)).toMatchObject({ isEnough: false, reached });
  });

  it('reaches every repository in successive hours, though some take more than others', () => {
    const each = fc.record({ api: fc.nat(3), files: fc.nat(4) });
    fc.assert(
      fc.property(
        fc.array(each, { minLength: 1, maxLength: 30 }),
        fc.nat(500_000),
        fc.integer({ min: 8, max: 40 }),
        (all, first, both) => {
          const wanted = new Map(all.map((need, index) => [`r${index}`, need]));
          const reached = new Set<string>();
          for (let run = 0; run < 3 * all.length + 2; run += 1) {
            const room = { api: 4, files: 5, both };
            const choice = chooseRepositories(wanted, room, 1, (first + run) * hour);
            const whole = Math.min(choice.reached.api, choice.reached.files);
            for (const key of choice.order.slice(0, whole)) reached.add(key);
          }
          expect(reached.size).toBe(all.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('holds every repository once, whatever the room', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(80), (count, room) => {
        const { order } = choose(count, one, [room, 0, room]);
        expect([...order].sort()).toEqual([...needs(count, one).keys()].sort());
      }),
    );
  });
});

describe('the forecast', () => {
  const anHour = {
    api: { requests: 900, windowMilliseconds: hour },
    files: { requests: 4_500, windowMilliseconds: hour },
  };

  it.each([
    [
      'pull requests of 3,000 repositories in any time',
      { api: 1, files: 0 },
      [Infinity, Infinity, Infinity],
      null,
      { what: 'requests', needed: 3_000, available: 900, windowMilliseconds: hour, isEnough: true },
    ],
    [
      'the same within 50 minutes',
      { api: 1, files: 0 },
      [870, 4_500, Infinity],
      50 * 60_000 - 400,
      {
        what: 'requests',
        needed: 3_000,
        available: 870,
        windowMilliseconds: 50 * 60_000,
        isEnough: false,
      },
    ],
    [
      'the same within four hours',
      { api: 1, files: 0 },
      [3_600, 18_000, Infinity],
      4 * hour,
      { what: 'requests', needed: 3_000, available: 900, windowMilliseconds: hour, isEnough: true },
    ],
    [
      'files that do not fit where requests would, waiting',
      { api: 1, files: 2 },
      [3_600, 5_500, Infinity],
      2 * hour,
      {
        what: 'reads of files',
        needed: 6_000,
        available: 5_500,
        windowMilliseconds: 2 * hour,
        isEnough: false,
      },
    ],
    [
      'a run that may send 1,000',
      { api: 1, files: 2 },
      [1_000, 1_000, 1_000],
      null,
      {
        what: 'requests',
        needed: 9_000,
        available: 1_000,
        windowMilliseconds: null,
        isEnough: false,
      },
    ],
  ] as const)('tells of %s', (_name, each, [api, files, both], timeLeft, expected) => {
    const room = { api, files, both };
    const choice = chooseRepositories(needs(3_000, each), room, 0, now);
    expect(forecastOf({ choice, room, allowance: anHour, timeLeft })).toEqual({
      code: 'request-forecast',
      ...expected,
    });
  });

  it('tells nothing where it all goes through', () => {
    const room = { api: 900, files: 4_500, both: Infinity };
    const choice = chooseRepositories(needs(900, { api: 1, files: 2 }), room, 0, now);
    expect(forecastOf({ choice, room, allowance: anHour, timeLeft: hour })).toBeNull();
  });
});
