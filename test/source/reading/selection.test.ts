import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { cloudKind } from '../../../src/source/cloud/kinds/kind.js';
import { Selection } from '../../../src/source/reading/selection.js';

const DAY = 24 * 3_600_000;
const NOW = Date.parse('2026-11-30T08:00:00.750Z');

const thing = cloudKind({
  name: 'thing',
  plural: 'things',
  selector: {},
  path: ['things'],
  pages: [],
  item: z.object({ name: z.string(), at: z.union([z.string(), z.number()]).nullish() }),
  key: ({ name }) => name,
  segments: ({ name }) => [name],
  called: ({ name }) => name,
  changed: ({ at }) => at,
});

const takes = (selector: object, value: { name?: string; at?: string | number | null }) =>
  new Selection(thing, selector, NOW).takes({ name: 'main', ...value });

describe('names', () => {
  it.each([
    [undefined, 'feature/a', true],
    [null, 'feature/a', true],
    [[], 'feature/a', true],
    [['main'], 'main', true],
    [['main'], 'Main', false],
    [['main'], 'mainly', false],
    [['feature/*'], 'feature/a', true],
    [['feature/*'], 'feature/a/b', false],
    [['feature/**'], 'feature/a/b', true],
    [['main', 'release/{1,2}.*'], 'release/2.0', true],
    [['fix/#1 (urgent)'], 'fix/#1 (urgent)', true],
  ])('%j and %s: %s', (names, name, isTaken) => {
    expect(takes({ names }, { name })).toBe(isTaken);
  });
});

describe('updatedWithin', () => {
  it.each([
    ['of the last second is taken', NOW, true],
    ['of the very beginning is taken', NOW - 750 - 90 * DAY, true],
    ['from before that is not', NOW - 751 - 90 * DAY, false],
    ['told as a text is compared as well', '2026-11-01T00:00:00+00:00', true],
    ['told in the time zone of Data Center, too', '2026-01-01T00:00:00+0000', false],
    ['that is told by no answer cannot be told', null, null],
    ['that is no date cannot be told', 'soon', null],
  ])('what %s', (_, at, isTaken) => {
    expect(takes({ updatedWithin: '90d' }, { at })).toBe(isTaken);
  });

  it('is not asked for where the name is not taken anyway', () => {
    expect(takes({ names: ['main'], updatedWithin: '90d' }, { name: 'next' })).toBe(false);
  });

  it.each([
    ['30m', true],
    ['12h', true],
    ['90d', true],
    ['2w', true],
    ['90', false],
    ['0d', false],
    ['-1d', false],
    ['1.5d', false],
    ['', false],
    ['3 months', false],
  ])('%s is a time: %s', (updatedWithin, isOne) => {
    expect(thing.selector.safeParse({ updatedWithin }).success).toBe(isOne);
  });
});

it('keeps what is outdated only where there is a window', () => {
  const keeps = (selector: object) => new Selection(thing, selector, NOW).keepsOutdated;
  expect(keeps({ updatedWithin: '1d', keepOutdated: true })).toBe(true);
  expect(keeps({ updatedWithin: '1d' })).toBe(false);
  expect(keeps({ keepOutdated: true })).toBe(false);
});
