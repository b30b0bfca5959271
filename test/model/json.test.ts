import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, isJsonArray, isJsonObject, type JsonValue } from '../../src/model/json.js';

describe('canonicalJson', () => {
  it.each<[JsonValue, string]>([
    [null, 'null'],
    [-0, '0'],
    [1.0, '1'],
    ['a "quoted"\nline', String.raw`"a \"quoted\"\nline"`],
    [{ b: [2, { d: 4, c: 3 }], a: 1 }, '{"a":1,"b":[2,{"c":3,"d":4}]}'],
    [[], '[]'],
    [{}, '{}'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('keeps the value', () => {
    fc.assert(
      fc.property(jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), jsonValue()), (value) => {
        const backwards = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(backwards)).toBe(canonicalJson(value));
      }),
    );
  });

  it('tells lists of another order apart', () => {
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
  });
});

it.each<[JsonValue | undefined, 'object' | 'array' | 'neither']>([
  [{}, 'object'],
  [[], 'array'],
  [null, 'neither'],
  ['', 'neither'],
  [0, 'neither'],
  [undefined, 'neither'],
])('%j is %s', (value, sort) => {
  expect(isJsonObject(value)).toBe(sort === 'object');
  expect(isJsonArray(value)).toBe(sort === 'array');
});

function jsonValue(): fc.Arbitrary<JsonValue> {
  return fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
}
