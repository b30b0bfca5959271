import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HttpFailure } from '../../src/http/http-error.js';
import {
  nextAttempt,
  retryPolicy,
  type FailedAttempt,
  type NextAttempt,
} from '../../src/http/next-attempt.js';

const now = Date.UTC(2026, 0, 1);
const policy = retryPolicy(5);
const middle = (): number => 0.5;

function next(failed: Partial<FailedAttempt>, attempt = 1, random = middle): NextAttempt {
  return nextAttempt(
    { failure: 'status', repeatable: true, ...failed },
    attempt,
    now,
    random,
    policy,
  );
}

describe('nextAttempt', () => {
  it.each([408, 425, 429, 500, 502, 503, 504, 555])('repeats after %d', (status) => {
    expect(next({ status }).type).toBe('wait');
  });

  it.each([301, 304, 400, 401, 403, 404, 409, 410, 413, 422, 501, 505])(
    'never repeats after %d, whatever the headers say',
    (status) => {
      const headers = new Headers({ 'retry-after': '1' });
      expect(next({ status, headers }).type).toBe('give-up');
    },
  );

  it.each<[HttpFailure, NextAttempt['type']]>([
    ['network', 'wait'],
    ['timeout', 'wait'],
    ['truncated', 'wait'],
    ['malformed', 'wait'],
    ['login-page', 'give-up'],
    ['too-large', 'give-up'],
    ['foreign-origin', 'give-up'],
    ['no-time', 'give-up'],
    ['aborted', 'give-up'],
  ])('after %s: %s', (failure, type) => {
    expect(next({ failure }).type).toBe(type);
    expect(next({ failure, permanent: true }).type).toBe('give-up');
    expect(next({ failure, repeatable: false }).type).toBe('give-up');
  });

  it.each([
    [1, 250],
    [2, 500],
    [3, 1_000],
    [4, 2_000],
    [5, 4_000],
  ])('waits for attempt %d: %d ms in the middle', (attempt, milliseconds) => {
    expect(next({ status: 503 }, attempt)).toMatchObject({ milliseconds, shared: false });
  });

  it('gives up after the fifth retry', () => {
    expect(next({ status: 503 }, 6).type).toBe('give-up');
  });

  it('sends nothing again without retries', () => {
    const failed = { failure: 'status', status: 429, repeatable: true } as const;
    expect(nextAttempt(failed, 1, now, middle, retryPolicy(0)).type).toBe('give-up');
  });

  it('does as the server asks, however long that is, and holds back the others', () => {
    const headers = new Headers({ 'retry-after': '1800' });
    for (const status of [429, 500, 503]) {
      expect(next({ status, headers })).toMatchObject({
        milliseconds: 1_800_000,
        reason: 'Retry-After says when',
        shared: true,
      });
    }
  });

  it('takes its own wait when the one that the server asks for is over', () => {
    const headers = new Headers({ 'retry-after': '0' });
    expect(next({ status: 503, headers })).toMatchObject({ milliseconds: 250, shared: false });
  });

  it('outlasts a window of one hour after 429, even with the shortest draws', () => {
    let total = 0;
    let attempt = 1;
    for (;;) {
      const step = next({ status: 429, repeatable: false }, attempt, () => 0);
      if (step.type === 'give-up') break;
      expect(step.shared).toBe(true);
      total += step.milliseconds;
      attempt += 1;
    }
    expect(attempt - 1).toBe(14);
    expect(total).toBeGreaterThan(3_600_000);
  });

  const failed = fc.record({
    failure: fc.constantFrom<HttpFailure>('status', 'network', 'timeout', 'truncated', 'malformed'),
    repeatable: fc.boolean(),
    status: fc.integer({ min: 100, max: 599 }),
    headers: fc
      .dictionary(
        fc.constantFrom(
          'retry-after',
          'x-ratelimit-reset',
          'ratelimit-reset',
          'x-ratelimit-remaining',
        ),
        fc.oneof(
          fc.nat().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
      )
      .map((entries) => new Headers(entries)),
  });
  const attempts = fc.integer({ min: 1, max: 50 });
  const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('never waits less than nothing, nor more than its cap unless the server asks', () => {
    fc.assert(
      fc.property(failed, attempts, draws, (one, attempt, draw) => {
        const step = nextAttempt(one, attempt, now, () => draw, policy);
        if (step.type === 'give-up') return;
        expect(step.milliseconds).toBeGreaterThanOrEqual(0);
        if (step.reason.endsWith('says when')) return;
        const limited = one.failure === 'status' && one.status === 429;
        expect(step.milliseconds).toBeLessThanOrEqual(
          limited ? policy.limitedCapMilliseconds : policy.capMilliseconds,
        );
      }),
    );
  });

  it('repeats what is not repeatable after 429 only', () => {
    fc.assert(
      fc.property(failed, attempts, draws, (one, attempt, draw) => {
        const step = nextAttempt({ ...one, repeatable: false }, attempt, now, () => draw, policy);
        if (step.type === 'wait') expect([one.failure, one.status]).toEqual(['status', 429]);
      }),
    );
  });
});
