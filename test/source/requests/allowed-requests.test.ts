import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AllowedRequests } from '../../../src/source/requests/allowed-requests.js';
import { pathSegments, patternSegments, takesPath } from '../../../src/source/requests/asked.js';

const takes = (pattern: string, path: string): boolean =>
  takesPath([pattern], pathSegments(path) ?? []);

describe('a path of a mapping', () => {
  it.each([
    'rest/api/latest/projects',
    '/repositories/{workspace}/{repository}/hooks',
    'rest/x_y/1.0/a-b/~user',
    '{project}',
  ])('may be %s', (path) => {
    expect(pathSegments(path)).not.toBeNull();
  });

  it.each([
    '',
    '/',
    '//evil.example/x',
    '/\\evil.example/x',
    'https://evil.example/x',
    'https:evil.example',
    'rest//api',
    'rest/api/',
    '.',
    '..',
    '../x',
    'rest/../secret',
    'rest/./api',
    'rest/%2e%2e/secret',
    'rest/%2E./secret',
    'rest/a%2fb',
    'rest/a\\..\\b',
    'rest\\api',
    'rest/a;b=c',
    'rest/a?b=c',
    'rest/a#b',
    'a@evil.example',
    'rest/a b',
    'rest/\tapi',
    'rest/api\n',
    'rest/\u0000',
    'rest/\u2024\u2024/x',
    'rest/ｅvil',
    'rest/{owner}',
    'rest/{repository',
    'rest/{{repository}}',
    'rest/x{repository}',
    'rest/{repository}.json',
    'rest/{repository}{project}',
    'rest/*',
    `rest/${'a'.repeat(2_000)}`,
  ])('may not be %j', (path) => {
    expect(pathSegments(path)).toBeNull();
  });
});

describe('a pattern of the setting', () => {
  it.each(['a/*/b', 'a/**', '**', '**/b', 'a-*/x*y*z', 'a/{repository}/**', '/a'])(
    'may be %s',
    (pattern) => {
      expect(patternSegments(pattern)).not.toBeNull();
    },
  );

  it.each(['', 'a//b', 'a/', '../a', 'a/..', 'a**', 'a/**b', '[ab]', 'a?', '{a,b}', 'a/%2e', '!a'])(
    'may not be %j',
    (pattern) => {
      expect(patternSegments(pattern)).toBeNull();
    },
  );

  it.each([
    // The pattern, a path that it takes, and paths that it does not.
    ['a/b', ['a/b'], ['a', 'a/b/c', 'A/b', 'a/bb']],
    ['a/*', ['a/b', 'a/{repository}'], ['a', 'a/b/c']],
    ['a/*/c', ['a/b/c', 'a/{project}/c'], ['a/c', 'a/b/b/c']],
    ['a/b*', ['a/b', 'a/bcd'], ['a/cb', 'a/{repository}']],
    ['a/*b*d', ['a/bd', 'a/abcd'], ['a/db', 'a/b', 'a/d']],
    ['a/bb*b', ['a/bbb', 'a/bbxb'], ['a/bb', 'a/b']],
    ['a/**', ['a', 'a/b', 'a/b/c', 'a/{project}/c'], ['b', 'ab']],
    ['a/**/z', ['a/z', 'a/b/z', 'a/z/z', 'a/b/c/z'], ['a/b', 'a/zz', 'z']],
    ['**/b/**/c', ['b/c', 'a/b/c', 'b/b/c/c'], ['c/b', 'a/b', 'b']],
    ['**', ['a', 'a/b/{workspace}'], []],
    ['a/{repository}', ['a/{repository}'], ['a/{project}', 'a/secret', 'a/*']],
  ] as const)('%s takes what it says', (pattern, taken, others) => {
    expect(taken.filter((path) => !takes(pattern, path))).toEqual([]);
    expect(others.filter((path) => takes(pattern, path))).toEqual([]);
  });

  it('takes no time for many stars', () => {
    const pattern = Array.from({ length: 60 }, () => '**/a').join('/');
    expect(takes(pattern, Array.from({ length: 900 }, () => 'a').join('/'))).toBe(true);
    expect(takes(`${pattern}/b`, Array.from({ length: 900 }, () => 'a').join('/'))).toBe(false);
    expect(takes(`x${'*a'.repeat(900)}`, `x${'a'.repeat(899)}`)).toBe(false);
  });
});

const base = 'https://bitbucket.example/context';
const allowed = new AllowedRequests(
  ['rest/*/latest/projects/{project}/repos/{repository}/restrictions', 'rest/open/**'],
  base,
  'rest',
);
const restrictions =
  pathSegments('rest/api/latest/projects/{project}/repos/{repository}/restrictions') ?? [];

