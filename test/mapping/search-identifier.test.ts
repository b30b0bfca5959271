import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../src/model/json.js';
import { readIdentifier, readSearchIdentifier } from '../../src/mapping/identifier.js';

function query(value: JsonValue, difference: JsonObject = {}): JsonObject {
  return { combinator: 'and', rules: [{ property: 'slug', operator: '=', value }], ...difference };
}

const nested: JsonObject = {
  combinator: 'and',
  rules: [
    { property: '$title', operator: '=', value: 'API' },
    {
      combinator: 'or',
      rules: [
        { property: 'tier', operator: '=', value: 1 },
        { property: 'a b', operator: 'containsAny', value: ['x', 'y'] },
      ],
    },
  ],
};

describe('readSearchIdentifier', () => {
  it.each<[JsonObject, string]>([
    [query('api'), 'slug = "api"'],
    [nested, '$title = "API" and (tier = 1 or "a b" containsAny ["x","y"])'],
  ])('puts %j in words that no entity can have for an identifier', (search, words) => {
    expect(readSearchIdentifier(search, 'identifier')).toEqual({ type: 'usable', search, words });
    expect(readIdentifier(words).type).toBe('refused');
  });

  it.each<[string, JsonValue, string]>([
    ['no value', query(null), 'identifier.rules[0].value'],
    ['an empty value', query(''), 'identifier.rules[0].value'],
    ['a null among the values', query(['a', null]), 'identifier.rules[0].value[1]'],
    ['no combinator', query('a', { combinator: null }), 'identifier.combinator'],
    [
      'an empty part of a query within',
      query('a', { rules: [query(null)] }),
      'identifier.rules[0].rules[0].value',
    ],
  ])('finds %s', (_, value, path) => {
    expect(readSearchIdentifier(value, 'identifier')).toEqual({ type: 'empty', path });
  });
});
