import { describe, expect, it } from '@jest/globals';
import type { BlueprintProperty } from '../../src/model/blueprint.js';
import type { JsonValue } from '../../src/model/json.js';
import { comparableValue } from '../../src/reconcile/comparable.js';

function property(difference: Partial<BlueprintProperty> = {}): BlueprintProperty {
  return { type: null, format: null, itemsType: null, itemsFormat: null, ...difference };
}

const TEXT = property({ type: 'string' });
const NUMBER = property({ type: 'number' });
const BOOLEAN = property({ type: 'boolean' });
const MOMENT = property({ type: 'string', format: 'date-time' });
const TIMER = property({ type: 'string', format: 'timer' });
const NUMBERS = property({ type: 'array', itemsType: 'number' });
const TEXTS = property({ type: 'array', itemsType: 'string' });
const LIST = property({ type: 'array' });
const MOMENTS = property({ type: 'array', itemsType: 'string', itemsFormat: 'date-time' });

describe('comparableValue', () => {
  it.each<[string, BlueprintProperty, JsonValue, JsonValue]>([
    ['numbers', NUMBER, 1, '1'],
    ['numbers with zeros', NUMBER, 1, '1.0'],
    ['numbers with exponents', NUMBER, 100, '1e2'],
    ['negative numbers', NUMBER, -1.5, '-1.50'],
    ['a text and a number', TEXT, '7', 7],
    ['a text and a boolean', TEXT, 'true', true],
    ['booleans', BOOLEAN, false, 'false'],
    ['instants with milliseconds', MOMENT, '2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000Z'],
    ['instants of zones', MOMENT, '2024-01-01T00:00:00Z', '2024-01-01T01:00:00+01:00'],
    ['timers', TIMER, '2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000Z'],
    ['members of a list', NUMBERS, [1, 2], ['1', '2.0']],
    ['texts of a list in another order', TEXTS, ['b', 'a', 'c'], ['c', 'a', 'b']],
    ['texts of a list that the blueprint does not type', LIST, ['b', 'a'], ['a', 'b']],
    ['instants of a list in another order', MOMENTS, ['2024', '2025'], ['2025', '2024']],
    ['instants in a list', MOMENTS, ['2024-01-01T00:00:00Z'], ['2024-01-01T00:00:00.0Z']],
    ['a null and no key in an object', property({ type: 'object' }), { a: 1, b: null }, { a: 1 }],
    [
      'the same in objects of a list, and further in',
      LIST,
      [{ a: { b: null, c: [{ d: null }] } }],
      [{ a: { c: [{}] } }],
    ],
  ])('is one for two spellings: %s', (_, schema, one, other) => {
    expect(comparableValue(other, schema)).toEqual(comparableValue(one, schema));
  });

  it.each<[string, BlueprintProperty, JsonValue, JsonValue]>([
    ['two numbers', NUMBER, 1, '1.1'],
    ['a number and a text that is none', NUMBER, 0, ''],
    ['a number and a text with a space', NUMBER, 1, ' 1'],
    ['hexadecimal digits', NUMBER, 16, '0x10'],
    ['texts that look like numbers', TEXT, '1', '1.0'],
    ['booleans', BOOLEAN, true, 'false'],
    ['a boolean and another text', BOOLEAN, true, 'yes'],
    ['texts that are no instants', MOMENT, 'soon', 'later'],
    [
      'an instant where the blueprint knows none',
      TEXT,
      '2024-01-01T00:00:00Z',
      '2024-01-01T00:00:00.0Z',
    ],
    ['texts of a list that are there more often', TEXTS, ['a', 'a', 'b'], ['a', 'b', 'b']],
    ['one text more in a list', TEXTS, ['a', 'b'], ['b', 'a', 'a']],
    ['the order of a list that holds more than texts', LIST, ['a', 1], [1, 'a']],
    ['the order of a list of numbers', NUMBERS, [1, 2], [2, 1]],
    ['a list and its only member', NUMBERS, [1], 1],
    ['null and nothing', TEXT, null, ''],
    ['a null in a list and none', LIST, [null, 1], [1]],
    ['an empty list and none, in an object', property({ type: 'object' }), { a: [] }, {}],
  ])('tells apart: %s', (_, schema, one, other) => {
    expect(comparableValue(other, schema)).not.toEqual(comparableValue(one, schema));
  });

  it.each([undefined, property(), property({ type: 'object' }), property({ type: 'array' })])(
    'leaves a value alone where nothing is said of it: %j',
    (schema) => {
      for (const value of [null, 1, '1', true, [1, '1'], { a: '1' }]) {
        expect(comparableValue(value, schema)).toEqual(value);
      }
    },
  );
});
