import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBalanced } from '../../../src/mapping/engine/protocol.js';

describe('isBalanced', () => {
  it.each([
    '',
    '([{}])',
    '"("',
    '"a \\(.b) c"',
    '"\\("nested \\(1)")"',
    '"\\\\"',
    '"\\""',
    '.a # ) ] }',
    '# "\n.a',
    '{"a": "}"}',
  ])('holds for %j', (expression) => {
    expect(isBalanced(expression)).toBe(true);
  });

  it.each([
    ')',
    '(',
    '(]',
    '.a) , (.b',
    '"open',
    '"\\("',
    '"\\(1"',
    '"a" ")',
    '.a # (\n)',
    // A comment to some versions of jq, code to the others.
    '.a # \\\n) | (',
  ])('does not hold for %j', (expression) => {
    expect(isBalanced(expression)).toBe(false);
  });

  it('holds for what is put together from balanced parts', () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('.a', '"text"', '")"', '"\\\\"', '1 # )\n'),
        tie('expression').map((inner) => `(${inner})`),
        tie('expression').map((inner) => `[${inner}]`),
        tie('expression').map((inner) => `"a\\(${inner})b"`),
        fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a}|${b}`),
      ),
    }));
    fc.assert(
      fc.property(expression, (text) => {
        expect(isBalanced(text)).toBe(true);
        expect(isBalanced(`${text})`)).toBe(false);
        expect(isBalanced(`[${text}`)).toBe(false);
      }),
    );
  });
});
