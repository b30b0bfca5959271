import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../../src/sandbox/company/company.js';
import { readScopes } from '../../../src/sandbox/cloud/credential.js';
import { aCompany } from '../../world/a-company.js';
import { drain } from '../a-reading.js';
import {
  aCloud,
  asks,
  at,
  open,
  refusal,
  type TestCloud,
  type TestCloudOptions,
} from './a-cloud.js';

let opened: TestCloud | undefined;

afterEach(async () => {
  const violations = opened?.server.violations;
  await opened?.close();
  opened = undefined;
  expect(violations ?? []).toEqual([]);
});

function company(): Company {
  const builder = aCompany();
  for (let index = 0; index < 30; index += 1) builder.withRepository('ANT', `r${index}`);
  return builder.build();
}

async function start(options: TestCloudOptions): Promise<TestCloud> {
  return (opened = await aCloud(company(), { retries: 5, ...options }));
}

function perToken({ server }: TestCloud): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { headers } of server.requests) {
    const token = String(headers.authorization).replace('Bearer ', '');
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts;
}

const perHour = { rateLimits: { repositories: 20 } };

describe('several tokens', () => {
  it('complete without waiting where the limit of one is too small', async () => {
    const cloud = await start({ tokens: ['one', 'two'], server: perHour });
    const { ends } = await drain(open(cloud.source, 'pull-request'));
    expect(ends).toHaveLength(31);
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
    expect(cloud.clock.waits).toEqual([]);
    expect(cloud.server.requests.length).toBeLessThan(31 + 4);
  });

  it('leave the last fifth of a limit alone while another has more', async () => {
    const cloud = await start({ tokens: ['one', 'two'], server: perHour });
    await drain(open(cloud.source, 'repository'));
    const reading = open(cloud.source, 'pull-request');
    await drain(reading);
    expect(perToken(cloud).one).toBeLessThanOrEqual(20);
    expect(perToken(cloud).two).toBeGreaterThan(8);
  });

  it('wait when the limits of all are reached, and then complete', async () => {
    const cloud = await start({
      tokens: ['one', 'two'],
      server: { rateLimits: { repositories: 10 } },
    });
    const { ends } = await drain(open(cloud.source, 'pull-request'));
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
    expect(cloud.clock.waits.length).toBeGreaterThan(0);
  });

  it('go on when one of them expires', async () => {
    const cloud = await start({ tokens: ['one', 'two'] });
    cloud.server.fail({
      when: ({ path, headers }) => headers.authorization === 'Bearer one' && path.includes('/r'),
      fault: refusal(401, 'Token is expired'),
    });
    const { ends } = await drain(open(cloud.source, 'pull-request'));
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
    expect(perToken(cloud).one).toBeLessThan(8);
    expect(cloud.reported).toEqual([
      {
        code: 'token-refused',
        position: 1,
        count: 2,
        reason: 'answered 401 Unauthorized: Token is expired',
      },
    ]);
  });
});

describe('one token', () => {
  it('waits for its limit and completes', async () => {
    const cloud = await start({ tokens: ['one'], server: perHour });
    const { ends } = await drain(open(cloud.source, 'pull-request'));
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
    expect(cloud.clock.waits.length).toBeGreaterThan(0);
  });

  it('stops when the wait is longer than the run may take, and says when to come back', async () => {
    const server = { rateLimits: { repositories: 100, retryAfter: true } };
    const cloud = await start({ tokens: ['one'], server, timeLeft: 60_000 });
    // Somebody else uses the same token meanwhile, of which no answer tells.
    cloud.server.spend('one', 79);
    const { ends } = await drain(open(cloud.source, 'pull-request'));
    expect(ends[0]).toBe('repositories: complete (1)');
    expect(cloud.clock.waits).toEqual([]);
    expect(ends.filter((end) => end.endsWith('complete (1)')).length).toBeGreaterThan(10);
    expect(ends.filter((end) => end.endsWith('coverage')).length).toBeGreaterThan(10);
  });
});

