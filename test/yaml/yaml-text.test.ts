import { describe, expect, it } from '@jest/globals';
import { columnAt, lineAt } from '../../src/yaml/excerpt.js';
import { openYaml } from '../../src/yaml/yaml-text.js';

/** `1:4 a value …`, as far as a text is refused. */
function faults(text: string): readonly string[] {
  const opened = openYaml(text);
  if (!('faults' in opened)) return [];
  return opened.faults.map(({ offset, reason }) =>
    offset === null ? reason : `${lineAt(text, offset)}:${columnAt(text, offset)} ${reason}`,
  );
}

function valueOf(text: string): unknown {
  const opened = openYaml(text);
  if ('faults' in opened) throw new Error(faults(text).join('\n'));
  return opened.value;
}

describe('openYaml', () => {
  it.each([
    ['nothing', '', null],
    ['comments alone', '# one\n# two\n', null],
    ['a document that is marked', '---\na: 1\n...\n', { a: 1 }],
    ['JSON, indented with tabs', '{\n\t"a": [\n\t\ttrue\n\t]\n}', { a: [true] }],
    ['lines of Windows', 'a: 1\r\nb: |\r\n  x\r\n  y\r\n', { a: 1, b: 'x\ny\n' }],
    ['words that YAML 1.1 took for booleans', 'a: yes\nb: Off', { a: 'yes', b: 'Off' }],
    [
      'anchors and merged keys',
      'a: &x { b: 1 }\nc: { <<: *x, d: 2 }',
      { a: { b: 1 }, c: { b: 1, d: 2 } },
    ],
    [
      'a list of merged keys',
      'a: &x {b: 1}\nc: &y {d: 2}\ne:\n  <<: [*x, *y]',
      { a: { b: 1 }, c: { d: 2 }, e: { b: 1, d: 2 } },
    ],
    [
      'types that JSON has',
      'a: !!str 1\nb: !!int "2"\nc: !!map {d: !!seq []}',
      { a: '1', b: 2, c: { d: [] } },
    ],
    ['keys that stand twice, of which the last counts', 'a: 1\na: 2', { a: 2 }],
  ])('reads %s', (_, text, value) => {
    expect(valueOf(text)).toEqual(value);
  });

  it.each<[string, readonly string[]]>([
    ['a:\n\tb: 1', ['2:1 this line is indented with a tab; YAML wants spaces']],
    ['a: b: c', ['1:4 two keys stand on one line; quote a value that holds a colon']],
    ['a: b\n   c: d', ['1:4 the line below this one is indented too far']],
    ['a:\n   b: 1\n  c: 2', ['3:1 the indentation does not fit the lines above']],
    ['a: [1, 2', ['1:4 a bracket or brace that opens here is not closed']],
    ['a: {b: [1\nc: 2', ['1:4 a bracket or brace that opens here is not closed']],
    ['a: "b\nc: d', ['1:4 a quote opens here that is not closed']],
    ["a: 'b\n", ['1:4 a quote opens here that is not closed']],
    ['a: "b" + .c', ['1:8 something follows a value that has ended: quote all of it']],
    ['a: | b\n  c', ['1:6 what follows a | or > has to begin on the next line']],
    ['{"a": 1,, "b": 2}', ['1:9 a comma stands here that separates nothing']],
    ['{"a": 1 "b": 2}', ['1:7 a comma is missing between two members']],
    ['a: @base64', ['1:4 a value begins with a sign that YAML reserves; put it in quotes']],
    ['a: !b', ['1:4 a value begins with !; put it in quotes']],
    ['a: "\\q"', ['1:5 a backslash in double quotes is not understood; use single quotes']],
    ['a\nb: 1', ['1:1 this line has no colon']],
    [
      '```yaml\na: 1\n```',
      [
        '1:1 a line of Markdown stands here; remove it',
        '3:1 a line of Markdown stands here; remove it',
      ],
    ],
    ['a: 1\n---\nb: 2', ['2:1 a second document begins (---); only one can be used']],
    ['a: *b', ['1:4 a value begins with * and names no anchor above; put it in quotes']],
    ['a: &x\n  b: *x', ['2:6 an anchor holds itself']],
    ['a: {{ b }}', ['1:5 a key is a list or an object; put the value in quotes']],
    ['a:\n\u00a0\u00a0b: 1', ['2:1 this line begins with spaces of a web page; type plain ones']],
    ['a: b\ufffd', ['1:5 a character here is not UTF-8; save the file as UTF-8']],
    ['a: -.inf', ['1:4 this number has no place in JSON; put it in quotes']],
    ['a: !!set {b, c}', ['1:10 !!set is a type that JSON does not have; leave it out']],
    ['a: !!omap [b: 1]', ['1:11 !!omap is a type that JSON does not have; leave it out']],
    ['a: !!pairs [b: 1]', ['1:12 !!pairs is a type that JSON does not have; leave it out']],
    ['a: !!binary aGk=', ['1:13 !!binary is a type that JSON does not have; leave it out']],
    [
      '!!timestamp 2020-01-01: 1',
      ['1:13 !!timestamp is a type that JSON does not have; leave it out'],
    ],
    ['a: {<<: 5}', ['merges (<<) something that is no object']],
    ['a\0:\0', ['is not UTF-8 text, but perhaps UTF-16: save it as UTF-8']],
  ])('refuses %j', (text, expected) => {
    expect(faults(text)).toEqual(expected);
  });

  it('takes a character that is not UTF-8 in a comment', () => {
    expect(faults('a: 1 # caf\ufffd')).toEqual([]);
  });

  it('refuses aliases that are there to use up memory', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      const aliases = Array.from({ length: 10 }, () => `*a${level - 1}`);
      lines.push(`a${level}: &a${level} [${aliases.join(', ')}]`);
    }
    expect(faults(lines.join('\n'))).toEqual(['uses its anchors more often than a text needs']);
  });

  it('survives a text that is nested without end', () => {
    expect(faults('['.repeat(50_000))).toHaveLength(1);
    expect(faults('a: '.repeat(5) + '{a: '.repeat(50_000))).not.toEqual([]);
  });
});
