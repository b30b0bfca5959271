import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  trippedThresholds,
  type BlueprintDeletions,
} from '../../src/reconcile/deletion-threshold.js';
import { wordsOf } from '../../src/problems/words.js';

function deletions(
  blueprint: string,
  due: number,
  owned: number,
  isFed = true,
): BlueprintDeletions {
  return {
    blueprint,
    owned,
    isFed,
    appeared: [],
    due: Array.from({ length: due }, (_, index) => ({
      blueprint,
      identifier: `${blueprint}-${index}`,
    })),
  };
}

/** The limits that tripped: `all` or the name of a blueprint. */
function tripped(all: readonly BlueprintDeletions[], threshold: number): readonly string[] {
  return trippedThresholds(all, threshold).map(({ blueprint }) => blueprint ?? 'all');
}

describe('trippedThresholds', () => {
  it.each<[string, readonly (readonly [string, number, number])[], number, readonly string[]]>([
    ['nothing is due', [['service', 0, 100]], 0.9, []],
    ['nothing is owned', [['service', 0, 0]], 0.9, []],
    ['the share is exactly the threshold', [['service', 90, 100]], 0.9, []],
    ['one entity more', [['service', 91, 100]], 0.9, ['all', 'service']],
    [
      'a small blueprint is emptied beside a large one',
      [
        ['user', 10, 10],
        ['service', 0, 100],
      ],
      0.9,
      [],
    ],
    [
      'one of eleven entities is emptied beside a large one',
      [
        ['user', 11, 11],
        ['service', 0, 100],
      ],
      0.9,
      ['user'],
    ],
    ['all that there is, although it is small', [['user', 3, 3]], 0.9, ['all']],
    [
      'small blueprints together are too much',
      [
        ['user', 10, 10],
        ['project', 5, 5],
      ],
      0.9,
      ['all'],
    ],
    [
      'the threshold is low',
      [
        ['service', 2, 100],
        ['user', 0, 100],
      ],
      0.015,
      ['service'],
    ],
  ])('when %s', (_name, all, threshold, expected) => {
    const asked = all.map(([blueprint, due, owned]) => deletions(blueprint, due, owned));
    expect(tripped(asked, threshold)).toEqual(expected);
  });

  it('lets a blueprint become empty that the mapping left', () => {
    const left = deletions('user', 11, 11, false);
    expect(tripped([left, deletions('service', 0, 100)], 0.9)).toEqual([]);
  });

  it('counts a blueprint that the mapping left among all that there is', () => {
    const left = deletions('user', 95, 100, false);
    expect(tripped([left], 0.9)).toEqual(['all']);
    expect(tripped([left, deletions('service', 0, 5)], 0.9)).toEqual(['all']);
    expect(tripped([left, deletions('service', 11, 11)], 0.9)).toEqual(['all', 'service']);
  });

  it('never trips at 1', () => {
    const counts = fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 }));
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 4 }), (all) => {
        const asked = all.map(([due, more], index) => deletions(`b${index}`, due, due + more));
        expect(tripped(asked, 1)).toEqual([]);
      }),
    );
  });

  it('trips whenever a share is over the threshold, and only then', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 11, max: 60 }),
        fc.nat({ max: 60 }),
        fc.integer({ min: 1, max: 99 }),
        (owned, due, hundredths) => {
          fc.pre(due <= owned);
          const expected = due * 100 > owned * hundredths ? ['all', 'service'] : [];
          expect(tripped([deletions('service', due, owned)], hundredths / 100)).toEqual(expected);
        },
      ),
    );
  });

  it('names the numbers and a few of the victims', () => {
    const [overall, single] = trippedThresholds([deletions('service', 1_200, 1_250)], 0.9);
    expect(overall).toMatchObject({ due: 1_200, owned: 1_250, threshold: 0.9, blueprint: null });
    expect(wordsOf(single!).message).toBe(
      '1,200 of 1,250 entities of service would be deleted, more than the threshold of 90 % allows; ' +
        'nothing was deleted. Among them: service service-0, service service-1, service service-2, ' +
        'service service-3, service service-4',
    );
    expect(wordsOf(single!).hint).toContain('npx bitbucket-port sync --deletion-threshold 1');
    expect(overall?.changed).toBeUndefined();
  });

  it('recognises a changed identifier in what appeared instead', () => {
    const appeared = Array.from({ length: 95 }, (_, index) => `PAY-service-${index}`);
    const all = [deletions('user', 3, 100), { ...deletions('service', 100, 100), appeared }];
    const [single] = trippedThresholds(all, 0.9);
    expect(wordsOf(single!).message).toContain(
      '95 entities of service appeared in their place: the identifier in the mapping seems to have ' +
        'changed, such as from service-0 to PAY-service-0',
    );
    expect(wordsOf(single!).hint).toContain('If the change is meant');
  });
});
