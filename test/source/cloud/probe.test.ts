import { afterEach, describe, expect, it } from '@jest/globals';
import { ProblemError } from '../../../src/problems/problem.js';
import { readPermissions, type Credential } from '../../../src/sandbox/cloud/credential.js';
import type { Answer } from '../../../src/sandbox/loopback.js';
import { aCompany } from '../../world/a-company.js';
import { aCloud, refusal, type TestCloud, type TestCloudOptions } from './a-cloud.js';

let opened: TestCloud | undefined;

afterEach(async () => {
  expect(opened?.server.violations ?? []).toEqual([]);
  await opened?.close();
  opened = undefined;
});

const first = 'R?fields=size,values.uuid&pagelen=10&sort=created_on';
const members = 'workspaces/fernlicht/members?pagelen=1&fields=values.user.uuid';
const own = 'user?fields=uuid';

/** A public repository, and a private one. */
async function open(options: TestCloudOptions = {}): Promise<TestCloud> {
  const company = aCompany()
    .withRepository('WEB', 'site', { public: true })
    .withRepository('PAY', 'api')
    .build();
  return (opened = await aCloud(company, options));
}

/** What becomes of the probe: what it answers, or the problem. */
async function outcomeOf({ source }: TestCloud): Promise<unknown> {
  return await source.probe().catch((error: unknown) => {
    if (error instanceof ProblemError) return error.problems[0];
    throw error;
  });
}

function withoutScopes({ headers, ...answer }: Answer): Answer {
  const kept = Object.entries(headers ?? {}).filter(([name]) => !name.includes('oauth'));
  return { ...answer, headers: Object.fromEntries(kept) };
}

/** Somebody whose answers tell of no scopes. */
async function openUntold(options: TestCloudOptions = {}): Promise<TestCloud> {
  const cloud = await open(options);
  cloud.server.fail({ when: () => true, fault: { type: 'changed', change: withoutScopes } });
  return cloud;
}

const apiToken: Credential = {
  type: 'api-token',
  email: 'ann@example.com',
  token: 'secret',
  scopes: readPermissions,
};
const asUser = {
  server: { credentials: [apiToken] },
  login: { username: 'ann@example.com', password: 'secret' },
  source: { credentials: { kind: 'API token', variables: ['BITBUCKET_USER_SCOPED_TOKEN'] } },
} as const;

describe('whether credentials count', () => {
  it('is told by the scopes of the one answer that is asked for anyway', async () => {
    const cloud = await open();
    expect(await outcomeOf(cloud)).toEqual({ credentials: 'counted' });
    expect(cloud.asked()).toEqual([first]);
  });

  it.each([
    ['an access token', {}],
    ['an API token', asUser],
  ])('is told by what nobody else may ask, of %s', async (_, options) => {
    const cloud = await openUntold(options);
    expect(await outcomeOf(cloud)).toEqual({ credentials: 'counted' });
    expect(cloud.asked()).toEqual([first, members]);
  });

  it('is told by a scope that is missing there', async () => {
    const token = { type: 'workspace-token', token: 'a-token', scopes: ['repository'] } as const;
    const cloud = await openUntold({ server: { credentials: [token] } });
    expect(await outcomeOf(cloud)).toEqual({ credentials: 'counted' });
    expect(cloud.asked()).toEqual([first, members]);
  });

  it.each([
    ['an access token', {}],
    ['an API token', { ...asUser, login: { username: 'ann@example.com', password: 'dead' } }],
  ])('refuses what is shown the public alone: %s', async (_, options) => {
    const server = { credentials: [], publicAccess: true };
    const cloud = await open({ ...options, server });
    expect(await outcomeOf(cloud)).toMatchObject({
      code: 'credentials-refused',
      side: 'bitbucket',
      reason: expect.stringMatching(/shows what is public to these credentials/),
    });
    expect(cloud.asked()).toEqual([first, members, own]);
  });

  it('cannot be told of an access token that is not for these addresses', async () => {
    const cloud = await openUntold();
    const fault = refusal(401, 'Token is invalid, expired, or not supported for this endpoint.');
    cloud.server.reset();
    cloud.server.fail({ when: ({ path }) => /members|user$/.test(path), fault });
    cloud.server.fail({ when: () => true, fault: { type: 'changed', change: withoutScopes } });
    expect(await outcomeOf(cloud)).toEqual({ credentials: 'unknown' });
  });

  it.each([
    ['an answer of something on the way', { type: 'answer', answer: { status: 403, body: 'No' } }],
    ['a server that is out of order', refusal(500, 'Oops')],
    ['no answer', { type: 'reset' }],
  ] as const)('cannot be told from %s', async (_, fault) => {
    const cloud = await open();
    cloud.server.fail({ when: ({ path }) => /members|user$/.test(path), fault });
    cloud.server.fail({ when: () => true, fault: { type: 'changed', change: withoutScopes } });
    expect(await outcomeOf(cloud)).toEqual({ credentials: 'unknown' });
  });
});
