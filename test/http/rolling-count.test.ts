import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RollingCount } from '../../src/http/request-quota.js';

const window = 100;

function counted(times: readonly number[]): RollingCount {
  const count = new RollingCount(window);
  for (const time of times) count.add(time);
  return count;
}

describe('a rolling count', () => {
  it.each([
    [[], 0, 0],
    [[0, 10, 20], 20, 3],
    [[0, 10, 20], 99, 3],
    [[0, 10, 20], 100, 2],
    [[0, 10, 20], 500, 0],
  ] as const)('of %j has at %i still %i', (times, now, expected) => {
    expect(counted(times).at(now)).toBe(expected);
  });

  it.each([
    [[0, 10], 20, 3, 20],
    [[0, 10], 20, 2, 100],
    [[0, 10, 20], 20, 2, 110],
    [[0, 10, 20], 20, 1, 120],
  ] as const)('of %j at %i is free for %i at %i', (times, now, most, expected) => {
    expect(counted(times).freeAt(now, most)).toBe(expected);
  });

  it('has room for as many as may in truth be sent, each as soon as it is free', () => {
    const times = fc.array(fc.nat(90), { maxLength: 12 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 8 }), fc.nat(450), (past, most, time) => {
        const now = 90;
        const count = counted([...past].sort((one, other) => one - other));
        const room = count.roomUntil(now, now + time, most);
        let sent = 0;
        for (let at = count.freeAt(now, most); at <= now + time; at = count.freeAt(at, most)) {
          count.add(at);
          sent += 1;
        }
        expect(room).toBe(sent);
      }),
    );
  });

  it('has no room in time that has passed', () => {
    expect(counted([]).roomUntil(10, 9, 5)).toBe(0);
  });
});
