import { describe, expect, it } from '@jest/globals';
import { parseFile } from '../../../src/source/files/parse-file.js';

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

function aliases(count: number, text: string): string {
  const uses = Array.from({ length: count }, (_, index) => `k${index}: *x`);
  return [`x: &x {a: ${text}}`, ...uses].join('\n');
}

describe('parsing a file', () => {
  it.each([
    ['a.json', '{"a":[1,null]}', { a: [1, null] }],
    ['A.JSON', ' 3\r\n', 3],
    ['a.yml', '', null],
    ['a.yml', '# nothing', null],
    ['a.yaml', '---\na: 1\n', { a: 1 }],
    ['a.yaml', 'a: 1\r\nb: x\r\n', { a: 1, b: 'x' }],
    ['a.yaml', 'a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['a.yaml', 'a: 1\n---\n', { a: 1 }],
    ['a.yaml', 'a: yes\nb: off\nc: y\nd: True\n', { a: true, b: false, c: 'y', d: true }],
    ['a.yaml', '1: a\nnull: b\n', { '1': 'a', '': 'b' }],
    ['a.yaml', 'a: 1\na: 2\n', { a: 2 }],
    ['a.yaml', 'a: &x {b: 1}\nc: {<<: *x, d: 2}\n', { a: { b: 1 }, c: { b: 1, d: 2 } }],
    ['a.yaml', 'a: 2024-05-01', { a: '2024-05-01' }],
    ['a.yaml', 'a: 2024-5-1', { a: '2024-05-01' }],
    ['a.yaml', 'a: 2024-05-01T10:00:00Z', { a: '2024-05-01T10:00:00Z' }],
    ['a.yaml', 'a: 2024-05-01 10:00:00', { a: '2024-05-01T10:00:00Z' }],
    ['a.yaml', 'a: 2001-12-14t21:59:43.10-05:00', { a: '2001-12-14T21:59:43.10-05:00' }],
    ['a.yaml', 'a: 2001-12-14 21:59:43.10 -5', { a: '2001-12-14T21:59:43.10-05:00' }],
    ['a.yaml', 'a: "2024-05-01 10:00:00"', { a: '2024-05-01 10:00:00' }],
    ['a.yaml', 'a: !!set {x, y}', { a: { x: null, y: null } }],
    ['a.yaml', 'a: !Ref Thing\n', { a: 'Thing' }],
  ])('reads %s %j as %j', (path, text, value) => {
    expect(parseFile(path, text)).toEqual({ ok: true, value });
  });

  it('takes an alias as often as people use one', () => {
    const parsed = parseFile('a.yml', aliases(500, 'x'));
    expect(parsed).toMatchObject({ ok: true, value: { k499: { a: 'x' } } });
  });

  it('takes what is nested as deep as anybody writes', () => {
    expect(parseFile('a.json', nested(200)).ok).toBe(true);
  });

  const bomb = ['a0: &a0 [x]'];
  for (let level = 1; level < 12; level += 1) {
    bomb.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  }

  it.each([
    ['deep JSON', 'a.json', nested(201), 'not usable JSON: nested more than 200 levels deep'],
    [
      'endless JSON',
      'a.json',
      nested(100_000),
      'not usable JSON: nested more than 200 levels deep',
    ],
    ['deep YAML', 'a.yml', nested(201), 'not usable YAML: nested more than 200 levels deep'],
    ['endless YAML', 'a.yml', nested(100_000), 'not usable YAML: nested more than 200 levels deep'],
    [
      'endless YAML of blocks',
      'a.yml',
      '- '.repeat(100_000),
      'not usable YAML: nested more than 200 levels deep',
    ],
    ['YAML that holds itself', 'a.yml', '&a [*a, *a]', /^not usable YAML: /],
    [
      'many aliases in a long file',
      'a.yml',
      aliases(3_000, 'x'.repeat(10_000)),
      'not usable YAML: too many aliases for its length',
    ],
    [
      'aliases of a long text',
      'a.yml',
      aliases(50, 'x'.repeat(200_000)),
      'not usable YAML: larger than 8 MiB with what it refers to',
    ],
    [
      'aliases of aliases',
      'a.yml',
      bomb.join('\n'),
      'not usable YAML: larger than 8 MiB with what it refers to',
    ],
  ])('refuses %s before it costs much', (_, path, text, reason) => {
    const parsed = parseFile(path, text);
    expect(parsed).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  it.each([
    ['a.json', '', 'an empty file, which is not JSON'],
    ['a.json', '{', /^not valid JSON: /],
    ['a.json', '// c\n{}', /^not valid JSON: /],
    ['a.yml', 'a: [1', /^not valid YAML: /],
    ['a.yml', 'a: b: c', /^not valid YAML: /],
    ['README.md', '# Hi', /set files\.skipParsing to true/],
    ['CODEOWNERS', '*', /set files\.skipParsing to true/],
  ])('gives no value for %s %j', (path, text, reason) => {
    const parsed = parseFile(path, text);
    expect(parsed).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    expect(JSON.stringify(parsed).length).toBeLessThan(250);
  });
});
