import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readBlueprintIdentifier, readIdentifier } from '../../src/mapping/identifier.js';
import type { JsonValue } from '../../src/model/json.js';
import { anyCharacter } from '../world/any-character.js';

/** As the API reference of Port prints it. */
const ENTITY_PATTERN = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$/u;

describe('readIdentifier', () => {
  it.each<[JsonValue, string]>([
    ['PAY/api#7', '"#"'],
    ['a b', 'a space'],
    ['a\tb', 'a tab'],
    ['a\nb', 'a line break'],
    ['a\rb', 'a carriage return'],
    ['a\u00a0b', 'a no-break space'],
    ['{uuid}', '"{"'],
    ['~user', '"~"'],
    ['e\u0301', 'U+0301'],
    ['a\u200bb', 'U+200B'],
    ['a😀', '"😀"'],
    ['.', 'a lone "."'],
    ['..', 'a lone ".."'],
    ['x'.repeat(1001), 'more than 1000 characters'],
    [2 ** 53, 'a number too large to be exact'],
    [1e300, 'a number too large to be exact'],
    [['a'], 'a list'],
    [{ a: 1 }, 'an object'],
  ])('refuses %j for %s', (value, character) => {
    expect(readIdentifier(value)).toMatchObject({ type: 'refused', character });
  });

  it.each<[JsonValue, string]>([
    ['admin@gmail.com', 'admin@gmail.com'],
    ['a=b\\c/d:e+f-g_h.i', 'a=b\\c/d:e+f-g_h.i'],
    ['größe', 'größe'],
    ['...', '...'],
    ['𐐀'.repeat(1000), '𐐀'.repeat(1000)],
    [2 ** 53 - 1, '9007199254740991'],
    [-7, '-7'],
    [1.5, '1.5'],
    [true, 'true'],
  ])('takes %j', (value, identifier) => {
    expect(readIdentifier(value)).toEqual({ type: 'usable', identifier });
  });

  it.each<[JsonValue]>([[null], ['']])('finds none in %j', (value) => {
    expect(readIdentifier(value)).toEqual({ type: 'empty' });
  });

  it('takes exactly what the pattern of Port takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, minLength: 1, maxLength: 50 }), (text) => {
        expect(readIdentifier(text).type).toBe(ENTITY_PATTERN.test(text) ? 'usable' : 'refused');
      }),
    );
  });
});

describe('readBlueprintIdentifier', () => {
  it.each([
    ['a=b', '"="'],
    ['x'.repeat(101), 'more than 100 characters'],
  ])('refuses %j', (value, character) => {
    expect(readBlueprintIdentifier(value)).toMatchObject({ type: 'refused', character });
  });

  it('takes a hundred letters', () => {
    expect(readBlueprintIdentifier('x'.repeat(100)).type).toBe('usable');
  });
});