describe('the probe', () => {
  async function problemOf(cloud: TestCloud): Promise<unknown> {
    return await cloud.source.probe().then(
      () => 'none',
      (error: unknown) => at(error, 'problems'),
    );
  }

  it('asks every token for a few identities', async () => {
    const cloud = await start({ tokens: ['one', 'two'] });
    await expect(problemOf(cloud)).resolves.toBe('none');
    expect(cloud.asked()).toEqual([
      'R?fields=size,values.uuid&pagelen=10&sort=created_on',
      'R?fields=size,values.uuid&pagelen=10&sort=created_on',
    ]);
    expect(perToken(cloud)).toEqual({ one: 1, two: 1 });
  });

  it('neither waits for a token whose limit is reached already, nor does the run', async () => {
    const cloud = await start({ tokens: ['one', 'two'], server: perHour });
    cloud.server.spend('one', 20);
    await expect(problemOf(cloud)).resolves.toBe('none');
    await drain(open(cloud.source, 'repository'));
    expect(cloud.clock.waits).toEqual([]);
  });

  it.each([
    [
      'projects',
      { type: 'project-token', project: 'ANT' },
      { type: 'project-token', project: 'BEE' },
    ],
    [
      'a project and the workspace',
      { type: 'workspace-token' },
      { type: 'project-token', project: 'ANT' },
    ],
  ] as const)('refuses tokens that see %s in turns', async (_name, one, two) => {
    const world = aCompany().withRepository('ANT', 'a').withRepository('BEE', 'b').build();
    const credentials = [
      { ...one, token: 'one', scopes: readScopes },
      { ...two, token: 'two', scopes: readScopes },
    ];
    opened = await aCloud(world, { tokens: ['one', 'two'], server: { credentials } });
    await expect(problemOf(opened)).resolves.toEqual([
      {
        code: 'setting-invalid',
        spelling: 'BITBUCKET_WORKSPACE_TOKEN',
        reason: expect.stringMatching(/^holds tokens that see different repositories \(1 and 2 in/),
        remedy: 'Replace those that see less, or leave them out',
      },
    ]);
  });

  it('takes two tokens of one project', async () => {
    const of = { type: 'project-token', project: 'ANT', scopes: readScopes } as const;
    const credentials = [
      { ...of, token: 'one' },
      { ...of, token: 'two' },
    ];
    const cloud = await start({ tokens: ['one', 'two'], server: { credentials } });
    await expect(problemOf(cloud)).resolves.toBe('none');
  });

  it('asks again before it takes a repository that was just created for a difference', async () => {
    const cloud = await start({ tokens: ['one', 'two'] });
    cloud.server.fail({
      when: ({ headers }) => headers.authorization === 'Bearer two',
      times: 1,
      fault: {
        type: 'changed',
        change: (answer) => ({ ...answer, body: Object.assign({}, answer.body, { size: 31 }) }),
      },
    });
    await expect(problemOf(cloud)).resolves.toBe('none');
    expect(perToken(cloud)).toEqual({ one: 2, two: 2 });
  });

  it('says when to come back where the limit leaves no time for it', async () => {
    const cloud = await start({ server: { rateLimits: { retryAfter: true } }, timeLeft: 60_000 });
    cloud.server.spend('a-token', 1_000);
    await expect(problemOf(cloud)).resolves.toEqual([
      {
        code: 'root-listing-incomplete',
        listing: 'repositories',
        reason: expect.stringContaining('the next attempt would be at 2026-01-01T01:00:00Z'),
        request: {
          method: 'GET',
          address: `${cloud.server.url}/repositories/fernlicht`,
          status: 429,
          attempts: 1,
          id: null,
        },
      },
    ]);
  });

  it('is no verdict on Bitbucket when the run is stopped', async () => {
    const stop = new AbortController();
    const cloud = await start({ source: { signal: stop.signal } });
    stop.abort(new Error('SIGTERM'));
    await expect(cloud.source.probe()).rejects.toMatchObject({ failure: 'aborted' });
  });

  it.each([
    ['first', 'two', 1],
    ['second', 'one', 2],
  ] as const)(
    'passes over the %s of two tokens that is refused',
    async (_which, good, position) => {
      const credentials = [{ type: 'workspace-token', token: good, scopes: readScopes }] as const;
      const cloud = await start({ tokens: ['one', 'two'], server: { credentials } });

      await expect(problemOf(cloud)).resolves.toBe('none');

      expect(cloud.reported).toEqual([
        {
          code: 'token-refused',
          position,
          count: 2,
          reason: expect.stringMatching(/^answered 401/),
        },
      ]);
      const { ends } = await drain(open(cloud.source, 'pull-request'));
      expect(ends.every((end) => end.includes('complete ('))).toBe(true);
      expect(perToken(cloud)[good === 'one' ? 'two' : 'one']).toBe(1);
      expect(cloud.reported).toHaveLength(1);
    },
  );

  it('passes over a token whose answers show that Bitbucket does not know it', async () => {
    const cloud = await start({ tokens: ['one', 'two'] });
    // What is public is answered all the same, and no scopes are named.
    cloud.server.fail({
      when: ({ headers, path }) =>
        headers.authorization === 'Bearer one' && !path.includes('/repositories/'),
      fault: refusal(401, 'Token is invalid'),
    });
    cloud.server.fail({
      when: ({ headers }) => headers.authorization === 'Bearer one',
      fault: { type: 'answer', answer: { status: 200, body: { size: 0, values: [] } } },
    });
    await expect(problemOf(cloud)).resolves.toBe('none');
    expect(cloud.reported).toMatchObject([{ code: 'token-refused', position: 1 }]);
  });

  it('names the first token where all are refused', async () => {
    const cloud = await start({ tokens: ['one', 'two'], server: { credentials: [] } });
    await expect(problemOf(cloud)).resolves.toMatchObject([
      {
        code: 'credentials-refused',
        side: 'bitbucket',
        variables: ['BITBUCKET_WORKSPACE_TOKEN'],
        reason: expect.stringMatching(/^answered 401/),
      },
    ]);
  });

  it('names the scope that a token lacks', async () => {
    const credentials = [
      { type: 'workspace-token', token: 'a-token', scopes: ['account'] },
    ] as const;
    const cloud = await start({ server: { credentials } });
    await expect(problemOf(cloud)).resolves.toMatchObject([
      {
        code: 'permission-refused',
        subject: 'repositories of workspace fernlicht',
        reason: expect.stringMatching(
          /^the token lacks the scope repository \(it has: account\), answered 403/,
        ),
      },
    ]);
  });

  it('takes 404 for a workspace that is not there, or not for these credentials', async () => {
    const cloud = await start({ source: { workspace: 'elsewhere' } });
    await expect(problemOf(cloud)).resolves.toMatchObject([
      {
        code: 'setting-invalid',
        spelling: 'BITBUCKET_WORKSPACE',
        reason: expect.stringMatching(/^names elsewhere, which is no workspace at http/),
      },
    ]);
  });

  it('says what replaces app passwords', async () => {
    const cloud = await start({
      tokens: ['wrong'],
      server: { credentials: [] },
      source: {
        credentials: {
          kind: 'app password',
          variables: ['BITBUCKET_USERNAME', 'BITBUCKET_APP_PASSWORD'],
        },
      },
    });
    await expect(problemOf(cloud)).resolves.toMatchObject([
      {
        code: 'credentials-refused',
        variables: ['BITBUCKET_USERNAME', 'BITBUCKET_APP_PASSWORD'],
        reason: expect.stringMatching(
          /removed app passwords on 2026-07-28: create an access token/,
        ),
      },
    ]);
  });

  it('takes a 403 of a firewall for no refusal of Bitbucket', async () => {
    const cloud = await start({ retries: 0 });
    const body = '<!DOCTYPE html><html>Request blocked</html>';
    cloud.server.fail({
      when: asks(''),
      fault: { type: 'answer', answer: { status: 403, body } },
    });
    await expect(problemOf(cloud)).resolves.toMatchObject([
      {
        code: 'server-unavailable',
        reason:
          'answered 403 Forbidden with a web page: something on the way, such as a firewall, turned it down',
      },
    ]);
  });

  it('tells any other failure as Bitbucket words it', async () => {
    const cloud = await start({ retries: 0 });
    cloud.server.fail({ when: asks(''), fault: refusal(503, 'Down for a while') });
    await expect(problemOf(cloud)).resolves.toMatchObject([
      { code: 'server-unavailable', reason: 'answered 503 Service Unavailable: Down for a while' },
    ]);
  });
});
