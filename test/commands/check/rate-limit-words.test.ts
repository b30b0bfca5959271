import { describe, expect, it } from '@jest/globals';
import { clockSkew } from '../../../src/stages/clock-skew.js';
import { rateLimitWords } from '../../../src/commands/check/either-side.js';

describe('rateLimitWords', () => {
  it.each([
    [{}, null],
    [
      { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '58' },
      'rate limit: 58 of 60 requests left',
    ],
    [{ 'x-ratelimit-remaining': '0' }, 'rate limit: 0 requests left'],
    [
      { 'x-ratelimit-limit': '1000, 1000;w=3600', 'x-ratelimit-nearlimit': 'true' },
      'rate limit: 1,000 requests an hour, less than a fifth is left',
    ],
  ])('reads %j', (headers, words) => {
    expect(rateLimitWords(new Headers(headers))).toBe(words);
  });

  it('has nothing to tell before the first answer', () => {
    expect(rateLimitWords(null)).toBeNull();
  });
});

describe('clockSkew', () => {
  const now = Date.UTC(2026, 0, 1, 12);
  const at = (time: number, more: Readonly<Record<string, string>> = {}): Headers =>
    new Headers({ date: new Date(time).toUTCString(), ...more });

  it('tolerates a few seconds either way, and no more', () => {
    expect(clockSkew('port', at(now - 6_000), now)).toBe('near enough');
    expect(clockSkew('port', at(now + 6_000), now)).toBe('near enough');
    expect(clockSkew('port', at(now - 7_000), now)).toMatchObject({ milliseconds: 7_000 });
    expect(clockSkew('port', at(now + 7_000), now)).toMatchObject({ milliseconds: -7_000 });
  });

  it('tells nothing by the answer of a cache, or without a date', () => {
    expect(clockSkew('port', at(0, { age: '900' }), now)).toBeNull();
    expect(clockSkew('port', new Headers(), now)).toBeNull();
    expect(clockSkew('port', null, now)).toBeNull();
  });
});
