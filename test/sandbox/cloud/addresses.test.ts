import { describe, expect, it } from '@jest/globals';
import { removeRepository, renameRepository } from '../../../src/sandbox/company/changes.js';
import type { CloudOptions } from '../../../src/sandbox/cloud/cloud.js';
import { aCompany } from '../../world/a-company.js';
import { apiToken, asAdmin, member, messageOf, workspaceToken, type TestCloud } from './a-cloud.js';
import { startsCloud } from './started.js';

const start = startsCloud();

async function startWith(options: Partial<CloudOptions> = {}): Promise<TestCloud> {
  const company = aCompany()
    .withRepository('PAY', 'api')
    .withRepository('WEB', 'site', { public: true })
    .withPullRequest('PAY', 'api')
    .build();
  return await start({ company, ...options });
}

const nothing = {};

describe('the address of a repository', () => {
  it('says the same whether it is gone or hidden', async () => {
    let isHidden = false;
    const role = () => (isHidden ? null : 'admin');
    const { get, server } = await startWith({ credentials: [{ ...apiToken, role }] });
    const path = '/repositories/acme/api';
    expect((await get(path, asAdmin)).status).toBe(200);
    isHidden = true;
    const hidden = await get(path, asAdmin);
    isHidden = false;
    removeRepository(server.company, 'PAY', 'api');
    const gone = await get(path, asAdmin);
    expect([hidden.status, hidden.body]).toEqual([gone.status, gone.body]);
    expect(gone.status).toBe(404);
    expect(messageOf(gone)).toMatch(/access.*no longer exists/);
  });

  it.each([
    [undefined, 404],
    ['answer', 200],
    ['redirect', 301],
  ] as const)(
    'that was renamed may answer in several ways: %s',
    async (movedRepositories, status) => {
      const { get, server } = await startWith(
        movedRepositories === undefined ? {} : { movedRepositories },
      );
      renameRepository(server.company, 'PAY', 'api', 'payments');
      const got = await get('/repositories/acme/api');
      expect(got.status).toBe(status);
      if (status === 200) expect(got.body).toMatchObject({ full_name: 'acme/payments' });
      if (status === 301) {
        expect(got.headers.get('location')).toBe('/2.0/repositories/acme/payments');
        const below = await get('/repositories/acme/api/pullrequests/1');
        expect(below.headers.get('location')).toBe(
          '/2.0/repositories/acme/payments/pullrequests/1',
        );
      }
    },
  );
});

describe('the address of a project', () => {
  it('refuses one that may not be seen, and knows no other', async () => {
    const credentials = [{ ...workspaceToken, type: 'project-token', project: 'WEB' } as const];
    const { get } = await startWith({ credentials });
    expect((await get('/workspaces/acme/projects/web')).body).toMatchObject({ key: 'WEB' });
    expect((await get('/workspaces/acme/projects/PAY')).status).toBe(403);
    expect((await get('/workspaces/acme/projects/NOPE')).status).toBe(404);
  });
});

describe('what is public', () => {
  it('is all that is left where credentials do not count', async () => {
    const { get } = await startWith({ publicAccess: true });
    const { status, body, headers } = await get('/repositories/acme', nothing);
    expect(status).toBe(200);
    expect(member(body, 'size')).toBe(1);
    expect(headers.get('x-oauth-scopes')).toBeNull();
  });

  it.each([
    ['/user', 403],
    ['/workspaces/acme/members', 200],
  ])('is not %s, which is never 401 to a known token', async (path, status) => {
    const { get } = await startWith({ publicAccess: true });
    expect((await get(path, nothing)).status).toBe(401);
    expect((await get(path)).status).toBe(status);
  });

  it('is not the members of a workspace, which take a scope', async () => {
    const credentials = [{ ...workspaceToken, scopes: ['repository'] }];
    const { get } = await startWith({ credentials });
    expect((await get('/workspaces/acme/members')).status).toBe(403);
  });
});
