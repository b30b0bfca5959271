import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffLines, withContext } from '../../src/report/line-diff.js';

const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });

describe('diffLines', () => {
  it('gives both texts back', () => {
    fc.assert(
      fc.property(text, text, (old, next) => {
        const lines = diffLines(old, next);
        const without = (sign: '+' | '-'): string[] =>
          lines.filter((line) => line.sign !== sign).map((line) => line.text);
        expect(without('+')).toEqual(old);
        expect(without('-')).toEqual(next);
      }),
    );
  });

  it('finds no difference where there is none', () => {
    fc.assert(
      fc.property(text, (old) => {
        expect(diffLines(old, old).every(({ sign }) => sign === ' ')).toBe(true);
      }),
    );
  });

  it('keeps a line that stayed while those around it changed', () => {
    const signs = diffLines(['a', 'x', 'b'], ['c', 'x', 'd']).map(
      ({ sign, text: line }) => sign + line,
    );
    expect(signs).toEqual(['-a', '+c', ' x', '-b', '+d']);
  });
});

describe('withContext', () => {
  it('leaves out what is far from any difference', () => {
    const old = Array.from({ length: 20 }, (_, index) => String(index));
    const next = old.with(10, 'new');
    expect(withContext(diffLines(old, next)).map((line) => line?.text ?? null)).toEqual([
      null,
      '7',
      '8',
      '9',
      '10',
      'new',
      '11',
      '12',
      '13',
      null,
    ]);
  });
});
