import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jqTokens } from '../../src/mapping/jq-tokens.js';

describe('jqTokens', () => {
  it.each([
    ['.a.b|c', ['.a', '.b', '|', 'c']],
    ['  # none\n .a # more', ['.a']],
    ['.a//"b" //= 1.5e3', ['.a', '//', '"b"', '//=', '1.5e3']],
    ['. as [$x] ?// $__loc__', ['.', 'as', '[', '$x', ']', '?//', '$__loc__']],
    ['lib::f(.; ..) != @base64 "a"', ['lib::f', '(', '.', ';', '..', ')', '!=', '@base64', '"a"']],
    ['"a \\" \\(.b | "\\(.c) )") d" | .e', ['"a \\" \\(.b | "\\(.c) )") d"', '|', '.e']],
    ['.a | "open # \\(1', ['.a', '|', '"open # \\(1']],
    ["'x'", ["'", 'x', "'"]],
    ['', []],
    ['# only', []],
  ])('takes %j apart', (program, tokens) => {
    expect(jqTokens(program).map(({ text }) => text)).toEqual(tokens);
  });

  it('leaves out nothing but white space and comments', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (program) => {
        const tokens = jqTokens(program);
        let at = 0;
        for (const { text, start, end } of tokens) {
          expect(program.slice(at, start)).toMatch(/^(?:\s|#[^\n]*)*$/u);
          expect(program.slice(start, end)).toBe(text);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(program.slice(at)).toMatch(/^(?:\s|#[^\n]*)*$/u);
      }),
    );
  });
});
