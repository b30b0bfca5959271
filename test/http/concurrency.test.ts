import { describe, expect, it } from '@jest/globals';
import { afterAnswer, type Bearing, bearingOf, type Sign } from '../../src/http/turns.js';

const concurrency = { first: 8, most: 16 };
const quick: Sign = { milliseconds: 50, isOverloaded: false, isWanted: true };
const refused: Sign = { ...quick, isOverloaded: true };
const taking = (milliseconds: number): Sign => ({ ...quick, milliseconds });
const unwanted: Sign = { ...quick, isWanted: false };

/** As many answers as may be under way. */
function round(bearing: Bearing, sign: Sign): Bearing {
  let next = bearing;
  for (let index = 0; index < bearing.limit; index += 1)
    next = afterAnswer(next, sign, concurrency);
  return next;
}

/** The limit to begin with, and after a round of each. */
function limitsAfter(...signs: Sign[]): number[] {
  let bearing = bearingOf(concurrency);
  return [bearing.limit, ...signs.map((sign) => (bearing = round(bearing, sign)).limit)];
}

describe('the number of requests under way', () => {
  it.each<[string, Sign[], number[]]>([
    [
      'grows by a quarter while answers are quick, up to the most',
      Array(5).fill(quick),
      [8, 10, 13, 16, 16, 16],
    ],
    ['stays while nobody waits for a turn', [unwanted, unwanted], [8, 8, 8]],
    [
      'grows however much longer answers take, as long as they are quick',
      [taking(5), taking(80), taking(240)],
      [8, 10, 13, 16],
    ],
    ['stays when answers take longer', [taking(400), taking(700), taking(500)], [8, 10, 10, 13]],
    ['is halved when they take twice as long', [taking(400), taking(801)], [8, 10, 5]],
    [
      'grows by one at a time once it was halved',
      [taking(400), taking(900), taking(900), taking(900)],
      [8, 10, 5, 6, 7],
    ],
    [
      'takes what was slow for the usual pace after that',
      [taking(400), taking(900), taking(1_000), taking(2_100)],
      [8, 10, 5, 6, 3],
    ],
  ])('%s', (_name, signs, limits) => {
    expect(limitsAfter(...signs)).toEqual(limits);
  });

  it('is halved at once when the server is overloaded, and is never less than one', () => {
    let bearing = bearingOf(concurrency);
    const limits = [1, 2, 3, 4].map(
      () => (bearing = afterAnswer(bearing, refused, concurrency)).limit,
    );
    expect(limits).toEqual([4, 2, 1, 1]);
    expect(round(bearing, quick).limit).toBe(2);
  });

  it('does not change before as many answers came as may be under way', () => {
    let bearing = bearingOf(concurrency);
    for (let index = 0; index < 7; index += 1) bearing = afterAnswer(bearing, quick, concurrency);
    expect(bearing.limit).toBe(8);
    expect(afterAnswer(bearing, quick, concurrency).limit).toBe(10);
  });

  it('goes by the mean of a round: a single slow answer changes nothing', () => {
    let bearing = round(bearingOf(concurrency), taking(300));
    for (let index = 0; index < 9; index += 1) {
      bearing = afterAnswer(bearing, taking(300), concurrency);
    }
    expect(afterAnswer(bearing, taking(1_500), concurrency).limit).toBe(13);
  });
});
