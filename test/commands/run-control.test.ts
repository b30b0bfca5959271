import type { StopSignal } from '../../src/model/signal.js';
import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock.js';
import { controlRun } from '../../src/commands/run-control.js';
import type { Problem } from '../../src/problems/problem.js';

interface Sleeper {
  readonly end: number;
  readonly wake: () => void;
}

/** A clock that only the test moves: whoever sleeps is woken when its time has come. */
class HandClock implements Clock {
  #now = 1_000_000;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#now;
  }

  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = {
        end: this.#now + milliseconds,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(new Error('aborted'));
      });
    });
  }

  async advance(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    for (const sleeper of this.#sleepers) if (sleeper.end <= this.#now) sleeper.wake();
    // What follows a sleep runs after it.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function aControl(limitMilliseconds: number | null = null) {
  const clock = new HandClock();
  const problems: Problem[] = [];
  const exits: number[] = [];
  const listeners = new Set<(signal: StopSignal) => void>();
  const bugListeners = new Set<(error: unknown) => void>();
  const control = controlRun(
    {
      clock,
      exitNow: (code) => exits.push(code),
      onSignal: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onBug: (listener) => {
        bugListeners.add(listener);
        return () => bugListeners.delete(listener);
      },
    },
    limitMilliseconds,
    (problem) => problems.push(problem),
  );
  const signal = (name: StopSignal): void => {
    for (const listener of listeners) listener(name);
  };
  const bug = (error: unknown): void => {
    for (const listener of bugListeners) listener(error);
  };
  /** `reading`, `writing`, `both` or `none` of the two signals are aborted. */
  const aborted = (): string => {
    const { reading, writing } = control;
    if (reading.aborted && writing.aborted) return 'both';
    return reading.aborted ? 'reading' : writing.aborted ? 'writing' : 'none';
  };
  return { control, clock, problems, exits, signal, bug, aborted, listeners, bugListeners };
}

describe('controlRun', () => {
  it('lets a run go on that nobody stops', async () => {
    const { clock, problems, aborted, control } = aControl();
    await clock.advance(86_400_000);
    expect(aborted()).toBe('none');
    expect(problems).toEqual([]);
    expect(control.deadline).toBeNull();
    expect(clock.sleeping).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'stops reading at once on %s, and writing five seconds later',
    async (name) => {
      const { clock, problems, aborted, signal, exits } = aControl();
      signal(name);
      expect(aborted()).toBe('reading');
      expect(problems).toEqual([{ code: 'interrupted', signal: name }]);
      await clock.advance(4_999);
      expect(aborted()).toBe('reading');
      await clock.advance(1);
      expect(aborted()).toBe('both');
      expect(exits).toEqual([]);
    },
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends the process at once on a second %s', (name, code) => {
    const { problems, exits, signal } = aControl();
    signal(name);
    signal(name);
    expect(exits).toEqual([code]);
    expect(problems).toHaveLength(1);
  });

  it('takes two signals of different kinds for one stop', () => {
    const { problems, exits, signal } = aControl();
    signal('SIGINT');
    signal('SIGTERM');
    expect(exits).toEqual([]);
    expect(problems).toEqual([{ code: 'interrupted', signal: 'SIGINT' }]);
  });

  it('stops when the time is over', async () => {
    const { control, clock, problems, aborted } = aControl(60_000);
    expect(control.deadline).toBe(1_060_000);
    await clock.advance(59_999);
    expect(aborted()).toBe('none');
    await clock.advance(1);
    expect(aborted()).toBe('reading');
    expect(problems).toEqual([{ code: 'timed-out', limitMilliseconds: 60_000 }]);
    await clock.advance(5_000);
    expect(aborted()).toBe('both');
  });

  it('reports one stop, though the time runs out behind a signal', async () => {
    const { clock, problems, signal } = aControl(3_000);
    signal('SIGTERM');
    await clock.advance(3_000);
    expect(problems).toEqual([{ code: 'interrupted', signal: 'SIGTERM' }]);
  });

  it('stops for a bug that nobody could catch, and says so', async () => {
    const { clock, problems, aborted, bug } = aControl();
    bug(new TypeError('x is not a function'));
    bug('once more');
    expect(aborted()).toBe('reading');
    expect(problems).toEqual([{ code: 'internal-error', message: 'x is not a function' }]);
    await clock.advance(5_000);
    expect(aborted()).toBe('both');
  });

  it('gives no reason that is not an error', () => {
    const { control, signal } = aControl();
    signal('SIGINT');
    expect(control.reading.reason).toEqual(new Error('interrupted'));
  });

  it('neither listens nor waits once it is released', async () => {
    const { control, clock, problems, aborted, signal, listeners, bugListeners } = aControl(60_000);
    control.release();
    expect(listeners.size + bugListeners.size).toBe(0);
    expect(clock.sleeping).toBe(0);
    signal('SIGTERM');
    await clock.advance(120_000);
    expect(aborted()).toBe('none');
    expect(problems).toEqual([]);
  });

  it('does not end writing after its release', async () => {
    const { control, clock, aborted, signal } = aControl();
    signal('SIGINT');
    control.release();
    await clock.advance(10_000);
    expect(aborted()).toBe('reading');
  });
});
