import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDeeperThan } from '../../src/model/json-depth.js';
import { anyCharacter } from '../world/any-character.js';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('isDeeperThan', () => {
  it('tells the depth of any JSON', () => {
    const values = fc.jsonValue({ maxDepth: 8, stringUnit: anyCharacter });
    fc.assert(
      fc.property(values, fc.nat(8), (value, levels) => {
        expect(isDeeperThan(levels, JSON.stringify(value))).toBe(depthOf(value) > levels);
      }),
    );
  });

  it.each([
    ['brackets in a text', `"${'['.repeat(50)}"`, false],
    ['brackets after an escaped quote', `"\\"${'['.repeat(50)}"`, false],
    ['brackets after an escaped backslash', `["\\\\",${'['.repeat(50)}${']'.repeat(50)}]`, true],
    ['a broken text', `${'['.repeat(5)}"${'['.repeat(50)}`, false],
  ])('is not led astray by %s', (_, text, isDeeper) => {
    expect(isDeeperThan(10, text)).toBe(isDeeper);
  });
});
