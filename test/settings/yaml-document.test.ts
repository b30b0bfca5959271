import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../../src/settings/yaml-tree.js';

describe('a YAML document', () => {
  it.each([
    ['a: 1\na: 2', 'line 2, column 1: the same key stands twice, first in line 1'],
    ['a:\n\tb: 1', 'line 2, column 1: this line is indented with a tab; YAML wants spaces'],
    ['a: b: c', 'line 1, column 4: two keys stand on one line; quote a value that holds a colon'],
    ['a: [1', 'line 1, column 4: a bracket or brace that opens here is not closed'],
    [
      'a: @secret',
      'line 1, column 4: a value begins with a sign that YAML reserves; put it in quotes',
    ],
    ['a: !secret b', 'line 1, column 4: a value begins with !; put it in quotes'],
    [
      'a: *secret',
      'line 1, column 4: a value begins with * and names no anchor above; put it in quotes',
    ],
    [
      'a: "\\secret"',
      'line 1, column 5: a backslash in double quotes is not understood; use single quotes',
    ],
    ['a: 1\n---\nb: 2', 'line 2, column 1: a second document begins (---); only one can be used'],
    ['a: .nan', 'line 1, column 4: this number has no place in JSON; put it in quotes'],
  ])('%j is refused with its place and none of its text', (text, failure) => {
    expect(parseYaml(text)).toMatchObject({ failure });
  });

  it('gives single values as they were written beside what they mean', () => {
    const text = 'number: 0123\ntruth: yes\nfalse: False\nnothing: ~\ntext: "1"\nlist: [1e3, 0x1F]';
    expect(parseYaml(text)).toMatchObject({
      value: {
        number: 123,
        truth: 'yes',
        false: false,
        nothing: null,
        text: '1',
        list: [1000, 31],
      },
      texts: {
        number: '0123',
        truth: 'yes',
        false: 'False',
        nothing: null,
        text: '1',
        list: ['1e3', '0x1F'],
      },
    });
  });

  it('may be empty, JSON, or use anchors', () => {
    expect(parseYaml('# nothing')).toMatchObject({ value: null, texts: null });
    expect(parseYaml('{"a": [true]}')).toMatchObject({ value: { a: [true] } });
    expect(parseYaml('a: &x { b: 1 }\nc: { <<: *x, d: 2 }')).toMatchObject({
      value: { a: { b: 1 }, c: { b: 1, d: 2 } },
    });
  });
});
