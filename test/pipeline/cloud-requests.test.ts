import { afterEach, describe, expect, it } from '@jest/globals';
import { readPermissions, type Credential } from '../../src/sandbox/cloud/credential.js';
import { mergePullRequest } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { largeCompany } from '../../src/sandbox/company/large-company.js';
import { pullRequestsOf } from '../../src/sandbox/company/lookup.js';
import { startLoopbackServer, type Fault } from '../../src/sandbox/loopback.js';
import { aCompany, aMoment } from '../world/a-company.js';
import {
  aToken,
  startCloudWorld,
  WORKSPACE_TOKEN,
  withinTime,
  type CloudWorld,
} from '../world/a-cloud-world.js';

let world: CloudWorld;

afterEach(async () => {
  await world.close();
});

const REPOSITORIES = 12;

/** Repositories with a pull request each. */
function company(): Company {
  const builder = aCompany();
  for (let number = 1; number <= REPOSITORIES; number += 1) {
    builder.withRepository('PAY', `service-${number}`).withPullRequest('PAY', `service-${number}`);
  }
  return builder.build();
}

/** The company, with a file of that path in each repository. */
function withFile(data: Company, path: string): Company {
  const repositories = data.repositories.map((repository) => ({
    ...repository,
    files: { ...repository.files, [path]: '* @all' },
  }));
  return { ...data, repositories };
}

const askedBy = (token: string): number =>
  world.bitbucket.requests.filter(({ headers }) => headers.authorization === `Bearer ${token}`)
    .length;

const refusals = (waits: readonly number[]): readonly number[] =>
  waits.filter((wait) => wait >= 60_000);

describe('the limit of a token', () => {
  const twoTokens = {
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: 'token-one,token-two',
  };

  it('is passed on to the next token without waiting', async () => {
    world = await startCloudWorld(company(), {
      bitbucket: { credentials: [aToken('token-one', 6), aToken('token-two')] },
    });

    const { exitCode, stdout, stderr } = await world.run('sync --strict', { env: twoTokens });
    if (exitCode !== 0) throw new Error(stderr + stdout);

    expect(exitCode).toBe(0);
    expect(world.clock.waits).toEqual([]);
    expect(world.identifiers('bitbucketPullRequest')).toHaveLength(REPOSITORIES);
    expect(askedBy('token-one')).toBeGreaterThanOrEqual(6);
    expect(askedBy('token-two')).toBeGreaterThan(0);
  });

  it('is waited for where there is one token only', async () => {
    world = await startCloudWorld(company(), {
      bitbucket: { credentials: [aToken(WORKSPACE_TOKEN, 8)], rateLimits: { retryAfter: true } },
    });

    const { exitCode, stderr } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(refusals(world.clock.waits)).not.toEqual([]);
    expect(stderr).toContain('Bitbucket: waiting 1h00m: answered 429');
    expect(world.identifiers('bitbucketPullRequest')).toHaveLength(REPOSITORIES);
  });

  it('ends the run with 4 where the wait cannot fit, and deletes only what it saw gone', async () => {
    const data = company();
    world = await startCloudWorld(data, { bitbucket: { rateLimits: { retryAfter: true } } });
    await world.run('sync');
    const slugs = data.repositories.map(({ slug }) => slug);
    for (const slug of slugs) mergePullRequest(data, 'PAY', slug, 1, aMoment);
    world.port.reset();
    world.bitbucket.reset();
    const answered = new Set<string>();
    for (const slug of slugs) {
      world.bitbucket.fail({
        when: ({ path }) => path.endsWith(`/${slug}/pullrequests`),
        fault: {
          type: 'changed',
          change: (answer) => {
            if (answer.status === 200) answered.add(`${slug}1`);
            return answer;
          },
        },
      });
    }
    // Of the hour's requests, a few are left to this run.
    world.bitbucket.spend(WORKSPACE_TOKEN, 1_000 - 8);

    const { exitCode, result } = await world.run('sync --timeout 10m --deletion-threshold 1', {
      clock: withinTime(world.clock, 600_000),
    });

    expect(exitCode).toBe(4);
    expect(refusals(world.clock.waits)).toEqual([]);
    expect(result).toMatch(/pull-request: coverage \d+\/12/u);
    expect(result).toContain('2026-01-01T01:01:00Z');
    expect(answered.size).toBeLessThan(REPOSITORIES);
    const deleted = world.port.writes.flatMap((write) =>
      write.type === 'entity-deleted' ? [write.identifier] : [],
    );
    expect(deleted.filter((identifier) => !answered.has(identifier))).toEqual([]);
  });
});

