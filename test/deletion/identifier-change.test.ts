import { describe, expect, it } from '@jest/globals';
import { identifierChange, type Exchange } from '../../src/deletion/guards.js';

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('identifierChange', () => {
  it.each<[string, Exchange, readonly [string, string] | null]>([
    ['nothing is due', { owned: 5, due: [], appeared: [] }, null],
    ['few of many are due', { owned: 100, due: names('a', 40), appeared: names('b', 40) }, null],
    ['nothing came instead', { owned: 10, due: names('a', 10), appeared: [] }, null],
    ['far fewer came', { owned: 10, due: names('a', 10), appeared: names('b', 7) }, null],
    ['far more came', { owned: 10, due: names('a', 10), appeared: names('b', 13) }, null],
    [
      'a prefix was added, and a few went for good',
      { owned: 10, due: names('api-', 10), appeared: [...names('x', 4), ...names('P-api-', 5)] },
      ['api-0', 'P-api-0'],
    ],
    [
      'a prefix was taken off',
      { owned: 3, due: ['P-web', 'P-api', 'P-shop'], appeared: ['shop', 'web', 'api'] },
      ['P-shop', 'shop'],
    ],
    [
      'the separator changed',
      { owned: 2, due: ['api-1', 'web-1'], appeared: ['web/1', 'api/1'] },
      ['api-1', 'api/1'],
    ],
    [
      'the case changed',
      { owned: 2, due: ['Web', 'Api'], appeared: ['api', 'web'] },
      ['Web', 'web'],
    ],
    [
      'nothing resembles anything',
      { owned: 2, due: ['{4}', '{5}'], appeared: ['web', 'api'] },
      ['{4}', 'web'],
    ],
  ])('when %s', (_, turnover, pair) => {
    const change = identifierChange(turnover);
    expect(change === null ? null : [change.before, change.now]).toEqual(pair);
  });
});
