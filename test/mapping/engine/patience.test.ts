import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../../src/clock.js';
import { Patience } from '../../../src/mapping/engine/jq-session.js';
import { outOfTime } from '../../../src/mapping/engine/protocol.js';

const limit = 2_000;

function aPatience() {
  let now = 0;
  const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('not slept')) };
  const patience = new Patience(clock, limit);
  const runAway = (times: number, milliseconds = limit): void => {
    for (let time = 0; time < times; time += 1) {
      const heardAt = now;
      now += milliseconds;
      patience.failed(outOfTime(limit), heardAt);
    }
  };
  return { patience, runAway };
}

describe('Patience', () => {
  it('bears 14 runaways in a row', () => {
    const { patience, runAway } = aPatience();
    runAway(14);
    expect(patience.verdict).toBeNull();
  });

  it('gives up at the 15th, and says why', () => {
    const { patience, runAway } = aPatience();
    runAway(15);
    expect(patience.verdict).toEqual({
      ok: false,
      failure: 'given up',
      message:
        '15 items before it kept jq busy for 30 s without an answer, the last one: took longer than 2 s',
    });
  });

  it('does not come back', () => {
    const { patience, runAway } = aPatience();
    runAway(15);
    patience.answered(100_000);
    expect(patience.verdict).not.toBeNull();
  });

  it('bears one runaway in 200 items forever', () => {
    const { patience, runAway } = aPatience();
    for (let time = 0; time < 100; time += 1) {
      runAway(1);
      patience.answered(200);
    }
    expect(patience.verdict).toBeNull();
  });

  it('does not bear one in 100 for long', () => {
    const { patience, runAway } = aPatience();
    for (let time = 0; time < 29; time += 1) {
      runAway(1);
      patience.answered(100);
    }
    expect(patience.verdict).not.toBeNull();
  });

  it('bears hundreds of crashes, which take little time', () => {
    const { patience, runAway } = aPatience();
    runAway(700, 40);
    expect(patience.verdict).toBeNull();
  });

  it('does not count a night that the machine slept through', () => {
    const { patience, runAway } = aPatience();
    runAway(1, 1_000_000);
    runAway(1, -1_000_000);
    expect(patience.verdict).toBeNull();
    runAway(10);
    expect(patience.verdict).not.toBeNull();
  });
});
