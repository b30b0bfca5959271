import { afterEach, describe, expect, it } from '@jest/globals';
import {
  moveRepository,
  removeProject,
  removeRepository,
  renameRepository,
} from '../../../src/sandbox/company/changes.js';
import type { DataCenterOptions } from '../../../src/sandbox/server/data-center.js';
import { aCompany } from '../../world/a-company.js';
import { aDataCenter, basic, member, type Got, type TestDataCenter } from './a-data-center.js';

let running: TestDataCenter | undefined;

afterEach(async () => {
  expect(running?.server.violations ?? []).toEqual([]);
  await running?.server.close();
  running = undefined;
});

/** A public project with one public and one private repository, and a private one. */
async function start(options: Partial<DataCenterOptions> = {}): Promise<TestDataCenter> {
  const company = aCompany()
    .withProject('WEB', { public: true })
    .withRepository('WEB', 'site', { public: true })
    .withRepository('WEB', 'shop')
    .withRepository('PAY', 'api')
    .withPullRequest('PAY', 'api')
    .build();
  return (running = await aDataCenter({ company, ...options }));
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function exceptionOf({ body }: Got): unknown {
  const name = member(body, 'errors', '0', 'exceptionName');
  return typeof name === 'string' ? name.split('.').at(-1) : null;
}

describe('the address of what is gone', () => {
  it.each([
    ['/projects/NOPE', 'NoSuchProjectException'],
    ['/projects/NOPE/repos/api', 'NoSuchProjectException'],
    ['/projects/PAY/repos/nope', 'NoSuchRepositoryException'],
    ['/projects/PAY/repos/nope/pull-requests/1', 'NoSuchRepositoryException'],
    ['/projects/PAY/repos/api/pull-requests/9', 'NoSuchPullRequestException'],
    ['/users/nobody', 'NoSuchUserException'],
  ])('%s answers 404 with %s', async (path, exception) => {
    const { get } = await start();
    const got = await get(path);
    expect([got.status, exceptionOf(got)]).toEqual([404, exception]);
  });
});

describe('an old address', () => {
  it('leads to a repository that was renamed or moved, and to what is in it', async () => {
    const { get, server } = await start();
    renameRepository(server.company, 'PAY', 'api', 'Payments');
    moveRepository(server.company, 'PAY', 'payments', 'WEB');
    for (const slug of ['api', 'payments']) {
      const { body } = await get(`/projects/PAY/repos/${slug}`);
      expect(body).toMatchObject({ slug: 'payments', project: { key: 'WEB' } });
      const pullRequest = await get(`/projects/pay/repos/${slug}/pull-requests/1`);
      expect(member(pullRequest.body, 'toRef', 'repository', 'slug')).toBe('payments');
    }
  });

  it.each([
    ['answer', 200],
    ['not-found', 404],
  ] as const)('may also %s', async (movedRepositories, status) => {
    const { get, server } = await start({ movedRepositories });
    renameRepository(server.company, 'PAY', 'api', 'Payments');
    expect((await get('/projects/PAY/repos/api')).status).toBe(status);
  });

  it('is that of another repository once one has the name', async () => {
    const { get, server } = await start();
    moveRepository(server.company, 'PAY', 'api', 'WEB');
    moveRepository(server.company, 'WEB', 'site', 'PAY');
    removeRepository(server.company, 'WEB', 'shop');
    expect((await get('/projects/WEB/repos/api')).body).toMatchObject({ slug: 'api' });
    expect((await get('/projects/WEB/repos/shop')).status).toBe(404);
    removeProject(server.company, 'WEB');
    expect(exceptionOf(await get('/projects/PAY/repos/api'))).toBe('NoSuchRepositoryException');
  });
});

describe('rights', () => {
  it('may shrink between two requests: what is out of sight answers 401', async () => {
    let seesPayments = true;
    const sees = ({ project }: { readonly project: string }) => seesPayments || project !== 'PAY';
    const { get, rows } = await start({ sees });
    expect(await rows('/repos')).toHaveLength(3);
    seesPayments = false;
    expect(await rows('/repos')).toHaveLength(2);
    expect(await rows('/projects')).toHaveLength(1);
    for (const path of ['/projects/PAY', '/projects/PAY/repos/api', '/projects/PAY/repos']) {
      const got = await get(path);
      expect([got.status, exceptionOf(got)]).toEqual([401, 'AuthorisationException']);
    }
  });

  it('may also hide things as if they were not there', async () => {
    const { get } = await start({ sees: ({ slug }) => slug !== 'shop', hidden: 404 });
    const got = await get('/projects/WEB/repos/shop');
    expect([got.status, exceptionOf(got)]).toEqual([404, 'NoSuchRepositoryException']);
  });
});

describe('public access', () => {
  it('gives a dead token what is public, and names nobody', async () => {
    const { get } = await start({ token: 'good', publicAccess: true });
    const repositories = await get('/repos', bearer('dead'));
    expect(member(repositories.body, 'values', 'length')).toBe(1);
    expect(repositories.headers.get('x-ausername')).toBeNull();
    const projects = await get('/projects', {});
    expect(member(projects.body, 'values', 'length')).toBe(1);
    const password = await get('/repos', { authorization: basic('admin', 'guess') });
    expect(password.status).toBe(401);
  });

  it.each(['/users', '/users/admin', '/profile/recent/repos'])(
    'keeps %s to those who are signed in',
    async (path) => {
      const { get } = await start({ token: 'good', publicAccess: true });
      const dead = await get(path, bearer('dead'));
      expect([dead.status, exceptionOf(dead)]).toEqual([401, 'AuthorisationException']);
      expect((await get(path, bearer('good'))).status).toBe(200);
    },
  );
});

describe('a token of a project', () => {
  it('sees that project, and is nobody', async () => {
    const { get } = await start({ projectToken: { token: 'ours', project: 'PAY' } });
    const { status, headers, body } = await get('/repos', bearer('ours'));
    expect(status).toBe(200);
    expect(headers.get('x-ausername')).toBeNull();
    expect(member(body, 'values', 'length')).toBe(1);
    expect((await get('/projects/WEB', bearer('ours'))).status).toBe(401);
    expect((await get('/profile/recent/repos', bearer('ours'))).status).toBe(401);
  });
});
