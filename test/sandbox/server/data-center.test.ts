import { afterEach, describe, expect, it } from '@jest/globals';
import { removeRepository, renameRepository } from '../../../src/sandbox/company/changes.js';
import { demoCompany } from '../../../src/sandbox/company/demo-company.js';
import { largeCompany } from '../../../src/sandbox/company/large-company.js';
import type { DataCenterOptions } from '../../../src/sandbox/server/data-center.js';
import { aCompany } from '../../world/a-company.js';
import { aDataCenter, basic, member, type TestDataCenter } from './a-data-center.js';

let running: TestDataCenter | undefined;

async function start(options: Partial<DataCenterOptions> = {}): Promise<TestDataCenter> {
  running = await aDataCenter({ company: demoCompany(), ...options });
  return running;
}

afterEach(async () => {
  await running?.server.close();
  running = undefined;
});

const api = '/projects/PAY/repos/api';

describe('listings over HTTP', () => {
  it.each([
    { pageCap: 1000, gaps: false },
    { pageCap: 3, gaps: false },
    { pageCap: 3, gaps: true },
  ])('show every row once with %o', async (options) => {
    const { rows, server } = await start(options);
    expect(await rows('/projects')).toMatchObject([{ key: 'OPS' }, { key: 'PAY' }, { key: 'WEB' }]);
    expect(await rows('/users')).toHaveLength(10);
    expect(await rows('/admin/users')).toHaveLength(10);
    expect(await rows('/repos?archived=ALL')).toHaveLength(12);
    expect(await rows(`${api}/pull-requests?state=ALL`)).toHaveLength(6);
    expect(await rows(`${api}/files`)).toEqual(['README.md', 'package.json', 'src/charges.ts']);
    expect(await rows(`${api}/commits`)).toHaveLength(3);
    expect(server.violations).toEqual([]);
  });

  it('cap the page below what was asked for and say so', async () => {
    const { pages } = await start({ pageCap: 5 });
    const found = await pages('/repos?archived=ALL', 1000);
    expect(found.map(({ limit, size }) => [limit, size])).toEqual([
      [5, 5],
      [5, 5],
      [5, 2],
    ]);
  });

  it('find the 2,000 open ones among 20,000 pull requests', async () => {
    const size = { projects: 2, repositories: 4, pullRequests: 20_000 };
    const { rows } = await start({ company: largeCompany(size) });
    const found = await Promise.all(
      ['P1/repos/service-1', 'P2/repos/service-2', 'P1/repos/service-3', 'P2/repos/service-4'].map(
        (path) => rows(`/projects/${path}/pull-requests`),
      ),
    );
    expect(found.map(({ length }) => length)).toEqual([500, 500, 500, 500]);
  });

  it('answer under 1.0 what they answer under latest', async () => {
    const { server, get } = await start();
    const response = await fetch(`${server.url}/rest/api/1.0/projects`, {
      headers: { authorization: basic() },
    });
    expect(await response.json()).toEqual((await get('/projects')).body);
  });
});

