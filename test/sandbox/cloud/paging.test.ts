import { describe, expect, it } from '@jest/globals';
import { aCommit, aCompany } from '../../world/a-company.js';
import { column, member, messageOf, pageSchema } from './a-cloud.js';
import { startsCloud } from './started.js';

const start = startsCloud();

const repositories = aCompany();
const slugs = Array.from({ length: 25 }, (_, index) => `r${String(index).padStart(2, '0')}`);
for (const slug of slugs) repositories.withRepository('PAY', slug);
const company = repositories.build();
const list = '/repositories/acme';

describe('pages', () => {
  it.each([
    ['', [10, 10, 5]],
    ['?pagelen=7', [7, 7, 7, 4]],
    ['?pagelen=25', [25]],
    ['?pagelen=100', [25]],
  ])('of %p hold %p rows, each once and in order', async (query, sizes) => {
    const { pages, server } = await start({ company });
    const found = await pages(`${list}${query}`);
    expect(found.map(({ values }) => values.length)).toEqual(sizes);
    expect(found.flatMap(({ values }) => column(values, 'slug'))).toEqual(slugs);
    expect(found.map(({ page, size }) => [page, size])).toEqual(
      sizes.map((_, index) => [index + 1, 25]),
    );
    expect(server.violations).toEqual([]);
  });

  it.each([
    ['/repositories/acme?pagelen=101', 400],
    ['/repositories/acme?pagelen=100', 200],
    ['/repositories/acme/r00/pullrequests?pagelen=51', 400],
    ['/repositories/acme/r00/pullrequests?pagelen=50', 200],
    ['/repositories/acme/r00/refs/branches?pagelen=100', 200],
  ])('of %s are answered %d', async (path, status) => {
    const { get, server } = await start({ company });
    const got = await get(path);
    expect(got.status).toBe(status);
    if (status === 400) expect(messageOf(got)).toBe('Invalid pagelen');
    expect(server.violations).toEqual([]);
  });

  it('may be smaller where the server says so', async () => {
    const paging = { pagelen: { pullRequests: 25, others: 20 } };
    const { get } = await start({ company, paging });
    expect((await get(`${list}?pagelen=21`)).status).toBe(400);
    expect((await get(`${list}?pagelen=20`)).status).toBe(200);
    expect((await get(`${list}/r00/pullrequests?pagelen=26`)).status).toBe(400);
  });

  it('may hold fewer rows than are asked for', async () => {
    const { pages } = await start({ company, paging: { mostRows: 9 } });
    const found = await pages(`${list}?pagelen=100`);
    expect(found.map(({ values }) => values.length)).toEqual([9, 9, 7]);
  });

  it('are named by hashes, and count nothing, where git is walked', async () => {
    const commits = ['a', 'b', 'c'].map((digit, index) =>
      aCommit({ id: digit.repeat(40), at: 3 - index }),
    );
    const { get, rows } = await start({
      company: aCompany()
        .withRepository('PAY', 'api', { commits, files: { a: '', b: '', c: '' } })
        .build(),
    });
    for (const path of ['commits', 'src/main/']) {
      const url = `/repositories/acme/api/${path}?pagelen=2`;
      const page = pageSchema.parse((await get(url)).body);
      expect(page).not.toHaveProperty('size');
      expect(page.next).toMatch(/\?page=[\w-]{27}%3d&/);
      expect(await rows(url)).toHaveLength(3);
    }
  });

  it.each([list, `${list}?pagelen=5`])('may be empty in the middle of %s', async (path) => {
    const { pages } = await start({ company, paging: { emptyPages: true } });
    const found = await pages(path);
    expect(found[1]?.values).toEqual([]);
    expect(found[1]?.next).toBeDefined();
    expect(found.flatMap(({ values }) => column(values, 'slug'))).toEqual(slugs);
  });

  it.each(['same', 'new'] as const)('may come again and again, with the %s next', async (next) => {
    const repeated = { listing: (path: string) => path.endsWith('/acme'), next };
    const { get } = await start({ company, paging: { repeated } });
    const seen: unknown[] = [];
    let url = list;
    for (let count = 0; count < 5; count += 1) {
      const page = pageSchema.parse((await get(url)).body);
      expect(column(page.values, 'slug')).toEqual(slugs.slice(0, 10));
      url = page.next ?? '';
      seen.push(url);
    }
    expect(new Set(seen).size).toBe(next === 'same' ? 1 : 5);
    expect((await get('/workspaces/acme/projects')).body).not.toHaveProperty('next');
  });
});

describe('a next link', () => {
  const path = `${list}?q=${encodeURIComponent('name ~ "r" AND name != "it\'s"')}&pagelen=10`;
  const secondPage = slugs.slice(10, 20);

  it('leads on, as often as it is followed', async () => {
    const { get } = await start({ company });
    const next = String(member((await get(path)).body, 'next'));
    for (let count = 0; count < 2; count += 1) {
      const { body } = await get(next);
      expect(column(pageSchema.parse(body).values, 'slug')).toEqual(secondPage);
    }
  });

  it.each([
    ['built', () => `${list}?page=2`],
    ['encoded anew', (next: string) => next.replace(/%[0-9a-f]{2}/g, (hex) => hex.toUpperCase())],
    ['sent with parameters again', (next: string) => `${next}&pagelen=10`],
    ['put in another order', (next: string) => next.replace(/page=2&(.*)/, '$1&page=2')],
    ['counted on', (next: string) => next.replace('page=2', 'page=3')],
    [
      'parsed and written',
      (next: string) => {
        const url = new URL(next);
        url.searchParams.set('pagelen', '10');
        return url.href;
      },
    ],
  ])('is a violation when it was %s', async (_, change) => {
    const { get, server } = await start({ company });
    const next = String(member((await get(path)).body, 'next'));
    expect((await get(change(next))).status).toBe(400);
    expect(server.violations).toHaveLength(1);
  });

  it('survives the parsing of a URL, as HTTP clients do it', async () => {
    const { get } = await start({ company });
    const next = String(member((await get(path)).body, 'next'));
    expect(new URL(next).href).toBe(next);
  });
});
