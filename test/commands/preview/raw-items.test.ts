import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  positionInText,
  rawItemsIn,
  whereJsonBreaks,
} from '../../../src/commands/preview/raw-items.js';
import { ProblemError } from '../../../src/problems/problem.js';

function refusal(text: string): unknown {
  try {
    rawItemsIn(text, 'raw.json');
  } catch (error) {
    return error instanceof ProblemError ? error.problems[0] : error;
  }
  return null;
}

describe('raw items in a text', () => {
  it.each([
    ['one item', '{"a": 1}', [{ a: 1 }]],
    ['a list', '[{"a": 1}, {"a": 2}]', [{ a: 1 }, { a: 2 }]],
    ['no items', '[]', []],
    ['one a line', '{"a": 1}\n\n{"a": 2}\n', [{ a: 1 }, { a: 2 }]],
    ['one a line of Windows', '{"a": 1}\r\n{"a": 2}\r\n', [{ a: 1 }, { a: 2 }]],
    ['a byte order mark', '\uFEFF{"a": 1}', [{ a: 1 }]],
    ['a page of Data Center', '{"size": 1, "isLastPage": true, "values": [{"a": 1}]}', [{ a: 1 }]],
    ['a page of Cloud', '{"pagelen": 10, "values": [{"a": 1}], "page": 1}', [{ a: 1 }]],
    ['an item with values of its own', '{"values": [{"a": 1}]}', [{ values: [{ a: 1 }] }]],
  ])('%s', (_what, text, values) => {
    expect(rawItemsIn(text, 'raw.json').map(({ value }) => value)).toEqual(values);
  });

  it.each([
    ['Data Center', '{"links": {"self": [{"href": "https://server/1"}]}}', 'https://server/1'],
    ['Cloud', '{"links": {"html": {"href": "https://cloud/1"}}}', 'https://cloud/1'],
    ['nobody', '{}', null],
  ])('have the link of %s', (_what, text, link) => {
    expect(rawItemsIn(text, 'raw.json')).toEqual([
      { key: 'item 1', link, value: JSON.parse(text) as unknown },
    ]);
  });

  it.each([
    ['nothing', ' \n', 'there is nothing in it'],
    ['a cut file', '{"a":\n  [1,', 'line 2, column 6: it ends early'],
    ['a missing colon', '[\n  {"a": 1},\n  {"a" 2}\n]', 'line 3, column 8: this is not JSON'],
    ['a comma too many', '{"a": 1,}', 'line 1, column 9: this is not JSON'],
    ['a broken line among lines', '{"a": 1}\n{"a": 1,}\n', 'line 2, column 9: this is not JSON'],
    ['something after the end', '{"a": 1} x', 'line 1, column 10: this is not JSON'],
    ['a text', '"secret"', 'item 1 is a text, not an object'],
    ['a list in a list', '[{}, []]', 'item 2 is a list, not an object'],
    ['null', '[null]', 'item 1 is null, not an object'],
  ])('are refused with the place: %s', (_what, text, reason) => {
    expect(refusal(text)).toEqual({
      code: 'settings-file-unreadable',
      file: 'raw.json',
      reason,
    });
  });
});

describe('where JSON breaks', () => {
  it('is nowhere in JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 4 }), (text, indent) => {
        expect(whereJsonBreaks(text)).toBeNull();
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        expect(whereJsonBreaks(`\n ${spaced}\t`)).toBeNull();
      }),
    );
  });

  it('is somewhere in everything that JSON.parse refuses, and nowhere else', () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', '"', '{', ']', ':', 'x', '\\', '\n', '-', '0'),
      )
      .map(([text, place, letter]) => {
        const at = place % (text.length + 1);
        return `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
      });
    fc.assert(
      fc.property(damaged, (text) => {
        expect(whereJsonBreaks(text) === null).toBe(isJson(text));
      }),
      { numRuns: 500 },
    );
  });

  it('is told by line and column', () => {
    expect(positionInText('ab\ncd', 4)).toBe('line 2, column 2');
    expect(positionInText('', 0)).toBe('line 1, column 1');
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
