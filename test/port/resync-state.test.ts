import { describe, expect, it } from '@jest/globals';
import { runningSince } from '../../src/port/resync-state.js';

const NOON = Date.UTC(2026, 0, 1, 12);

describe('runningSince', () => {
  it.each<[string, string | null, string | null, boolean]>([
    ['one began just now', 'running', '2026-01-01T12:00:00Z', true],
    ['one began less than an hour ago', 'running', '2026-01-01T11:00:01Z', true],
    ['one began an hour ago: it was killed', 'running', '2026-01-01T11:00:00Z', false],
    ['whoever told it has a clock that is ahead', 'running', '2026-01-01T12:20:00Z', true],
    ['the last one ended', 'completed', '2026-01-01T11:59:00Z', false],
    ['there was none', null, null, false],
    ['nobody knows since when', 'running', null, false],
    ['the time is none', 'running', 'soon', false],
  ])('when %s', (_, status, lastResyncStart, isRunning) => {
    const since = runningSince({ status, lastResyncStart, lastResyncEnd: null }, NOON);
    expect(since).toBe(isRunning ? Date.parse(lastResyncStart ?? '') : null);
  });
});
