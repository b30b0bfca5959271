import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  RequestQuota,
  unlimitedQuota,
  type Allowance,
  type RequestQuotaOptions,
} from '../../../../src/http/request-quota.js';
import { RequestBudget, type BudgetOptions } from '../../../../src/source/cloud/limits/budget.js';

const hour = 3_600_000;
const now = Date.UTC(2026, 0, 1);

function aBudget(options: Partial<BudgetOptions> = {}): RequestBudget {
  return new RequestBudget({
    tokens: 1,
    reserve: 0.1,
    quota: unlimitedQuota(),
    ...options,
  });
}

const anHour = (requests: number): Allowance => ({ requests, windowMilliseconds: hour });

const aQuota = (options: Partial<RequestQuotaOptions>): RequestQuota =>
  new RequestQuota({ total: null, rate: null, ...options });

function spend(budget: RequestBudget, requests: number, token = 0, at = now): void {
  for (let count = 0; count < requests; count += 1) budget.sent(token, 'api', at);
}

function told(limit: string, isNear = false, resource = 'api'): Headers {
  return new Headers({
    'x-ratelimit-limit': limit,
    'x-ratelimit-resource': resource,
    'x-ratelimit-nearlimit': String(isNear),
  });
}

const send = { type: 'send', token: 0, isLast: true };

