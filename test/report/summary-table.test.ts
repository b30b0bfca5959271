import { describe, expect, it } from '@jest/globals';
import { summaryTable } from '../../src/report/result.js';
import { aResource, aSummary, pullRequest, repository, someCounts } from './a-run.js';

const kinds = ['project', 'repository', 'pull-request', 'user'];

describe('summaryTable', () => {
  it('shows a line per resource', () => {
    expect(summaryTable(aSummary(), 80).join('\n')).toMatchInlineSnapshot(`
      "Resource      Read Skip  Same New Changed Failed Deleted Calls  Time
      repository     120    0   117   2       1      0       0     4  1.5s
      pull-request 2,340    5 2,300  30       5      0       3   131 1m01s
      Skip: left out by the selector"
    `);
  });

  it('marks what was not read to its end, and explains the mark', () => {
    const resources = [aResource(repository), aResource(pullRequest, {}, { status: 'incomplete' })];
    const [, first, second, ...rest] = summaryTable(aSummary({ resources }), 80);
    expect(first).toMatch(/^repository {2}/u);
    expect(second).toMatch(/^pull-request! /u);
    expect(rest).toEqual(['! not read to its end']);
  });

  it.each([9, 999, 9_999, 99_999])('stands in 80 columns with counts of %d everywhere', (count) => {
    const counts = {
      fetched: count,
      mapped: count,
      unselected: count,
      unidentified: 0,
      duplicates: 0,
      merged: 0,
      unreached: 0,
      unchanged: count,
      created: count,
      updated: count,
      searched: 0,
      failed: count,
      deleted: count,
      requests: count,
    };
    const resources = kinds.map((kind, index) =>
      aResource({ index, kind }, counts, { status: 'incomplete', milliseconds: 3_599_000 }),
    );
    const lines = summaryTable(aSummary({ resources, deletedElsewhere: 99_999 }), 80);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines[1]?.match(/\d+(?:,\d{3})?/gu)).toHaveLength(10);
  });

  it('groups digits where there is room', () => {
    const resources = [aResource(pullRequest, { fetched: 1_234_567 })];
    expect(summaryTable(aSummary({ resources }), 80)[1]).toContain('1,234,567');
    expect(summaryTable(aSummary({ resources }), 63)[1]).toContain('1234567');
  });

  it.each([40, 50, 60, 79])('stands in %d columns, one below the other', (width) => {
    const all = someCounts(
      Object.fromEntries(Object.keys(someCounts()).map((name) => [name, 12_345])),
    );
    const resources = kinds.map((kind, index) =>
      aResource({ index, kind }, all, { status: 'incomplete' }),
    );
    const lines = summaryTable(aSummary({ resources, deletedElsewhere: 99_999 }), width);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines.join(' ')).toContain('user!: Read 12,345, Skip 12,345, No id 12,345,');
  });

  it('has a column for what happened, and says what it means', () => {
    const counts = { fetched: 22, unchanged: 20, unidentified: 1, duplicates: 1 };
    const lines = summaryTable(aSummary({ resources: [aResource(repository, counts)] }), 80);
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "Resource   Read No id Dup Same New Changed Failed Deleted Calls Time
      repository   22     1   1   20   0       0      0       0     0 1.5s
      No id: without an identifier that Port takes
      Dup: made before under the same identifier"
    `);
  });

  it('tells resources of one kind apart', () => {
    const resources = [0, 1].map((index) => aResource({ index, kind: 'pull-request' }));
    const [, first, second] = summaryTable(aSummary({ resources }), 80);
    expect(first).toMatch(/^pull-request \(resource 1\)/u);
    expect(second).toMatch(/^pull-request \(resource 2\)/u);
  });

  it('tells what was deleted where no resource feeds', () => {
    expect(summaryTable(aSummary({ deletedElsewhere: 12 }), 80).at(-1)).toBe(
      '12 more deleted in blueprints that no resource feeds any more',
    );
  });
});
