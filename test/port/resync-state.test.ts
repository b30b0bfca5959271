import { describe, expect, it } from '@jest/globals';
import { runningSince } from '../../src/port/resync-state.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;

describe('runningSince', () => {
  it.each<[string, string | null, string | null, number | null, boolean]>([
    ['one began just now', 'running', '2026-01-01T12:00:00Z', null, true],
    ['one began six hours ago', 'running', '2026-01-01T06:00:00Z', null, true],
    ['one began earlier: it was killed', 'running', '2026-01-01T05:59:59Z', null, false],
    ['one is within its time limit', 'running', '2026-01-01T11:35:00Z', 25 * MINUTE, true],
    ['one is beyond it: it was killed', 'running', '2026-01-01T11:34:59Z', 25 * MINUTE, false],
    ['the clocks differ a little', 'running', '2026-01-01T12:00:05Z', 25 * MINUTE, true],
    ['the last one ended', 'completed', '2026-01-01T11:59:00Z', null, false],
    ['there was none', null, null, null, false],
    ['nobody knows since when', 'running', null, null, false],
    ['the time is none', 'running', 'soon', null, false],
  ])('when %s', (_, status, lastResyncStart, limit, isRunning) => {
    const since = runningSince({ status, lastResyncStart, lastResyncEnd: null }, NOON, limit);
    expect(since).toBe(isRunning ? Date.parse(lastResyncStart ?? '') : null);
  });
});