describe('a request budget', () => {
  it.each([
    ['what is documented, less the reserve', {}, 900, 4_500],
    ['another reserve', { reserve: 0.25 }, 750, 3_750],
    ['no reserve', { reserve: 0 }, 1_000, 5_000],
    ['a reserve of all, less one request', { reserve: 1 }, 1, 1],
    ['several tokens', { tokens: 3 }, 2_700, 13_500],
    ['the requests that the run may send', { quota: aQuota({ total: 50 }) }, 50, 50],
    ["the user's quota", { quota: aQuota({ rate: anHour(70) }) }, 70, 70],
  ])('allows for %s', (_name, options: Partial<BudgetOptions>, api, files) => {
    const budget = aBudget(options);
    expect(budget.room('api', now, now)).toBe(api);
    expect(budget.room('files', now, now)).toBe(files);
  });

  it('keeps the reserve: waits until the first request has left the hour', () => {
    const budget = aBudget();
    spend(budget, 1, 0, now - 60_000);
    spend(budget, 898);
    expect(budget.decide('api', now)).toEqual(send);
    spend(budget, 1);
    expect(budget.decide('api', now)).toEqual({
      type: 'wait',
      until: now - 60_000 + hour,
      reason: '900 requests were sent in an hour, and the reserve of 10 % is kept',
    });
    expect(budget.decide('files', now)).toEqual(send);
    expect(budget.decide('api', now - 60_000 + hour)).toEqual(send);
  });

  it.each(['2000', '2000, 2000;w=3600'])('takes the limit from a header of %s', (limit) => {
    const budget = aBudget();
    budget.answered(0, 'api', told(limit), now);
    expect(budget.room('api', now, now)).toBe(1_800);
    expect(budget.room('files', now, now)).toBe(4_500);
  });

  it('counts where the header says it does', () => {
    const budget = aBudget();
    budget.sent(0, 'files', now);
    budget.answered(0, 'files', told('1000', false, 'api'), now);
    expect(budget.room('api', now, now)).toBe(899);
    budget.answered(0, 'api', told('600', false, 'api-files'), now);
    expect(budget.allowance('files')).toEqual({ requests: 540, windowMilliseconds: hour });
  });

  it('learns from a limit that is near how much others use of it', () => {
    const budget = aBudget();
    spend(budget, 100);
    budget.answered(0, 'api', told('1000', true), now);
    expect(budget.room('api', now, now)).toBe(100);
    budget.answered(0, 'api', told('1000', true), now + 1);
    expect(budget.room('api', now + 1, now + 1)).toBe(100);
    budget.answered(0, 'api', told('1000', false), now + 2);
    expect(budget.room('api', now + 2, now + 2)).toBe(800);
  });

  it('uses the tokens in turn: the last fifth of each last, one that rests not at all', () => {
    const budget = aBudget({ tokens: 3 });
    const token = (): unknown => budget.decide('api', now);
    expect(token()).toEqual({ type: 'send', token: 0, isLast: false });
    budget.answered(0, 'api', told('1000', true), now);
    expect(token()).toEqual({ type: 'send', token: 1, isLast: false });
    budget.rest(1, 'api', now + 5, null);
    expect(token()).toEqual({ type: 'send', token: 2, isLast: false });
    expect(budget.decide('files', now)).toEqual({ type: 'send', token: 0, isLast: false });
    budget.answered(2, 'api', told('1000', true), now);
    expect(token()).toEqual({ type: 'send', token: 0, isLast: false });
    budget.rest(0, 'api', now + 9, null);
    budget.rest(2, 'api', now + 7, null);
    expect(token()).toEqual({ type: 'send', token: 1, isLast: true });
  });

  it('uses a token that was refused no more, unless it is the only one', () => {
    const budget = aBudget({ tokens: 2 });
    expect(budget.refuse(0)).toEqual({ isNew: true, isLast: false });
    expect(budget.refuse(0)).toEqual({ isNew: false, isLast: false });
    expect(budget.decide('api', now)).toEqual({ type: 'send', token: 1, isLast: true });
    expect(budget.room('api', now, now)).toBe(900);
    expect(budget.refuse(1)).toEqual({ isNew: true, isLast: true });
    expect(budget.decide('api', now)).toEqual({ type: 'send', token: 0, isLast: false });
  });

  it('keeps to what the user allows, over all groups and tokens', () => {
    const quota = aQuota({ total: 3, rate: { requests: 2, windowMilliseconds: 1_000 } });
    const budget = aBudget({ tokens: 2, quota });
    quota.sent(now);
    quota.sent(now + 10);
    expect(budget.decide('api', now + 20)).toEqual({
      type: 'wait',
      until: now + 1_000,
      reason: 'the quota of 2 requests is used up',
    });
    expect(budget.decide('files', now + 1_000)).toMatchObject({ type: 'send' });
    expect(budget.left).toBe(1);
    quota.sent(now + 1_000);
    const stop = { type: 'stop', reason: 'the run has sent the 3 requests it may' };
    expect(budget.decide('api', now + hour)).toEqual(stop);
    expect(budget.decide('files', now + hour)).toEqual(stop);
  });

  it("tells the slower of the tokens' limits and the user's quota", () => {
    const slow = { requests: 100, windowMilliseconds: hour / 6 };
    expect(aBudget({ quota: aQuota({ rate: slow }) }).allowance('api')).toEqual(slow);
    const fast = { requests: 2, windowMilliseconds: 1_000 };
    expect(aBudget({ tokens: 2, quota: aQuota({ rate: fast }) }).allowance('api')).toEqual(
      anHour(1_800),
    );
  });

  it('waits as long as Bitbucket says where every token is to rest', () => {
    const budget = aBudget({ tokens: 2 });
    budget.rest(0, 'api', now + 90_000, 'as the header asks');
    budget.rest(1, 'api', now + 60_000, 'as the other header asks');
    expect(budget.decide('api', now)).toEqual({
      type: 'wait',
      until: now + 60_000,
      reason: 'as the other header asks',
    });
    expect(budget.decide('api', now + 60_000)).toMatchObject({ type: 'send', token: 1 });
  });

  it('counts with what comes back until the run ends', () => {
    const budget = aBudget();
    spend(budget, 300, 0, now - hour / 2);
    expect(budget.room('api', now, now + hour / 4)).toBe(600);
    expect(budget.room('api', now, now + hour / 2)).toBe(900);
    expect(budget.room('api', now, now + hour)).toBe(1_500);
    expect(budget.room('api', now, null)).toBe(Infinity);
  });

  it('never lets an hour hold more than the limit less the reserve', () => {
    const steps = fc.array(fc.nat(600_000), { minLength: 50, maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), (pauses, limit) => {
        const budget = aBudget();
        budget.answered(0, 'api', told(String(limit)), now);
        const most = Math.max(1, limit - Math.round(limit * 0.1));
        const sent: number[] = [];
        let time = now;
        for (const pause of pauses) {
          time += pause;
          const decision = budget.decide('api', time);
          if (decision.type === 'wait') time = decision.until;
          else {
            budget.sent(0, 'api', time);
            sent.push(time);
          }
        }
        const crowded = sent.filter((end, index) => {
          const first = sent[index - most];
          return first !== undefined && end - first < hour;
        });
        expect(crowded).toEqual([]);
      }),
    );
  });
});
