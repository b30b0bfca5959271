import { describe, expect, it } from '@jest/globals';
import { WithheldSince } from '../../src/model/withheld-since.js';

const HOUR = 3_600_000;
const hidden = { blueprint: 'service', reason: 'hidden' };
const moved = { blueprint: 'service', reason: 'moved' };

describe('since when deletions are withheld', () => {
  it('is the first of the runs that withheld them one after the other', () => {
    const first = WithheldSince.NONE.after([hidden], HOUR);
    const second = first.after([moved, hidden], 2 * HOUR);

    expect(second.all).toEqual([
      { ...hidden, since: HOUR },
      { ...moved, since: 2 * HOUR },
    ]);
    expect(second.of(hidden, 3 * HOUR)).toBe(HOUR);
    expect(second.of({ blueprint: 'team', reason: 'hidden' }, 3 * HOUR)).toBeNull();
  });

  it('is forgotten by a run that withholds them no more', () => {
    const first = WithheldSince.NONE.after([hidden], HOUR);

    expect(first.after([], 2 * HOUR).all).toEqual([]);
    expect(
      first
        .after([], 2 * HOUR)
        .after([hidden], 3 * HOUR)
        .of(hidden, 4 * HOUR),
    ).toBe(3 * HOUR);
  });

  it('says the same after a run that withheld the same, in whatever order', () => {
    const first = WithheldSince.NONE.after([hidden, moved], HOUR);

    expect(first.after([moved, hidden], 2 * HOUR).equals(first)).toBe(true);
    expect(first.after([moved], 2 * HOUR).equals(first)).toBe(false);
  });

  it('is not a time to come, which a wrong clock left', () => {
    const early = WithheldSince.from([{ ...hidden, since: 9 * HOUR }]);

    expect(early.of(hidden, HOUR)).toBeNull();
    expect(early.after([hidden], HOUR).of(hidden, HOUR)).toBe(HOUR);
  });

  it('is the older time, where one is named twice', () => {
    const twice = WithheldSince.from([
      { ...hidden, since: 2 * HOUR },
      { ...hidden, since: HOUR },
    ]);

    expect(twice.all).toEqual([{ ...hidden, since: HOUR }]);
  });

  it('stays small: of many, the oldest are remembered', () => {
    const many = Array.from({ length: 150 }, (_, index) => ({
      blueprint: `b${index}`,
      reason: 'hidden',
      since: (150 - index) * HOUR,
    }));

    const { all } = WithheldSince.from(many);

    expect(all).toHaveLength(100);
    expect(all[0]).toEqual({ blueprint: 'b149', reason: 'hidden', since: HOUR });
    expect(all.at(-1)?.since).toBe(100 * HOUR);
  });
});
