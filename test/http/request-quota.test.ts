import { describe, expect, it } from '@jest/globals';
import { RequestQuota, unlimitedQuota } from '../../src/http/request-quota.js';

const now = Date.UTC(2026, 0, 1);
const second = 1_000;

describe('a quota of requests', () => {
  it('holds nobody back without limits', () => {
    const quota = unlimitedQuota();
    for (let count = 0; count < 100; count += 1) quota.sent(now);
    expect(quota.next(now)).toEqual({ type: 'send' });
    expect([quota.left, quota.roomUntil(now, now)]).toEqual([Infinity, Infinity]);
  });

  it('stops at the most requests of a run', () => {
    const quota = new RequestQuota({ total: 2, rate: null });
    quota.sent(now);
    expect([quota.left, quota.next(now)]).toEqual([1, { type: 'send' }]);
    quota.sent(now);
    const stop = { type: 'stop', reason: 'the run has sent the 2 requests it may' };
    expect([quota.left, quota.next(now)]).toEqual([0, stop]);
    quota.sent(now);
    expect([quota.left, quota.roomUntil(now, now)]).toEqual([0, 0]);
  });

  it('waits until the oldest request has left the window', () => {
    const quota = new RequestQuota({
      total: null,
      rate: { requests: 2, windowMilliseconds: second },
    });
    quota.sent(now);
    quota.sent(now + 10);
    expect(quota.next(now + 20)).toEqual({
      type: 'wait',
      until: now + second,
      reason: 'the quota of 2 requests is used up',
    });
    expect(quota.roomUntil(now + 20, now + 20 + second)).toBe(2);
    expect(quota.next(now + second)).toEqual({ type: 'send' });
  });

  it('has no more room than the run may send', () => {
    const rate = { requests: 5, windowMilliseconds: second };
    const quota = new RequestQuota({ total: 7, rate });
    expect(quota.roomUntil(now, now)).toBe(5);
    expect(quota.roomUntil(now, now + 2 * second)).toBe(7);
  });
});
