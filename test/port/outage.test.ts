import { describe, expect, it } from '@jest/globals';
import { HttpError, type HttpFailure } from '../../src/http/http-error.js';
import { Outage } from '../../src/port/outage.js';
import { createFakeClock } from '../world/fake-clock.js';

/** @param isThere whether Port answers anybody; by default, it is as far away as the call shows */
function anOutage(isThere = false) {
  const clock = createFakeClock(0);
  const waits: string[] = [];
  const questions: number[] = [];
  const stop = new AbortController();
  const onWait = ({ reason }: { reason: string }): void => void waits.push(reason);
  const outage = new Outage({
    clock,
    onWait,
    signal: stop.signal,
    isThere: () => {
      questions.push(clock.now());
      return Promise.resolve(isThere);
    },
  });
  return { outage, clock, waits, stop, questions };
}

const failed = (failure: HttpFailure, status?: number): HttpError =>
  new HttpError(failure, 'entities', 'no', status === undefined ? {} : { status });

/** Fails until the clock shows the time; counts how often it was called. */
function until(clock: { now(): number }, time: number, failure = failed('status', 503)) {
  const calls: boolean[] = [];
  const send = (isPatient: boolean): Promise<string> => {
    calls.push(isPatient);
    return clock.now() < time ? Promise.reject(failure) : Promise.resolve('here');
  };
  return { calls, send };
}

describe('Outage', () => {
  it.each([
    ['503', failed('status', 503)],
    ['500', failed('status', 500)],
    ['no connection', failed('network')],
    ['no answer in time', failed('timeout')],
  ])('bridges a minute of %s', async (_, failure) => {
    const { outage, clock, waits } = anOutage();
    const { send } = until(clock, 60_000, failure);
    expect(await outage.bridge(send)).toBe('here');
    expect(clock.now()).toBe(60_000);
    expect(waits[0]).toBe('entities: no; Port has to come back');
  });

  it.each([
    ['a refusal', failed('status', 422)],
    ['a limit', failed('status', 429)],
    ['a run without time', failed('no-time')],
    ['a stop', failed('aborted')],
  ])('does not wait after %s', async (_, failure) => {
    const { outage, clock, waits } = anOutage();
    const { send, calls } = until(clock, 60_000, failure);
    await expect(outage.bridge(send)).rejects.toBe(failure);
    expect(calls).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it('gives up after 90 s, and tries other calls once each until one is answered', async () => {
    const { outage, clock } = anOutage();
    const first = until(clock, Infinity);
    await expect(outage.bridge(first.send)).rejects.toThrow(HttpError);
    expect(clock.now()).toBe(90_000);
    const second = until(clock, Infinity);
    await expect(outage.bridge(second.send)).rejects.toThrow(HttpError);
    expect(second.calls).toEqual([false]);
    expect(await outage.bridge(until(clock, 0).send)).toBe('here');
    const third = until(clock, clock.now() + 30_000);
    expect(await outage.bridge(third.send)).toBe('here');
    expect(third.calls).toEqual([true, true, true, true]);
  });

  it('does not wait for a call that alone fails, as Port answers something else', async () => {
    const { outage, clock, waits, questions } = anOutage(true);
    const { send, calls } = until(clock, Infinity, failed('status', 500));
    await expect(outage.bridge(send)).rejects.toThrow(HttpError);
    expect(calls).toEqual([true]);
    expect(waits).toEqual([]);
    expect(questions).toEqual([0]);
    // Nor does that say anything about the next call.
    const next = until(clock, Infinity, failed('status', 500));
    await expect(outage.bridge(next.send)).rejects.toThrow(HttpError);
    expect(next.calls).toEqual([true]);
  });

  it.each([502, 503])(
    'waits where %i says that it is away, whatever else is answered',
    async (status) => {
      const { outage, clock, questions } = anOutage(true);
      const { send } = until(clock, 60_000, failed('status', status));
      expect(await outage.bridge(send)).toBe('here');
      expect(questions).toEqual([]);
    },
  );

  it('does not wait for a call that alone fails while others are answered', async () => {
    const { outage, clock } = anOutage();
    let calls = 0;
    const poison = async (): Promise<never> => {
      calls += 1;
      await outage.bridge(() => Promise.resolve('another'));
      throw failed('status', 500);
    };
    await expect(outage.bridge(poison)).rejects.toThrow(HttpError);
    expect(calls).toBe(2);
    expect(clock.now()).toBe(10_000);
  });

  it('ends with the run', async () => {
    const { outage, clock, stop } = anOutage();
    const send = (): Promise<never> => {
      stop.abort(new Error('SIGTERM'));
      return Promise.reject(failed('status', 503));
    };
    await expect(outage.bridge(send)).rejects.toMatchObject({ failure: 'aborted' });
    expect(clock.now()).toBe(0);
  });
});
