import { describe, expect, it } from '@jest/globals';
import type { Credential } from '../../../src/sandbox/cloud/credential.js';
import { aCompany } from '../../world/a-company.js';
import { apiToken, asAdmin, workspaceToken, type TestCloud } from './a-cloud.js';
import { startsCloud } from './started.js';

const start = startsCloud();

const company = aCompany()
  .withRepository('PAY', 'api', { files: { 'a.md': 'a' } })
  .build();
const list = '/repositories/acme';
const file = '/repositories/acme/api/src/main/a.md';
const hour = 3_600_000;
const second: Credential = { ...workspaceToken, token: 'second' };
const asSecond = { authorization: 'Bearer second' };

async function statuses(cloud: TestCloud, paths: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  for (const path of paths) found.push((await cloud.get(path)).status);
  return found;
}

describe('an hour', () => {
  it('rolls: what was asked an hour ago counts no more', async () => {
    const cloud = await start({ company, rateLimits: { repositories: 2 } });
    expect(await statuses(cloud, [list])).toEqual([200]);
    cloud.clock.advance(hour / 2);
    expect(await statuses(cloud, [list, list])).toEqual([200, 429]);
    cloud.clock.advance(hour / 2);
    expect(await statuses(cloud, [list, list])).toEqual([200, 429]);
  });

  it('has 1,000 requests unless told otherwise, others with the same token among them', async () => {
    const cloud = await start({ company });
    cloud.server.spend('workspace-secret', 999);
    expect(await statuses(cloud, [list, list])).toEqual([200, 429]);
    cloud.server.reset();
    expect(await statuses(cloud, [list])).toEqual([200]);
  });

  it('counts the bytes of files apart, and not what is outside of /repositories', async () => {
    const cloud = await start({ company, rateLimits: { repositories: 2, files: 1 } });
    expect(await statuses(cloud, [file, file])).toEqual([200, 429]);
    expect(await statuses(cloud, [`${file}?format=meta`, list, list])).toEqual([200, 200, 429]);
    expect(await statuses(cloud, ['/workspaces/acme', '/workspaces/acme/projects'])).toEqual([
      200, 200,
    ]);
  });

  it('counts what was refused or not found', async () => {
    const cloud = await start({ company, rateLimits: { repositories: 1 } });
    expect(await statuses(cloud, ['/repositories/acme/none', list])).toEqual([404, 429]);
  });

  it('belongs to each token, or to the user of API tokens', async () => {
    const other: Credential = { ...apiToken, token: 'other' };
    const { get, server } = await start({
      company,
      credentials: [workspaceToken, second, apiToken, other],
      rateLimits: { repositories: 1 },
    });
    expect((await get(list)).status).toBe(200);
    expect((await get(list)).status).toBe(429);
    expect((await get(list, asSecond)).status).toBe(200);
    server.spend('admin@example.com', 1);
    expect((await get(list, asAdmin)).status).toBe(429);
  });

  it('may be longer for one token than for another', async () => {
    const credentials = [{ ...workspaceToken, limits: { repositories: 3 } }];
    const cloud = await start({ company, credentials, rateLimits: { repositories: 1 } });
    expect(await statuses(cloud, [list, list, list, list])).toEqual([200, 200, 200, 429]);
  });
});

describe('a refusal', () => {
  it('is plain text, without a word about when to come back', async () => {
    const { get } = await start({ company, rateLimits: { repositories: 0 } });
    const got = await get(list, asAdmin);
    expect(got.status).toBe(429);
    expect(got.text).toBe('Rate limit for this resource has been exceeded');
    expect(got.headers.get('content-type')).toBe('text/plain');
    expect(got.headers.get('retry-after')).toBeNull();
  });

  it('tells when, where asked to: seconds until the oldest request is an hour old', async () => {
    const rateLimits = { repositories: 1, retryAfter: true };
    const { get, clock } = await start({ company, rateLimits });
    await get(list);
    clock.advance(hour - 90_500);
    expect((await get(list)).headers.get('retry-after')).toBe('91');
    clock.advance(91_000);
    expect((await get(list)).status).toBe(200);
  });
});

describe('headers about the limit', () => {
  const names = ['x-ratelimit-limit', 'x-ratelimit-resource', 'x-ratelimit-nearlimit'];

  it('are for access tokens only', async () => {
    const { get } = await start({ company });
    const { headers } = await get(list, asAdmin);
    expect(names.map((name) => headers.get(name))).toEqual([null, null, null]);
    const told = await get(list);
    expect(names.map((name) => told.headers.get(name))).toEqual(['1000', 'api', 'false']);
  });

  it('say that the limit is near when less than a fifth is left', async () => {
    const { get } = await start({ company, rateLimits: { repositories: 5 } });
    const near: (string | null)[] = [];
    for (let count = 0; count < 6; count += 1) {
      near.push((await get(list)).headers.get('x-ratelimit-nearlimit'));
    }
    expect(near).toEqual(['false', 'false', 'false', 'false', 'true', 'true']);
  });

  it('may list windows', async () => {
    const { get } = await start({ company, rateLimits: { limitHeader: 'windows' } });
    expect((await get(list)).headers.get('x-ratelimit-limit')).toBe('1000, 1000;w=3600');
  });
});