describe('repositories', () => {
  it('hide archived ones unless asked for', async () => {
    const { rows } = await start();
    const archived = expect.objectContaining({ slug: 'legacy-invoices', archived: true });
    expect(await rows('/repos')).toHaveLength(11);
    expect(await rows('/repos?archived=active')).not.toContainEqual(archived);
    expect(await rows('/repos?archived=ARCHIVED')).toEqual([archived]);
    expect(await rows('/projects/PAY/repos')).toContainEqual(archived);
  });

  it.each([true, false])(
    'of the listed projects are one set, asked for at once or one by one (personal listed: %s)',
    async (listsPersonalProjects) => {
      const { rows } = await start({ listsPersonalProjects, pageCap: 4, gaps: true });
      const keys = (await rows('/projects')).map((each) => String(member(each, 'key')));
      expect(keys).toHaveLength(listsPersonalProjects ? 4 : 3);
      const union = await Promise.all(
        keys.map((key) => rows(`/projects/${encodeURIComponent(key)}/repos`)),
      );
      const atOnce = (await rows('/repos?archived=ALL')).filter((each) =>
        keys.includes(String(member(each, 'project', 'key'))),
      );
      const byId = (one: unknown, other: unknown): number =>
        Number(member(one, 'id')) - Number(member(other, 'id'));
      expect(union.flat().sort(byId)).toEqual(atOnce.sort(byId));
    },
  );

  it.each([
    ['projectkey=pay', 3],
    ['projectname=%20web%20%26%20mobile', 4],
    ['name=api', 2],
    ['visibility=public', 2],
    ['state=INITIALISING', 0],
    ['permission=REPO_ADMIN', 11],
  ])('are narrowed by %s', async (query, count) => {
    const { rows, server } = await start();
    expect(await rows(`/repos?${query}`)).toHaveLength(count);
    expect(server.violations).toEqual([]);
  });

  it.each(['~MWEBER', '~mweber', '%7Emweber'])(
    'are found in the personal project %s',
    async (key) => {
      const { get } = await start();
      const { body } = await get(`/projects/${key}/repos/storefront`);
      expect(body).toMatchObject({ id: 12, project: { key: '~MWEBER' }, origin: { id: 6 } });
    },
  );

  it('follow changes between two requests', async () => {
    const { rows, get, server } = await start();
    removeRepository(server.company, 'PAY', 'api');
    renameRepository(server.company, 'PAY', 'ledger', 'Books');
    expect(await rows('/repos')).toHaveLength(10);
    expect((await get('/projects/PAY/repos/api')).status).toBe(404);
    for (const slug of ['books', 'ledger']) {
      expect((await get(`/projects/PAY/repos/${slug}`)).body).toMatchObject({ name: 'Books' });
    }
  });
});

