import { describe, expect, it } from '@jest/globals';
import { routes } from '../../../src/sandbox/cloud/routes/index.js';
import { messageOf } from './a-cloud.js';
import { startsCloud } from './started.js';

const start = startsCloud();

const repository = '/repositories/{workspace}/{repo_slug}';

/** Operations of the public documents. */
const documented = [
  '/user',
  '/user/workspaces',
  '/workspaces/{workspace}',
  '/workspaces/{workspace}/members',
  '/workspaces/{workspace}/members/{member}',
  '/workspaces/{workspace}/projects',
  '/workspaces/{workspace}/projects/{project_key}',
  '/workspaces/{workspace}/search/code',
  '/workspaces/{workspace}/hooks',
  '/workspaces/{workspace}/hooks/{uid}',
  '/repositories/{workspace}',
  repository,
  `${repository}/pullrequests`,
  `${repository}/pullrequests/activity`,
  `${repository}/pullrequests/{pull_request_id}`,
  `${repository}/pullrequests/{pull_request_id}/activity`,
  `${repository}/refs/branches`,
  `${repository}/refs/branches/{path}`,
  `${repository}/refs/tags`,
  `${repository}/refs/tags/{path}`,
  `${repository}/branch-restrictions`,
  `${repository}/default-reviewers`,
  `${repository}/hooks`,
  `${repository}/hooks/{uid}`,
  `${repository}/pipelines`,
  `${repository}/pipelines/{pipeline_uuid}`,
  `${repository}/deployments`,
  `${repository}/deployments/{deployment_uuid}`,
  `${repository}/environments`,
  `${repository}/environments/{environment_uuid}`,
  `${repository}/commits`,
  `${repository}/commit/{commit}`,
  `${repository}/src/{commit}/{path}`,
];

describe('the operations', () => {
  it('are those of the contract, and no others', () => {
    expect(routes.map(({ path }) => path).sort()).toEqual([...documented].sort());
  });
});

describe('a request outside of the contract', () => {
  it.each([
    ['an unknown path', '/repositories/acme/api/forks', 404],
    ['a list over all workspaces, which was removed', '/workspaces', 404],
    ['the root of a source listing without its slash', '/repositories/acme/api/src/main', 404],
    ['an unknown parameter', '/repositories/acme?limit=100', 400],
    ['a parameter that comes twice', '/repositories/acme?pagelen=10&pagelen=10', 400],
    ['a pagelen of nothing', '/repositories/acme?pagelen=0', 400],
    ['an unknown role', '/repositories/acme?role=reader', 400],
    ['an unknown state', '/repositories/acme/api/pullrequests?state=ALL', 400],
    ['an unknown format', '/repositories/acme/api/src/main/?format=rendered', 400],
    ['a depth of nothing', '/repositories/acme/api/src/main/?max_depth=0', 400],
    ['a plus sign that was not encoded', '/repositories/acme?fields=+values.slug', 400],
  ])('is a violation: %s', async (_, path, status) => {
    const { get, server } = await start();
    expect((await get(path)).status).toBe(status);
    expect(server.violations).toEqual([expect.stringContaining(path)]);
    server.reset();
    expect(server.violations).toEqual([]);
  });

  it('is a violation when it writes', async () => {
    const { server } = await start();
    const response = await fetch(`${server.url}/user`, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(server.violations).toHaveLength(1);
  });
});

describe('a request within the contract', () => {
  it.each([
    ['an unknown workspace', '/repositories/other', "No workspace with identifier 'other'."],
    [
      'an unknown repository',
      '/repositories/acme/web',
      /^You may not have access to this repository or it no longer exists/,
    ],
    ['an unknown project', '/workspaces/acme/projects/WEB', /^No project WEB/],
    ['an unknown pull request', '/repositories/acme/api/pullrequests/7', /7/],
    ['an unknown branch', '/repositories/acme/api/refs/branches/a/b', /"a\/b"/],
    ['an unknown commit', '/repositories/acme/api/commit/0123456789', 'Commit not found'],
    ['an unknown file', '/repositories/acme/api/src/main/a/b.md', /: a\/b\.md$/],
  ])('finds nothing without being a violation: %s', async (_, path, message) => {
    const { get, server } = await start();
    const got = await get(path);
    expect(got.status).toBe(404);
    expect(messageOf(got)).toMatch(message);
    expect(server.violations).toEqual([]);
  });

  it('fails as a rule says, and is recorded with its bytes', async () => {
    const { get, server } = await start();
    server.fail({
      fault: { type: 'answer', answer: { status: 503, body: 'down' } },
      when: ({ path }) => path === '/2.0/repositories/acme',
      times: 1,
    });
    expect((await get('/repositories/acme?pagelen=%31')).status).toBe(503);
    expect((await get('/repositories/acme')).status).toBe(200);
    expect(server.requests.map(({ target }) => target)).toEqual([
      '/2.0/repositories/acme?pagelen=%31',
      '/2.0/repositories/acme',
    ]);
  });
});
