import { describe, expect, it } from '@jest/globals';
import { parseCodeOwners } from '../../../src/source/files/code-owners.js';
import { at } from '../cloud/a-cloud.js';

function parsed(...lines: readonly string[]): unknown {
  const result = parseCodeOwners('CODEOWNERS', lines.join('\n'));
  return result.ok ? result.value : result.reason;
}

/** Pattern and owners of each rule. */
function rulesOf(...lines: readonly string[]): readonly string[] {
  const rules = at(parsed(...lines), 'rules');
  if (!Array.isArray(rules)) throw new TypeError('no rules');
  return rules.map((rule: unknown) =>
    [at(rule, 'line'), at(rule, 'section'), at(rule, 'pattern'), at(rule, 'owners')]
      .flat()
      .filter((part) => part !== null)
      .map(String)
      .join(' '),
  );
}

describe('a line of code owners', () => {
  it.each<[string, string, object]>([
    ['a user', '* @jdoe', { users: ['jdoe'] }],
    ['an address', '* jdoe@example.com', { emails: ['jdoe@example.com'] }],
    ['an address after an at sign', '* @jdoe@example.com', { emails: ['jdoe@example.com'] }],
    ['a group of a workspace', '* @acme/backend', { groups: ['backend'] }],
    [
      'some of a group',
      '* @acme/backend:random(2)',
      { groups: ['backend'], owners: ['@acme/backend'] },
    ],
    ['a team', '* @teams/web:least_busy(1)', { groups: ['web'] }],
    ['a reviewer group', String.raw`* @reviewer-group/Web\\ Team`, { groups: ['Web Team'] }],
    ['a group of the add-on', '* @@"Web Team" @@web', { groups: ['Web Team', 'web'] }],
    ['somebody with a space', '* @"Jane Doe"', { users: ['Jane Doe'] }],
    ['nobody by an at sign', '* @ @@ / @/ @a', { users: ['a'], groups: [] }],
    ['several, each once', '*\t@a  @b @a', { users: ['a', 'b'] }],
  ])('may name %s', (_, line, expected) => {
    expect(at(parsed(line), 'default')).toMatchObject(expected);
  });

  it.each<[string, string, string]>([
    ['spaces', '"my docs/*" @a', '1 my docs/* @a'],
    ['escaped spaces', String.raw`my\ docs/* @a`, '1 my docs/* @a'],
    ['an escaped hash sign', String.raw`\#a @a`, '1 #a @a'],
    ['a comment', '*.js @a # @b', '1 *.js @a'],
    ['a hash sign inside', 'a#b @a#c', '1 a#b @a#c'],
    ['nobody', 'docs/', '1 docs/'],
    ['an exclusion', '!docs/ @a', '1 docs/'],
    ['carriage returns', '*.js @a\r', '1 *.js @a'],
  ])('may hold %s', (_, line, expected) => {
    expect(rulesOf(line)).toEqual([expected]);
  });

  it.each([
    ['a comment', '# * @a'],
    ['nothing', '  '],
    ['a setting', 'CODEOWNERS.toplevel.assignment_routing random 2'],
    ['a check', 'Check(@@seniors >= 1)'],
  ])('is no rule where it is %s', (_, line) => {
    expect(rulesOf(line)).toEqual([]);
  });
});

describe('code owners', () => {
  it('are those of the last rule that matches', () => {
    expect(rulesOf('*.js @a', '* @b', 'docs/ @c', 'src/ @d', 'docs/ @e')).toEqual([
      '2 * @b',
      '4 src/ @d',
      '5 docs/ @e',
    ]);
    expect(parsed('*.js @a', '* @b', 'docs/ @c')).toMatchObject({
      path: 'CODEOWNERS',
      default: { owners: ['@b'] },
      users: ['b', 'c'],
    });
    expect(parsed('*.js @a')).toMatchObject({ default: null, users: ['a'] });
  });

  it('have sections with owners of their own', () => {
    expect(
      rulesOf('* @a', '[Docs][2] @writers', '*.md', 'x.md @b', '^[Data]', '*.sql', '* @c'),
    ).toEqual(['1 * @a', '3 Docs *.md @writers', '4 Docs x.md @b', '7 Data * @c']);
  });

  it('may define groups', () => {
    expect(parsed('@@@Web @a b@example.com @@Other', '*.js @@Web')).toMatchObject({
      definedGroups: { Web: { users: ['a'], emails: ['b@example.com'], groups: ['Other'] } },
      groups: ['Web', 'Other'],
      users: ['a'],
    });
  });

  it.each([
    ['a longer line', `* ${'@a '.repeat(2_000)}`, 'line 1: longer than 4096 characters'],
    ['more owners', `* ${'@a '.repeat(201)}`, 'line 1: more than 200 owners'],
    ['more rules', '*.js @a\n'.repeat(5_001), 'line 5001: more than 5000 rules'],
  ])('are not used with %s than anybody writes', (_, text, reason) => {
    expect(parsed(text)).toBe(reason);
  });

  it.each(['[', '^[', '[]', '"', '\\', '@', '@@', '@@@', '!', '* @', '* @@', '* /', '\0 \u{feff}'])(
    'take %j as they come',
    (text) => {
      expect(parseCodeOwners('CODEOWNERS', text).ok).toBe(true);
    },
  );

  it('are read once, however they are written', () => {
    const hostile = ['['.repeat(4_000), '"'.repeat(4_000), '\\'.repeat(4_000), ':all('.repeat(800)];
    const text = Array.from({ length: 60 }, () => hostile.join('\n')).join('\n');
    expect(parseCodeOwners('CODEOWNERS', text).ok).toBe(true);
  });
});
