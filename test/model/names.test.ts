import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { referenceKey } from '../../src/model/entity.js';
import { resourceName } from '../../src/model/resource.js';

describe('resourceName', () => {
  const all = [
    { index: 0, kind: 'repository' },
    { index: 1, kind: 'pull-request' },
    { index: 2, kind: 'pull-request' },
  ];

  it('is the kind where that is enough', () => {
    expect(resourceName({ index: 0, kind: 'repository' }, all)).toBe('repository');
    expect(resourceName({ index: 2, kind: 'pull-request' })).toBe('pull-request');
  });

  it('names the position, from 1, of one of several', () => {
    expect(resourceName({ index: 2, kind: 'pull-request' }, all)).toBe('pull-request (resource 3)');
  });

  it('tells the twelfth from the second', () => {
    const twelve = Array.from({ length: 12 }, (_, index) => ({ index, kind: 'user' }));
    expect(new Set(twelve.map((resource) => resourceName(resource, twelve))).size).toBe(12);
  });
});

describe('referenceKey', () => {
  it('differs where blueprint or identifier differ', () => {
    const word = fc.stringMatching(/^[a-z0-9@_.:\\/=-]{1,12}$/u);
    const reference = fc.record({ blueprint: word, identifier: word });
    fc.assert(
      fc.property(reference, reference, (one, other) => {
        const isSame = one.blueprint === other.blueprint && one.identifier === other.identifier;
        expect(referenceKey(one) === referenceKey(other)).toBe(isSame);
      }),
    );
    expect(referenceKey({ blueprint: 'ab', identifier: 'c' })).not.toBe(
      referenceKey({ blueprint: 'a', identifier: 'bc' }),
    );
  });
});
