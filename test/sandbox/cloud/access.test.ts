import { describe, expect, it } from '@jest/globals';
import type { Credential } from '../../../src/sandbox/cloud/credential.js';
import { readPermissions, readScopes } from '../../../src/sandbox/cloud/credential.js';
import { aCompany } from '../../world/a-company.js';
import {
  apiToken,
  asAdmin,
  basic,
  column,
  errorSchema,
  member,
  messageOf,
  workspaceToken,
} from './a-cloud.js';
import { startsCloud } from './started.js';

const start = startsCloud();

function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

const company = aCompany()
  .withRepository('PAY', 'api')
  .withRepository('PAY', 'ledger')
  .withRepository('WEB', 'site')
  .build();

describe('who may come in', () => {
  it.each([
    ['a workspace token', bearer('workspace-secret')],
    ['an e-mail address with its API token', asAdmin],
  ])('is %s', async (_, headers) => {
    const { get } = await start();
    expect((await get('/repositories/acme', headers)).status).toBe(200);
  });

  it.each([
    ['nobody at all', {}],
    ['a wrong token', bearer('guess')],
    ['an API token as Bearer', bearer('api-secret')],
    ['an access token as a password', basic('admin@example.com', 'workspace-secret')],
    ['a user name instead of the e-mail address', basic('admin', 'api-secret')],
  ])('is not %s', async (_, given) => {
    const { get, server } = await start();
    const headers: Record<string, string> =
      typeof given === 'string' ? { authorization: given } : { ...given };
    const got = await get('/repositories/acme', headers);
    expect(got.status).toBe(401);
    expect(errorSchema.safeParse(got.body).success).toBe(true);
    expect(got.headers.get('x-oauth-scopes')).toBeNull();
    expect(server.violations).toEqual([]);
  });

  it('is nobody with an expired token', async () => {
    const { get } = await start({ credentials: [{ ...workspaceToken, expired: true }] });
    expect((await get('/repositories/acme')).status).toBe(401);
  });

  it.each([
    [undefined, 401],
    [true, 200],
  ] as const)('has an app password only where they are accepted: %p', async (accepted, status) => {
    const credential: Credential = {
      type: 'app-password',
      username: 'ci',
      password: 'app-secret',
      ...(accepted === undefined ? {} : { accepted }),
    };
    const { get } = await start({ credentials: [credential] });
    const got = await get('/repositories/acme', { authorization: basic('ci', 'app-secret') });
    expect(got.status).toBe(status);
  });
});

describe('scopes', () => {
  const only = (scopes: readonly string[]): { credentials: Credential[] } => ({
    credentials: [
      { type: 'workspace-token', token: 'classic', scopes },
      { type: 'api-token', email: 'a@b.example', token: 'granular', scopes },
    ],
  });
  const granular = { authorization: basic('a@b.example', 'granular') };

  it('are told on answers and on refusals', async () => {
    const { get } = await start(only(['project']));
    const got = await get('/repositories/acme/api/pullrequests', bearer('classic'));
    expect(got.status).toBe(403);
    expect(got.headers.get('x-oauth-scopes')).toBe('project');
    expect(got.headers.get('x-accepted-oauth-scopes')).toBe('pullrequest');
    expect(errorSchema.parse(got.body).error.detail).toEqual({
      required: ['pullrequest'],
      granted: ['project'],
    });
    const allowed = await get('/repositories/acme', bearer('classic'));
    expect(allowed.headers.get('x-accepted-oauth-scopes')).toBe('repository');
  });

  it.each([
    ['repository', '/repositories/acme', 200],
    ['repository', '/repositories/acme/api/pullrequests', 403],
    ['repository', '/workspaces/acme/projects', 403],
    ['repository', '/workspaces/acme', 200],
    ['pullrequest', '/repositories/acme', 200],
    ['pullrequest:write', '/repositories/acme/api/src/main/', 200],
    ['project', '/repositories/acme', 200],
    ['account', '/repositories/acme', 403],
  ])('of access tokens imply others: %s on %s gives %d', async (scope, path, status) => {
    const { get } = await start(only([scope]));
    expect((await get(path, bearer('classic'))).status).toBe(status);
  });

  it.each([
    ['read:repository:bitbucket', '/repositories/acme', 200],
    ['write:repository:bitbucket', '/repositories/acme', 403],
    ['read:pullrequest:bitbucket', '/repositories/acme', 403],
    ['read:workspace:bitbucket', '/user/workspaces', 200],
    ['read:workspace:bitbucket', '/user', 403],
  ])('of API tokens imply nothing: %s on %s gives %d', async (scope, path, status) => {
    const { get } = await start(only([scope]));
    const got = await get(path, granular);
    expect(got.status).toBe(status);
    if (status === 403) expect(messageOf(got)).toContain('privilege scopes');
  });
});

describe('what one sees', () => {
  const credentials: Credential[] = [
    { type: 'project-token', project: 'PAY', token: 'of-project', scopes: readScopes },
    { type: 'repository-token', repository: 'site', token: 'of-repository', scopes: readScopes },
    {
      type: 'api-token',
      email: 'me@acme.example',
      token: 'mine',
      scopes: readPermissions,
      role: (slug) => (slug === 'api' ? 'contributor' : slug === 'site' ? 'member' : null),
    },
  ];
  const mine = { authorization: basic('me@acme.example', 'mine') };

  it.each([
    ['a project token', bearer('of-project'), ['api', 'ledger'], ['PAY']],
    ['a repository token', bearer('of-repository'), ['site'], ['WEB']],
    ['an account', mine, ['api', 'site'], ['PAY', 'WEB']],
  ])('with %s is what it reaches', async (_, headers, slugs, keys) => {
    const { rows } = await start({ company, credentials });
    expect(column(await rows('/repositories/acme', headers), 'slug')).toEqual(slugs);
    expect(column(await rows('/workspaces/acme/projects', headers), 'key')).toEqual(keys);
  });

  it.each(['', '/pullrequests', '/src/main/', '/refs/branches', '/commits'])(
    'of the rest is 404, as if it did not exist: %p',
    async (path) => {
      const { get, server } = await start({ company, credentials });
      const url = `/repositories/acme/ledger${path}`;
      expect((await get(url, bearer('of-repository'))).status).toBe(404);
      expect((await get(url, bearer('of-project'))).status).toBe(200);
      expect(server.violations).toEqual([]);
    },
  );

  it.each([
    ['member', ['api', 'site']],
    ['contributor', ['api']],
    ['admin', []],
    ['owner', []],
  ])('can be narrowed to the role %s', async (role, slugs) => {
    const { rows } = await start({ company, credentials });
    expect(column(await rows(`/repositories/acme?role=${role}`, mine), 'slug')).toEqual(slugs);
  });

  it('of oneself is the account, which an access token has none of', async () => {
    const { get, rows } = await start({ credentials: [workspaceToken, apiToken] });
    const { body } = await get('/user', asAdmin);
    expect(body).toMatchObject({ type: 'user', display_name: 'Admin', nickname: 'admin' });
    expect(member(await rows('/user/workspaces', asAdmin), '0', 'workspace', 'slug')).toBe('acme');
    for (const path of ['/user', '/user/workspaces']) {
      expect((await get(path)).status).toBe(403);
    }
  });
});