describe('an answer that leads to another origin', () => {
  const leads: Readonly<Record<string, (address: string) => Fault>> = {
    'a next page': (address) => ({
      type: 'changed',
      change: (answer) => ({
        ...answer,
        body: Object.assign({}, answer.body, { next: `${address}/2.0/page` }),
      }),
    }),
    'a redirect': (address) => ({
      type: 'answer',
      answer: { status: 302, headers: { location: `${address}/2.0/page` } },
    }),
  };
  const places = {
    'the list of repositories': '/repositories/fernlicht',
    'the pull requests of a repository': '/service-1/pullrequests',
  };

  describe.each(Object.entries(leads))('by %s', (_lead, faultTo) => {
    it.each(Object.entries(places))('is not followed from %s', async (_place, ending) => {
      const elsewhere = await startLoopbackServer(() => ({ status: 200, body: { values: [] } }));
      try {
        world = await startCloudWorld(company());
        world.bitbucket.fail({
          // The probe, which asks for ten, is left alone.
          when: ({ path, query }) => path.endsWith(ending) && query.get('pagelen') !== '10',
          fault: faultTo(elsewhere.url),
        });

        const { exitCode } = await world.run('sync');

        expect(exitCode).toBe(4);
        expect(elsewhere.requests).toEqual([]);
      } finally {
        await elsewhere.close();
      }
    });
  });
});

describe('a redirect to another origin', () => {
  const user = { OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: undefined };
  const credentials: readonly Credential[] = [
    { type: 'api-token', email: 'admin@example.com', token: 'api-secret', scopes: readPermissions },
    { type: 'app-password', username: 'admin', password: 'app-secret', accepted: true },
  ];

  it.each([
    [
      'an API token',
      { BITBUCKET_USER_EMAIL: 'admin@example.com', BITBUCKET_USER_SCOPED_TOKEN: 'api-secret' },
    ],
    ['an app password', { BITBUCKET_USERNAME: 'admin', BITBUCKET_APP_PASSWORD: 'app-secret' }],
  ])('is not followed with %s either', async (_name, env) => {
    const elsewhere = await startLoopbackServer(() => ({ status: 200, body: { values: [] } }));
    try {
      world = await startCloudWorld(company(), { bitbucket: { credentials } });
      world.bitbucket.fail({
        when: ({ path }) => path.endsWith('/service-1/pullrequests'),
        fault: { type: 'answer', answer: { status: 307, headers: { location: elsewhere.url } } },
      });

      const { exitCode, result } = await world.run('sync', { env: { ...user, ...env } });

      expect(exitCode).toBe(4);
      expect(result).toContain('redirects to another origin');
      expect(elsewhere.requests).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });
});

describe('the requests of a run', () => {
  it('are the fewest that 120 repositories with 800 open pull requests take', async () => {
    const repositories = 120;
    const data = withFile(
      largeCompany({ projects: 20, repositories, pullRequests: 8_000 }),
      '.bitbucket/CODEOWNERS',
    );
    const open = data.repositories.flatMap((repository) => {
      const shelf = pullRequestsOf(data, repository);
      return Array.from({ length: shelf.length }, (_, index) => shelf.at(index)).flatMap(
        (pullRequest) =>
          pullRequest?.state === 'OPEN' ? `${repository.slug}${pullRequest.id}` : [],
      );
    });
    expect(open).toHaveLength(800);
    world = await startCloudWorld(data);

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    const probe = 1;
    const projects = 1;
    const listing = Math.ceil(repositories / 100);
    const pullRequests = repositories;
    const readmeAndCodeowners = 2 * repositories;
    const fewest = probe + projects + listing + pullRequests + readmeAndCodeowners;
    expect(fewest).toBe(364);
    expect(world.bitbucket.requests).toHaveLength(fewest);
    expect(result).toContain(`${fewest} requests to Bitbucket`);
    // Slug and number stand together in the identifier, so that a few of them are the same.
    expect(world.identifiers('bitbucketPullRequest')).toEqual([...new Set(open)].sort());
  });

  it('are one more for each repository whose code owners are not in the first place', async () => {
    const data = withFile(company(), 'CODEOWNERS');
    world = await startCloudWorld(data);

    expect((await world.run('sync')).exitCode).toBe(0);

    const reads = world.bitbucket.requests.filter(({ path }) => path.includes('/src/'));
    expect(reads).toHaveLength(3 * data.repositories.length);
  });
});
