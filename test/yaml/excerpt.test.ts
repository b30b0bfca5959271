import { describe, expect, it } from '@jest/globals';
import { excerptAt } from '../../src/yaml/excerpt.js';

describe('excerptAt', () => {
  it('gives the line, and the place in it', () => {
    expect(excerptAt('a: 1\r\nbc: x\r\n', 10)).toEqual({
      line: 2,
      column: 5,
      text: 'bc: x',
      caret: 4,
    });
    expect(excerptAt('\na', 0)).toEqual({ line: 1, column: 1, text: '', caret: 0 });
    expect(excerptAt('ab', 2)).toEqual({ line: 1, column: 3, text: 'ab', caret: 2 });
  });

  it('writes out what a terminal would act on, and tabs', () => {
    expect(excerptAt('\t\u001b[31m\u202ex', 7)).toEqual({
      line: 1,
      column: 8,
      text: '\\t\\u001b[31m\\u202ex',
      caret: 18,
    });
  });

  it('keeps what is near the place of a very long line', () => {
    const excerpt = excerptAt(`${'a'.repeat(10_000)}!${'b'.repeat(10_000)}`, 10_000);
    expect(excerpt).toMatchObject({ column: 10_001, caret: 500 });
    expect(excerpt?.text).toBe(`${'a'.repeat(500)}!${'b'.repeat(499)}`);
  });

  it.each([
    'PORT_CLIENT_SECRET=abc',
    'clientSecret: abc',
    '{"bitbucketPassword": "abc"}',
    'bitbucketToken:abc',
    "apiKey: 'abc'",
  ])('does not show %s', (line) => {
    expect(excerptAt(`a: 1\n${line}`, 6)).toBeNull();
  });

  it.each(['title: .token', 'secret:', 'query: .name == "token"'])('shows %s', (line) => {
    expect(excerptAt(line, 0)?.text).toBe(line);
  });
});