describe('pull requests', () => {
  it.each([
    ['', ['OPEN', 'OPEN', 'OPEN']],
    ['?state=MERGED', ['MERGED', 'MERGED']],
    ['?state=DECLINED', ['DECLINED']],
    ['?state=OPEN&draft=true', ['OPEN']],
    ['?filterText=refund', ['OPEN']],
    ['?state=ALL&at=refs/heads/none', []],
  ])('with %j are those in the state asked for', async (query, states) => {
    const { rows } = await start();
    const found = await rows(`${api}/pull-requests${query}`);
    expect(found.map((each) => member(each, 'state'))).toEqual(states);
  });

  it('come newest first, or oldest first', async () => {
    const { rows } = await start();
    const ids = async (query: string): Promise<unknown[]> =>
      (await rows(`${api}/pull-requests?state=ALL${query}`)).map((each) => member(each, 'id'));
    expect(await ids('')).toEqual([6, 5, 4, 3, 2, 1]);
    expect(await ids('&order=OLDEST')).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('leave properties out when told to', async () => {
    const { rows } = await start();
    const [first] = await rows(`${api}/pull-requests?withProperties=false&withAttributes=false`);
    expect(first).not.toHaveProperty('properties');
  });
});

describe('what a repository holds', () => {
  it.each([
    ['PAY/api', '# Payments API'],
    ['PAY/ledger', '# Ledger'],
    ['PAY/card-gateway', '# Card gateway'],
    ['PAY/legacy-invoices', 'Do not touch.'],
    ['OPS/uberwachung', '# Überwachung'],
  ])('has the readme of %s, whatever its case', async (path, beginning) => {
    const { get } = await start();
    const { status, text, headers } = await get(`/projects/${path.replace('/', '/repos/')}/readme`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect(text.startsWith(beginning)).toBe(true);
  });

  it('has no readme in a folder', async () => {
    const company = aCompany().withRepository('PAY', 'api', { files: { 'docs/README.md': '#' } });
    const { get } = await start({ company: company.build() });
    expect((await get(`${api}/readme`)).status).toBe(404);
  });

  it.each([404, 204] as const)('can answer %d where there is no readme', async (missingReadme) => {
    const { get } = await start({ missingReadme });
    expect((await get('/projects/WEB/repos/api/readme')).status).toBe(missingReadme);
  });

  it('has commits from a commit or a branch on, the newest first', async () => {
    const { rows } = await start();
    const all = await rows(`${api}/commits`);
    const [, second, third] = all.map((each) => String(member(each, 'id')));
    expect(await rows(`${api}/commits?until=refs/heads/main`)).toEqual(all);
    expect(await rows(`${api}/commits?until=${second!}`)).toEqual(all.slice(1));
    expect(await rows(`${api}/commits?since=${third!}`)).toEqual(all.slice(0, 2));
  });

  it('has raw files, folders and lines', async () => {
    const { get, server } = await start();
    expect((await get(`${api}/raw/src/charges.ts`)).text).toBe('export const currency = "EUR";\n');
    expect((await get(`${api}/raw/constructor`)).status).toBe(404);
    expect((await get(`${api}/files/src`)).body).toMatchObject({ values: ['charges.ts'] });
    expect((await get(`${api}/browse/src/charges.ts`)).body).toMatchObject({
      lines: [{ text: 'export const currency = "EUR";' }],
      isLastPage: true,
    });
    expect((await get(`${api}/browse/src?type=true`)).body).toEqual({ type: 'DIRECTORY' });
    expect((await get(`${api}/browse`)).body).toMatchObject({
      children: {
        values: [
          { path: { name: 'README.md' }, type: 'FILE', size: 91 },
          { path: { name: 'package.json' }, type: 'FILE' },
          { path: { name: 'src' }, type: 'DIRECTORY' },
        ],
      },
    });
    expect(server.violations).toEqual([]);
  });

  it.each([
    ['at=refs/heads/main', 200],
    ['at=main', 200],
    ['at=refs/heads/gone', 404],
    [`at=${'0'.repeat(40)}`, 404],
  ])('is read with %s: %d', async (at, status) => {
    const { get, server } = await start();
    expect((await get(`${api}/readme?${at}`)).status).toBe(status);
    expect((await get(`${api}/files?${at}`)).status).toBe(status);
    expect(server.violations).toEqual([]);
  });

  it('is read at the commit that a listing named', async () => {
    const { get, rows } = await start();
    const [tip] = await rows(`${api}/commits`);
    expect((await get(`${api}/readme?at=${String(member(tip, 'id'))}`)).status).toBe(200);
  });

  it('knows its default branch', async () => {
    const { get } = await start();
    expect((await get('/projects/WEB/repos/api/default-branch')).body).toEqual({
      id: 'refs/heads/develop',
      displayId: 'develop',
      type: 'BRANCH',
    });
  });
});

describe('an empty repository', () => {
  const kiosk = '/projects/WEB/repos/kiosk';

  it.each(['commits', 'readme', 'files', 'browse', 'default-branch'])(
    'has no %s: 404, by the name of the missing default branch',
    async (what) => {
      const { get, server } = await start();
      const { status, body } = await get(`${kiosk}/${what}`);
      expect(status).toBe(404);
      expect(body).toEqual({
        errors: [
          {
            context: null,
            message: 'No default branch is defined',
            exceptionName: 'com.atlassian.bitbucket.repository.NoDefaultBranchException',
          },
        ],
      });
      expect(server.violations).toEqual([]);
    },
  );

  it('answers 204 to the deprecated question for its default branch', async () => {
    const { get } = await start();
    expect((await get(`${kiosk}/branches/default`)).status).toBe(204);
    expect((await get(`${api}/branches/default`)).body).toMatchObject({ displayId: 'main' });
  });

  it('can answer an empty page of commits, as some versions do', async () => {
    const { rows } = await start({ emptyRepositoryCommits: 'empty-page' });
    expect(await rows(`${kiosk}/commits`)).toEqual([]);
  });
});

describe('what is not there', () => {
  it.each([
    ['/projects/NONE', 'project.NoSuchProjectException'],
    ['/projects/NONE/repos', 'project.NoSuchProjectException'],
    ['/projects/PAY/repos/none', 'repository.NoSuchRepositoryException'],
    ['/projects/PAY/repos/storefront/pull-requests', 'repository.NoSuchRepositoryException'],
    [`${api}/pull-requests/99`, 'pull.NoSuchPullRequestException'],
    [`${api}/commits?until=feature`, 'commit.NoSuchCommitException'],
    [`${api}/raw/none.txt`, 'content.NoSuchPathException'],
    ['/users/nobody', 'user.NoSuchUserException'],
  ])('%s is a 404 named %s, and no violation', async (path, exception) => {
    const { get, server } = await start();
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(body).toMatchObject({
      errors: [{ exceptionName: `com.atlassian.bitbucket.${exception}` }],
    });
    expect(server.violations).toEqual([]);
  });
});

describe('what the contract does not know', () => {
  it.each([
    ['/workspaces', 404],
    ['/projects/PAY/repos/api/pullrequests', 404],
    ['/projects//repos', 404],
    ['/projects/%zz', 404],
    ['/projects?archived=ALL', 400],
    ['/projects/PAY/repos?archived=ALL', 400],
    ['/repos?archived=YES', 400],
    [`${api}/pull-requests?state=CLOSED`, 400],
    [`${api}/pull-requests?direction=OUTGOING`, 400],
    ['/projects?start=-1', 400],
    ['/projects?limit=lots', 400],
  ])('%s is answered %d and kept as a violation', async (path, status) => {
    const { get, server } = await start();
    expect((await get(path)).status).toBe(status);
    expect(server.violations).toHaveLength(1);
  });

  it('is a path outside the REST root or the context path', async () => {
    const { server } = await start({ contextPath: '/bitbucket' });
    const root = server.url.replace(/\/bitbucket$/, '');
    expect((await fetch(`${root}/rest/api/latest/projects`)).status).toBe(404);
    expect((await fetch(`${server.url}/rest/api/2.0/projects`)).status).toBe(404);
    expect(server.violations).toEqual([
      'GET /rest/api/latest/projects: the contract has no such path',
      'GET /bitbucket/rest/api/2.0/projects: the contract has no such path',
    ]);
  });

  it('is writing', async () => {
    const { server } = await start();
    const response = await fetch(`${server.url}/rest/api/latest/projects`, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(server.violations).toHaveLength(1);
  });

  it('is a start that was computed, where there are gaps', async () => {
    const { get, server } = await start({ gaps: true });
    expect((await get('/repos?limit=3&start=3')).status).toBe(400);
    expect(server.violations).toEqual([
      'GET /rest/api/latest/repos: start=3 is no nextPageStart of this listing',
    ]);
  });
});

describe('the base URL', () => {
  it('holds the context path, in links too', async () => {
    const { get, server } = await start({ contextPath: '/bitbucket' });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/bitbucket$/);
    expect((await get('/projects/PAY')).body).toMatchObject({
      links: { self: [{ href: `${server.url}/projects/PAY` }] },
    });
  });

  it('is the one that was advertised, where one was', async () => {
    const { get } = await start({ advertisedUrl: 'http://localhost:7990' });
    expect((await get(api)).body).toMatchObject({
      links: {
        clone: [
          { href: 'ssh://git@localhost:7999/pay/api.git', name: 'ssh' },
          { href: 'http://localhost:7990/scm/pay/api.git', name: 'http' },
        ],
        self: [{ href: 'http://localhost:7990/projects/PAY/repos/api/browse' }],
      },
    });
  });
});

describe('faults', () => {
  it('happen as often as they were told to, and can be forgotten', async () => {
    const { get, server } = await start();
    server.fail({
      when: ({ path }) => path.endsWith('/projects'),
      fault: { type: 'answer', answer: { status: 503 } },
    });
    expect((await get('/projects')).status).toBe(503);
    expect(server.requests).toHaveLength(1);
    server.reset();
    expect(server.requests).toHaveLength(0);
    expect((await get('/projects')).status).toBe(200);
  });
});
