import { describe, expect, it } from '@jest/globals';
import { globMatcher } from '../../../src/source/files/globs.js';

describe('a glob', () => {
  it.each([
    ['a', ['a'], ['b', 'a/b', 'aa']],
    ['*', ['a', '.github'], ['a/b']],
    ['a/*', ['a/b', 'a/.b'], ['a/b/c', 'b/a']],
    ['**/b', ['b', 'a/b', '.x/y/b'], ['a/c']],
    ['*.json', ['a.json', '.json'], ['a.jsonc', 'x/a.json']],
    ['a?', ['ab'], ['a', 'abc']],
    ['{a,b}.y{,a}ml', ['a.yml', 'b.yaml'], ['c.yml']],
    ['app/(shop)/*', ['app/(shop)/cart'], ['app/shop/cart']],
    ['!a*', ['!ab'], ['b']],
    ['+(a)', ['+(a)'], ['a', 'aa']],
  ])('%s meets %j and not %j', (pattern, met, others) => {
    const matches = globMatcher(pattern);
    expect(met.filter((path) => !matches(path))).toEqual([]);
    expect(others.filter((path) => matches(path))).toEqual([]);
  });
});
