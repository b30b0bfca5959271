import { describe, expect, it } from '@jest/globals';
import { exhaustionWait, serverWait } from '../../src/http/next-attempt.js';

const now = Date.UTC(2026, 0, 1);
const inTenSeconds = now / 1_000 + 10;

describe('serverWait', () => {
  it.each<[string, number, Record<string, string>, number | null]>([
    ['seconds', 429, { 'retry-after': '1800' }, 1_800_000],
    ['seconds of a 503', 503, { 'retry-after': '7' }, 7_000],
    ['an HTTP date', 503, { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    ['a date that has passed', 429, { 'retry-after': 'Wed, 31 Dec 2025 23:59:59 GMT' }, -1_000],
    ['neither date nor number', 429, { 'retry-after': 'soon' }, null],
    ['reset as epoch seconds', 429, { 'x-ratelimit-reset': String(inTenSeconds) }, 10_000],
    ['reset as epoch milliseconds', 429, { 'x-ratelimit-reset': String(now + 250) }, 250],
    ['reset as seconds left', 429, { 'ratelimit-reset': '42' }, 42_000],
    ['the nearest of several', 429, { 'x-ratelimit-reset': '5, 60;w=3600' }, 5_000],
    [
      'a reset while some is left',
      503,
      { 'x-ratelimit-reset': '9', 'x-ratelimit-remaining': '1' },
      null,
    ],
    [
      'a reset with nothing left',
      503,
      { 'x-ratelimit-reset': '9', 'ratelimit-remaining': '0' },
      9_000,
    ],
    ['a reset beyond a day', 429, { 'x-ratelimit-reset': '90000' }, null],
    ['Retry-After before reset', 429, { 'retry-after': '3', 'x-ratelimit-reset': '9' }, 3_000],
    ['nothing', 429, {}, null],
  ])('reads %s', (_name, status, headers, milliseconds) => {
    expect(serverWait(status, new Headers(headers), now)?.milliseconds ?? null).toBe(milliseconds);
  });
});

describe('exhaustionWait', () => {
  it.each<[string, Record<string, string>, number | null]>([
    ['is the time to the reset', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '8' }, 8_000],
    [
      'is none while some is left',
      { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '8' },
      null,
    ],
    ['is none after the reset', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' }, null],
    ['is none without a reset', { 'x-ratelimit-remaining': '0' }, null],
    ['is none without headers', {}, null],
  ])('%s', (_name, headers, milliseconds) => {
    expect(exhaustionWait(new Headers(headers), now)?.milliseconds ?? null).toBe(milliseconds);
  });
});
