import { describe, expect, it } from '@jest/globals';
import { createRouter } from '../../src/sandbox/path-router.js';

const routes = [
  { path: '/repos' },
  { path: '/repos/{slug}' },
  { path: '/repos/{slug}/src/{path}' },
];
const strict = createRouter(routes, { encodedSlashParts: false, emptyRest: false });
const loose = createRouter(routes, { encodedSlashParts: true, emptyRest: true });

function found(router: typeof strict, path: string): unknown {
  const match = router(path);
  return match === undefined ? undefined : [match.route.path, Object.fromEntries(match.parameters)];
}

describe('a path', () => {
  it.each([
    ['/repos', ['/repos', {}]],
    ['/repos/a%20b', ['/repos/{slug}', { slug: 'a b' }]],
    ['/repos/a/src/b/c.md', ['/repos/{slug}/src/{path}', { slug: 'a', path: 'b/c.md' }]],
    ['/repos/', undefined],
    ['/other', undefined],
    ['/repos/a/b', undefined],
    ['/repos/%E0%A4%A', undefined],
  ])('finds its route, whatever the rules: %s', (path, expected) => {
    expect(found(strict, path)).toEqual(expected);
    expect(found(loose, path)).toEqual(expected);
  });

  it('may have an encoded slash inside of a segment, or parted by it', () => {
    expect(found(strict, '/repos/a%2Fb')).toEqual(['/repos/{slug}', { slug: 'a/b' }]);
    expect(found(loose, '/repos/a%2Fsrc%2Fb')).toEqual([
      '/repos/{slug}/src/{path}',
      { slug: 'a', path: 'b' },
    ]);
  });

  it('may end in a slash where the rest may be empty', () => {
    expect(found(strict, '/repos/a/src/')).toBeUndefined();
    expect(found(loose, '/repos/a/src/')).toEqual([
      '/repos/{slug}/src/{path}',
      { slug: 'a', path: '' },
    ]);
  });
});
