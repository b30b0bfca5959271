import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { filter } from '../../../src/sandbox/cloud/bbql/filter.js';
import { count, type Fields } from '../../../src/sandbox/cloud/bbql/fields.js';
import { aCommit, aCompany, aMoment } from '../../world/a-company.js';
import { column, messageOf } from './a-cloud.js';
import { startsCloud } from './started.js';

const start = startsCloud();

const day = 86_400_000;
const company = aCompany()
  .withUser({ name: 'ana', displayName: 'Ana Pérez' })
  .withUser({ name: 'gone', active: false })
  .withRepository('PAY', 'api', {
    name: 'My "Repo" é',
    public: true,
    files: { 'README.md': '#', 'docs/a.md': 'aa', 'docs/b.yml': 'b' },
    branches: { 'feature/x': { files: {}, commit: aCommit({ id: 'f'.repeat(40) }) } },
  })
  .withRepository('WEB', 'site', { name: 'Site' })
  .withPullRequest('PAY', 'api', { title: 'Add (a) thing', author: 'ana', draft: true })
  .withPullRequest('PAY', 'api', {
    title: 'Fix it',
    state: 'MERGED',
    updatedDate: aMoment + day,
    reviewers: ['ana', 'gone'],
    from: { branch: 'fix/it', commit: 'a'.repeat(40) },
  })
  .withPullRequest('PAY', 'api', { state: 'DECLINED', author: 'gone' })
  .withPullRequest('PAY', 'api', { state: 'DECLINED', superseded: true })
  .build();

const pullRequests = '/repositories/acme/api/pullrequests';

function where(path: string, query: string): string {
  return `${path}?q=${encodeURIComponent(query)}`;
}

describe('pull requests', () => {
  it.each([
    ['state = "OPEN"', [1]],
    ['state="MERGED" OR state="SUPERSEDED"', [4, 2]],
    ['state IN ("DECLINED", "MERGED")', [3, 2]],
    ['state NOT IN ("DECLINED", "MERGED")', [4, 1]],
    ['state != "OPEN" AND title ~ "fix"', [2]],
    ['title !~ "FIX" AND NOT IN', null],
    ['title = "Add (a) thing"', [1]],
    ['draft = true', [1]],
    ['source.branch.name = "fix/it"', [2]],
    ['source.branch.name ~ "change-"', [4, 3, 1]],
    ['destination.branch.name = "main" AND draft = false', [4, 3, 2]],
    ['author.display_name = "Ana Pérez"', [1]],
    ['author.nickname != "ana"', [4, 3, 2]],
    ['author = null', [3]],
    ['reviewers.nickname = "ana"', [2]],
    ['reviewers = null', [4, 3, 1]],
    ['reviewers.nickname = "gone"', []],
    ['closed_by != null', [4, 2]],
    ['updated_on > 2025-05-21', [2]],
    ['updated_on >= 2025-05-21T12:37:29+00:00', [2]],
    ['updated_on > 2025-05-21T12:37:29+00:00', []],
    ['updated_on < "2025-05-21T00:00:00Z" and id >= 3', [4, 3]],
    ['id < 3 AND (draft = true OR state = "MERGED")', [2, 1]],
    ['id = 1 OR id = 2 AND draft = true', [1]],
  ])('where %s are %p', async (query, ids) => {
    const { get, rows, server } = await start({ company });
    if (ids === null) expect((await get(where(pullRequests, query))).status).toBe(400);
    else expect(column(await rows(where(pullRequests, query)), 'id')).toEqual(ids);
    expect(server.violations).toEqual([]);
  });

  it.each([
    ['', [1]],
    ['?state=MERGED', [2]],
    ['?state=OPEN&state=DECLINED', [3, 1]],
    ['?state=SUPERSEDED', [4]],
    ['?state=MERGED&q=id%3E0', [4, 3, 2, 1]],
    ['?q=id%3E0&sort=id', [1, 2, 3, 4]],
    ['?q=id%3E0&sort=-updated_on&pagelen=1', [2, 4, 3, 1]],
  ])('of %p are %p', async (query, ids) => {
    const { rows } = await start({ company });
    expect(column(await rows(`${pullRequests}${query}`), 'id')).toEqual(ids);
  });

  it.each([
    ['an open end', 'state ='],
    ['an open parenthesis', '(draft = true'],
    ['one parenthesis too many', 'draft = true)'],
    ['an open quote', 'title = "a'],
    ['single quotes', "title = 'a'"],
    ['a word that is none', 'state = OPEN'],
    ['nothing', ''],
    ['an unknown operator', 'title == "a"'],
    ['an unknown field', 'colour = "red"'],
    ['a field of every object', 'constructor = "a"'],
    ['participants', 'participants.nickname = "ana"'],
    ['a prefix that is only for fields', 'values.title = "a"'],
    ['text for a number', 'id = "1"'],
    ['a part of a date', 'updated_on ~ "2025"'],
    ['a day that never is', 'updated_on > 2025-13-45'],
    ['an order against null', 'updated_on > null'],
  ])('cannot be asked for with %s', async (_, query) => {
    const { get, server } = await start({ company });
    const got = await get(where(pullRequests, query));
    expect(got.status).toBe(400);
    expect(messageOf(got)).toMatch(/^Invalid query: /);
    expect(server.violations).toEqual([]);
  });

  it('cannot be sorted by what is unknown', async () => {
    const { get } = await start({ company });
    expect((await get(`${pullRequests}?sort=-colour`)).status).toBe(400);
  });
});

describe('other listings', () => {
  it.each([
    ['/repositories/acme', 'name = "My \\"Repo\\" é"', 'slug', ['api']],
    ['/repositories/acme', 'slug ~ "s"', 'slug', ['site']],
    ['/repositories/acme', 'project.key = "PAY"', 'slug', ['api']],
    ['/repositories/acme', 'is_private = true', 'slug', ['site']],
    ['/repositories/acme', 'parent = null AND size > 3', 'slug', ['api']],
    ['/repositories/acme', 'updated_on > 2025-05-20', 'slug', ['api', 'site']],
    ['/repositories/acme', 'created_on > 2025-05-20', 'slug', []],
    ['/workspaces/acme/projects', 'key = "WEB"', 'key', ['WEB']],
    ['/repositories/acme/api/refs/branches', 'name ~ "feature/"', 'name', ['feature/x']],
    ['/repositories/acme/api/src/main/', 'type = "commit_file"', 'path', ['README.md']],
  ])('of %s where %s', async (path, query, name, expected) => {
    const { rows } = await start({ company });
    expect(column(await rows(where(path, query)), name)).toEqual(expected);
  });

  it('of source are filtered at every depth', async () => {
    const { rows } = await start({ company });
    const path = `${where('/repositories/acme/api/src/main/', 'path ~ ".md"')}&max_depth=2`;
    expect(column(await rows(path), 'path')).toEqual(['README.md', 'docs/a.md']);
  });
});

describe('conditions', () => {
  const fields: Fields<number> = { n: count((row) => row) };

  it('mean what their parts mean', () => {
    const numbers = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(numbers, numbers, numbers, numbers, (row, a, b, c) => {
        const matches = filter(`n < ${a} OR n >= ${b} AND n != ${c}`, fields);
        expect(matches(row)).toBe(row < a || (row >= b && row !== c));
        const grouped = filter(`(n < ${a} OR n >= ${b}) AND n != ${c}`, fields);
        expect(grouped(row)).toBe((row < a || row >= b) && row !== c);
      }),
    );
  });
});
