import { describe, expect, it } from '@jest/globals';
import { pathPattern } from '../../../src/source/files/globs.js';

describe('a path of files', () => {
  it.each([
    ['', ['', 'a', 'a/b'], []],
    ['*', ['', 'a', 'a/b'], []],
    ['*/', ['', 'a/b'], []],
    ['**', ['', 'a/b'], []],
    ['**/*', ['', 'a/b'], []],
    ['/', [''], ['a']],
    ['a', ['a'], ['', 'a/b', 'b', 'aa']],
    ['/a/b/', ['a/b'], ['a', 'a/b/c']],
    ['a/*', ['a/b', 'a/b/c'], ['a', 'b/a', 'xa/b']],
    ['*/a', ['b/a', 'c/b/a'], ['a', 'a/b']],
    ['a/**', ['a/b', 'a/b/c'], ['a']],
    ['a?c', ['abc', 'a/c'], ['ac', 'abbc']],
    ['a[bc]', ['ab', 'ac'], ['ad', 'a[bc]']],
    ['a[!bc]', ['ad'], ['ab', 'a']],
    ['a[z-a]', [], ['az', 'a[z-a]']],
    ['a.b+(c)', ['a.b+(c)'], ['axb+(c)', 'a.bbc']],
    ['a.*', ['a.b'], ['axb']],
    ['a[', ['a['], ['a']],
  ])('%s means %j and not %j', (path, meant, others) => {
    const { matches } = pathPattern(path);
    expect(meant.filter((folder) => !matches(folder))).toEqual([]);
    expect(others.filter((folder) => matches(folder))).toEqual([]);
  });

  it.each([
    ['a/b/*/c', 'a/b', false],
    ['a/b', 'a/b', true],
    ['/', '', true],
    ['*', '', false],
    ['x*/b', '', false],
  ])('%s is looked for in %j', (path, directory, isLiteral) => {
    expect(pathPattern(path)).toMatchObject({ directory, isLiteral });
  });
});