describe('an address', () => {
  it.each([
    [{ project: 'PAY', repository: 'api' }, 'PAY/repos/api'],
    [{ project: '~ana', repository: 'a b' }, '~ana/repos/a%20b'],
    [{ project: 'PAY', repository: '{1-2}' }, 'PAY/repos/%7B1-2%7D'],
    [{ project: 'PAY', repository: 'ä' }, 'PAY/repos/%C3%A4'],
  ])('is made of %j', (values, written) => {
    expect(allowed.url(restrictions, values)?.href).toBe(
      `${base}/rest/api/latest/projects/${written}/restrictions`,
    );
  });

  it.each([
    {},
    { project: 'PAY' },
    { project: 'PAY', repository: '' },
    ...[
      '.',
      '..',
      '%2e%2e',
      'a/b',
      '/x',
      '\\',
      'a\\..\\..',
      'a%2fb',
      'a?b',
      'a#b',
      'a;b',
      '\n',
    ].map((repository) => ({ project: 'PAY', repository })),
  ])('is never made of %j', (values) => {
    expect(allowed.url(restrictions, values)).toBeNull();
  });

  it.each([
    `${base}/rest/open`,
    `${base}/rest/open/a/b?x=1`,
    `${base}/rest/open/%7Ba%7D`,
    `${base}/rest/api/latest/projects/X/repos/other/restrictions`,
  ])('of a next page may be %s', (url) => {
    expect(allowed.allows(new URL(url))).toBe(true);
  });

  it.each([
    'http://bitbucket.example/context/rest/open/a',
    'https://bitbucket.example:444/context/rest/open/a',
    'https://evil.example/context/rest/open/a',
    'https://user:password@bitbucket.example/context/rest/open/a',
    'https://bitbucket.example/rest/open/a',
    'https://bitbucket.example/contextrest/open/a',
    `${base}/login`,
    `${base}/rest/open/../admin`,
    `${base}/rest/open/%2e%2e/admin`,
    `${base}/rest/open/a%2f..%2f..%2fadmin`,
    `${base}/rest/open/a%5c..%5cadmin`,
    `${base}/rest/open/..;/admin`,
    `${base}/rest/open/a;x=1`,
    `${base}/rest/open/%252e%252e/admin`,
    `${base}/rest/open/%E0%A4%A/x`,
    `${base}/rest/open/`,
    `${base}/rest/open//a`,
    `${base}/rest/open/${'a'.repeat(2_000)}`,
    `${base}/rest/api/latest/projects/X/repos/other/hooks`,
  ])('of a next page may not be %s', (url) => {
    expect(allowed.allows(new URL(url))).toBe(false);
  });
});

const pieces = [
  ...['a', 'b', 'rest', 'admin', 'repos', '.', '..', '...', '', ' ', '/', '//', '\\', '%', '%2e'],
  ...['%2f', '%5C', '%00', '?', '#', ';', '@', ':', 'https:', '{repository}', '{project}', '*'],
  ...['\t', '\n', '\u0000', '~', '-', '_', 'ä', '\ud800', '\u202e', '．', '／', '+', '&', '='],
];

/** Whether a URL leads below the base to what a pattern takes, told by a regular expression of its own. */
function isInside(url: URL, patterns: readonly string[]): boolean {
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split('/').map((part) => {
      if (part === '**') return '(?:/[^/]+)*';
      const text = part.replace(/[.~-]/gu, '\\$&').replaceAll('*', '[^/]*');
      return `/${/^\{.*\}$/u.test(part) ? '[^/]+' : text}`;
    });
    return new RegExp(`^${parts.join('')}$`, 'u');
  });
  const below = decodeURIComponent(url.pathname.slice('/context'.length));
  return (
    url.href.startsWith(`${base}/`) &&
    below
      .split('/')
      .slice(1)
      .every((name) => !['', '.', '..'].includes(name)) &&
    expressions.some((expression) => expression.test(below))
  );
}

const plain = fc.constantFrom('a', 'b', 'rest', 'repos', '{repository}', '{project}');
const odd = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 3 })
  .map((some) => some.join(''));
const texts = fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: odd });
const paths = fc
  .tuple(
    fc.constantFrom('rest/', ''),
    fc.array(texts, { minLength: 1, maxLength: 5 }).map((some) => some.join('/')),
  )
  .map((some) => some.join(''));
const patterns = fc.subarray([
  'rest/a/**',
  'rest/*/b',
  'rest/{project}/repos/{repository}',
  'rest/**/a*',
]);
const given = fc.record({ patterns, path: paths, project: texts, repository: texts });

it('is never outside of the patterns, whatever a mapping and Bitbucket say', () => {
  let letThrough = 0;
  fc.assert(
    fc.property(given, ({ patterns: some, path, ...values }) => {
      const rules = new AllowedRequests(some, base, 'rest');
      const written = pathSegments(path);
      const made = written === null ? null : rules.url(written, values);
      const named = URL.canParse(`${base}/${path}`) ? new URL(`${base}/${path}`) : null;
      const passed = named !== null && rules.allows(named) ? named : null;
      letThrough += (made === null ? 0 : 1) + (passed === null ? 0 : 1);
      return [made, passed].every((url) => url === null || isInside(url, some));
    }),
    { numRuns: 10_000, seed: 20 },
  );
  // Enough of them are let through that it says something.
  expect(letThrough).toBeGreaterThan(200);
});
