import { describe, expect, it } from '@jest/globals';
import { aCompany } from '../../world/a-company.js';
import { asAdmin, column, errorSchema, messageOf } from './a-cloud.js';
import { startsCloud } from './started.js';

const start = startsCloud();

const company = aCompany()
  .withRepository('PAY', 'api', { files: { 'package.json': '{}', 'docs/a.md': 'Payments' } })
  .withRepository('WEB', 'site', { files: { 'app/package.json': '{}', 'old.md': 'PAYMENTS' } })
  .build();
const path = '/workspaces/acme/search/code';

describe('code search', () => {
  it.each([
    [{}, 410],
    [{ codeSearch: 'gone' }, 410],
    [{ codeSearch: 'off' }, 404],
    [{ codeSearch: 'answers' }, 200],
  ] as const)('with %p answers %d', async (options, status) => {
    const { get, server } = await start({ company, ...options });
    const got = await get(`${path}?search_query=a`, asAdmin);
    expect(got.status).toBe(status);
    if (status !== 200) expect(messageOf(got)).not.toBe('');
    expect(server.violations).toEqual([]);
  });

  it('is not for access tokens', async () => {
    const { get } = await start({ company, codeSearch: 'answers' });
    expect((await get(`${path}?search_query=a`)).status).toBe(403);
  });

  it.each([
    ['package.json', ['package.json', 'app/package.json']],
    ['payments', ['docs/a.md', 'old.md']],
    ['payments path:docs/', ['docs/a.md']],
    ['"package.json" repo:site', ['app/package.json']],
    ['ext:md project:WEB', ['old.md']],
  ])('finds %s on default branches', async (query, paths) => {
    const { rows } = await start({ company, codeSearch: 'answers' });
    const found = await rows(`${path}?search_query=${encodeURIComponent(query)}`, asAdmin);
    expect(column(found, 'file', 'path')).toEqual(paths);
    expect(column(found, 'file', 'commit')).toEqual(paths.map(() => undefined));
  });

  it('names the repository of a hit when it is asked to', async () => {
    const { rows } = await start({ company, codeSearch: 'answers' });
    const fields = '%2Bvalues.file.commit.repository';
    const found = await rows(`${path}?search_query=old.md&fields=${fields}`, asAdmin);
    expect(column(found, 'file', 'commit', 'repository', 'full_name')).toEqual(['acme/site']);
  });

  it.each(['', '?search_query='])('says what is missing: %p', async (query) => {
    const { get } = await start({ company, codeSearch: 'answers' });
    const { status, body } = await get(`${path}${query}`, asAdmin);
    expect(status).toBe(400);
    expect(errorSchema.parse(body).error.data).toEqual({ key: 'search.query.empty' });
  });
});
