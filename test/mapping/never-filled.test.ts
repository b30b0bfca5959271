import { describe, expect, it } from '@jest/globals';
import { type FieldCounts, neverFilled } from '../../src/mapping/field-tally.js';
import { leadingPath } from '../../src/mapping/jq-tokens.js';
import type { JsonObject } from '../../src/model/json.js';
import { anItem, aResource } from './world.js';

const item: JsonObject = {
  slug: 'api',
  website: null,
  project: { key: 'PAY', lead: null },
  links: { self: [{ href: 'https://bitbucket/1' }] },
  properties: { size: 1 },
};

/** What is told of a field that was null on every one of `seen` items. */
function told(expression: string, seen = 12, difference: Partial<FieldCounts> = {}) {
  const counts = { field: 'properties.x', expression, filled: 0, nulls: seen, failed: 0 };
  const samples = Array.from({ length: Math.min(seen, 10) }, (_, index) => anItem(item, index));
  return neverFilled(aResource(), [{ ...counts, ...difference }], samples);
}

describe('a field that no item has filled', () => {
  it.each([
    [
      'a key that resembles another',
      '.proprties.size',
      { missing: 'proprties', nearest: 'properties' },
    ],
    ['one below another', '.project.keyy', { missing: 'keyy', nearest: 'key' }],
    ['one below a list', '.links.self[0].herf', { missing: 'herf', nearest: 'href' }],
    ['one in a list of all', '[.links.self[].hrf] | first', { missing: 'hrf', nearest: 'href' }],
    ['one behind a bar', '.project | .keyy', { missing: 'keyy', nearest: 'key' }],
    ['one in brackets', '(.slugg)', { missing: 'slugg', nearest: 'slug' }],
    ['one in quotes', '.["slugg"]', { missing: 'slugg', nearest: 'slug' }],
    ['one with a default', '.slugg // null', { missing: 'slugg', nearest: 'slug' }],
    ['a key that resembles nothing', '.nothing_like_it', { missing: 'nothing_like_it' }],
    ['a filter of a key that is there', '.project | .key | tojson | fromjson | .x', {}],
  ])('is told: %s', (_what, expression, about) => {
    const expected = [
      {
        code: 'field-never-filled',
        resource: { index: 0, kind: 'repository' },
        field: 'properties.x',
        expression,
        seen: 12,
        ...about,
      },
    ];
    expect(told(expression)).toEqual(expected);
  });

  it.each([
    ['a literal null', 'null'],
    ['a literal null in brackets', ' (null) '],
    ['nothing on purpose', 'empty'],
    ['a key that is there and null', '.website'],
    ['a key below one that is null', '.project.lead.name'],
    ['a key that Bitbucket leaves out', '.description'],
    ['the same further down', '.project.description'],
    ['what we attach only where there is something', '.__readme'],
    ['a condition', 'if .archived then .slug else null end'],
    ['a filter', '.links.self[] | select(.name == "x")'],
    ['an optional key without a likeness', '.nothing_like_it?'],
    ['a default without a likeness', '.nothing_like_it // null'],
  ])('is not told: %s', (_what, expression) => {
    expect(told(expression)).toEqual([]);
  });

  it.each([
    ['a likeness', '.slugg', 2, 0],
    ['a likeness', '.slugg', 3, 1],
    ['no likeness', '.nothing_like_it', 4, 0],
    ['no likeness', '.nothing_like_it', 5, 1],
    ['no item at all', '.slugg', 0, 0],
  ])('is told after a few items: %s, %s, %i', (_what, expression, seen, count) => {
    expect(told(expression, seen)).toHaveLength(count);
  });

  it('is not told when some item filled it, or when it failed, which is told elsewhere', () => {
    expect(told('.slugg', 12, { filled: 1 })).toEqual([]);
    expect(told('.slugg', 12, { failed: 1 })).toEqual([]);
  });

  it('is told by what stands beside the items that jq puts in', () => {
    const resource = aResource({ itemsToParse: '.links.self', itemsToParseName: 'link' });
    const about = (expression: string) =>
      neverFilled(
        resource,
        [{ field: 'title', expression, filled: 0, nulls: 9, failed: 0 }],
        [anItem(item)],
      ).map((problem) => problem.code === 'field-never-filled' && problem.nearest);
    expect(about('.lnk.href')).toEqual(['link']);
    expect(about('.link.hreff')).toEqual([undefined]);
    expect(about('.link.href // null')).toEqual([]);
  });
});

describe('the path that an expression begins with', () => {
  it.each([
    ['.a', ['a'], true],
    [' ( .a.b )', ['a', 'b'], true],
    ['.a[0].b?', ['a', '[]', 'b'], true],
    ['.a[] | .b', ['a', '[]', 'b'], true],
    ['.["a b"].c', ['a b', 'c'], true],
    ['.a["b"]', ['a', 'b'], true],
    ['.a + .b', ['a'], false],
    ['.a | length', ['a'], false],
    ['.', [], false],
    ['"text"', [], false],
    ['if .a then .b else .c end', [], false],
  ])('%s', (expression, steps, isWhole) => {
    const path = leadingPath(expression);
    expect(path.steps.map((step) => (step === 'member' ? '[]' : step.key))).toEqual(steps);
    expect(path.isWhole).toBe(isWhole);
  });
});
