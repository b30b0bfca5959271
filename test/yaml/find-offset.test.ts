import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { duplicateKeys, findOffset, type DocumentPath } from '../../src/yaml/find-offset.js';
import { columnAt, lineAt } from '../../src/yaml/excerpt.js';
import { onlyMember } from '../../src/settings/read-referenced.js';
import { openYaml, type YamlText } from '../../src/yaml/yaml-text.js';

function opened(text: string): YamlText {
  const yaml = openYaml(text);
  if ('faults' in yaml) throw new Error(JSON.stringify(yaml.faults));
  return yaml;
}

/** `2:5`, or null. */
function placeIn(text: string, place: DocumentPath): string | null {
  const offset = findOffset(opened(text), place);
  return offset === null ? null : `${lineAt(text, offset)}:${columnAt(text, offset)}`;
}

const TEXT = `base: &base
  title: .a
list:
  - kind: x
    merged:
      <<: *base
      empty:
      flow: { a: 1 }
      block:
        b: 2
    again: *base
`;

describe('findPlace', () => {
  it.each<[string, DocumentPath, string | null]>([
    ['a value', { path: ['list', 0, 'kind'], points: 'value' }, '4:11'],
    ['a key', { path: ['list', 0, 'kind'], points: 'key' }, '4:5'],
    ['a member of a list', { path: ['list', 0], points: 'value' }, '4:5'],
    ['a value in braces', { path: ['list', 0, 'merged', 'flow'], points: 'value' }, '8:13'],
    ['a value below its key', { path: ['list', 0, 'merged', 'block'], points: 'value' }, '9:7'],
    ['a key without a value', { path: ['list', 0, 'merged', 'empty'], points: 'value' }, '7:7'],
    ['what a merge brings in', { path: ['list', 0, 'merged', 'title'], points: 'value' }, '2:10'],
    ['what an alias stands for', { path: ['list', 0, 'again', 'title'], points: 'key' }, '2:3'],
    ['an alias', { path: ['list', 0, 'again'], points: 'value' }, '11:12'],
    ['the holder of what is missing', { path: ['list', 0, 'port'], points: 'value' }, '4:5'],
    ['the key of such a holder', { path: ['list', 0, 'merged', 'x'], points: 'value' }, '5:5'],
    ['nothing for the root', { path: [], points: 'value' }, null],
    ['nothing for what the root lacks', { path: ['resources'], points: 'value' }, null],
  ])('finds %s', (_, place, expected) => {
    expect(placeIn(TEXT, place)).toBe(expected);
  });

  it.each([
    ['a: .b | c', 5, '1:9'],
    ["a: 'it''s .b'", 5, '1:11'],
    ['a: "\\"x\\" | .b"', 6, '1:13'],
    ['a: "\\u0041\\n.b"', 2, '1:13'],
    ['a: |\n  .b\n  | .c', 5, '3:5'],
    ['a: |2\n    .b\n  .c', 3, '2:6'],
    ['a: >-\n  .b\n  | .c\n\n  | .d', 6, '3:6'],
    ['a: .b\n  | .c', 5, '2:5'],
    ['a: "x\\\n  y"', 1, '2:3'],
    // Behind the end: where something is missing.
    ['a: .b |   # comment', 4, '1:8'],
    ['a: |\n  .b |\n\nc: 1', 5, '2:7'],
    ['a: "b"', 1, '1:6'],
    ['a: 12', 1, '1:4'],
  ])('finds a character inside of %j', (text, offset, expected) => {
    expect(placeIn(text, { path: ['a'], points: 'value', offset })).toBe(expected);
  });

  it('finds the very character, however a text is written', () => {
    const styles = [
      'PLAIN',
      'QUOTE_SINGLE',
      'QUOTE_DOUBLE',
      'BLOCK_LITERAL',
      'BLOCK_FOLDED',
    ] as const;
    const letter = fc.constantFrom('.', 'a', '|', ' ', '"', "'", '\\', '\n', '(', 'é', '#', ':');
    fc.assert(
      fc.property(
        fc.array(letter, { minLength: 1 }),
        fc.constantFrom(...styles),
        (letters, style) => {
          const value = letters.join('');
          const text = stringify({ x: { a: value } }, { defaultStringType: style, lineWidth: 20 });
          const yaml = opened(text);
          for (const [offset, character] of letters.entries()) {
            if (/[\s"\\]/u.test(character)) continue;
            const found = findOffset(yaml, { path: ['x', 'a'], points: 'value', offset });
            expect(text[found ?? -1]).toBe(character);
          }
        },
      ),
    );
  });
});

describe('duplicateKeys', () => {
  it('finds every key that stands twice in one object, below a place', () => {
    const yaml = opened('a: 1\na: 2\nm:\n  b: {c: 1, c: 2}\n  b: 3\n  <<: {x: 1}\n  <<: {y: 1}\n');
    const lines = (below: readonly string[]): unknown =>
      duplicateKeys(yaml, below).map(({ key, first, offset }) => [
        key,
        lineAt(yaml.text, first),
        lineAt(yaml.text, offset),
      ]);
    expect(lines([])).toEqual([
      ['a', 1, 2],
      ['b', 4, 5],
      ['c', 4, 4],
    ]);
    expect(lines(['m'])).toEqual([
      ['b', 4, 5],
      ['c', 4, 4],
    ]);
    expect(lines(['nowhere'])).toEqual([]);
  });
});

describe('onlyMember', () => {
  it('keeps a member in its place, and nothing of what is around it', () => {
    const text = 'secret: s\n\n# about it\nmapping: # here\n  a: 1\nmore: s\n';
    expect(onlyMember(text, 'mapping')).toBe('\n\n\nmapping: # here\n  a: 1\n');
    expect(onlyMember('  x: s\n  mapping: 1\n', 'mapping')).toBe('\n  mapping: 1\n');
  });

  it.each(['{"secret": 1, "mapping": {}}', 'other: 1', 'a: [', '- mapping', ''])(
    'gives nothing of %j',
    (text) => {
      expect(onlyMember(text, 'mapping')).toBeNull();
    },
  );
});
