import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { mergePullRequest, renameRepository } from '../../src/sandbox/company/changes.js';
import type { Company, Happening } from '../../src/sandbox/company/company.js';
import { requireRepository } from '../../src/sandbox/company/lookup.js';
import { aCompany } from '../world/a-company.js';
import {
  entityWrites,
  FLAVOURS,
  type KindWorld,
  putSelector,
  startKindWorld,
  without,
} from './kinds-world.js';
import { status } from './safety-world.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** When the clock of a world begins. */
const NOW = Date.UTC(2026, 0, 1);

let world: KindWorld;

afterEach(async () => {
  await world.close();
});

/** Of `api`: 1 open, 2 merged, 3 declined, 4 merged long ago; of `blog`: 1 open. */
function aCompanyWithPullRequests(): Company {
  const changed = (days: number) => ({
    createdDate: NOW - (days + 1) * DAY,
    updatedDate: NOW - days * DAY,
  });
  const company = aCompany()
    .withRepository('PAY', 'api')
    .withRepository('PAY', 'blog')
    .withPullRequest('PAY', 'api', changed(2))
    .withPullRequest('PAY', 'api', changed(30))
    .withPullRequest('PAY', 'api', {
      ...changed(5),
      state: 'DECLINED',
      closedDate: NOW - 5 * DAY,
    })
    .withPullRequest('PAY', 'api', changed(200))
    .withPullRequest('PAY', 'blog', changed(3))
    .build();
  mergePullRequest(company, 'PAY', 'api', 2, NOW - 29 * DAY);
  mergePullRequest(company, 'PAY', 'api', 4, NOW - 199 * DAY);
  return company;
}

describe.each(FLAVOURS)('pull requests of %s', (flavour) => {
  const isCloud = flavour === 'bitbucket-cloud';
  const owner = isCloud ? 'fernlicht' : 'PAY';
  const of = (slug: string, ...ids: readonly number[]) =>
    ids.map((id) => `${owner}/${slug}/pull-requests/${id}`);
  const listing = isCloud ? 'pullrequests' : 'pull-requests';
  const isListing =
    (slug: string) =>
    ({ path }: { readonly path: string }): boolean =>
      path.endsWith(`/${slug}/${listing}`);
  const loaded = () => world.identifiers('bitbucketPullRequest');

  async function start(company: Company, selector = {}): Promise<void> {
    world = await startKindWorld(flavour, company, 'pull-request', selector);
    const { exitCode, result } = await world.run('sync');
    if (exitCode !== 0) throw new Error(result);
    world.forget();
  }

  it('are loaded by state and window, with the time and the commit of their merge', async () => {
    const company = aCompanyWithPullRequests();
    await start(company);

    expect(loaded()).toEqual([...of('api', 1, 2), ...of('blog', 1)]);
    const [open = '', merged = ''] = of('api', 1, 2);
    const { id } = requireRepository(company, 'PAY', 'api');
    const commit = company.pullRequests.get(id)?.find(2)?.mergeCommit ?? '';
    const entity = world.port.entity('bitbucketPullRequest', merged);
    expect(entity?.properties).toMatchObject({
      mergedAt: expect.stringContaining('2025-12-03T00:00:00'),
      [isCloud ? 'mergeCommit' : 'merge_commit']: isCloud ? commit.slice(0, 12) : commit,
      leadTimeHours: 48,
    });
    const { properties } = world.port.entity('bitbucketPullRequest', open) ?? {};
    expect([properties?.mergedAt ?? null, properties?.leadTimeHours ?? null]).toEqual([null, null]);

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(entityWrites(world)).toEqual([]);
    for (const slug of ['api', 'blog']) {
      expect(world.bitbucket.requests.filter(isListing(slug))).toHaveLength(1);
    }
  });

  it('leave the catalog as a window moves on, unless they are to stay', async () => {
    await start(aCompanyWithPullRequests(), { updatedWithin: '30d' });
    expect(loaded()).toEqual([...of('api', 1, 2), ...of('blog', 1)]);
    world.clock.advance(2 * DAY);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(loaded()).toEqual([...of('api', 1), ...of('blog', 1)]);

    putSelector(world, flavour, 'pull-request', { updatedWithin: '30d', keepOutdated: true });
    world.clock.advance(60 * DAY);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(loaded()).toEqual([...of('api', 1), ...of('blog', 1)]);
  });

  it('that are too old stay under the old name of their repository, and the others go', async () => {
    const company = aCompanyWithPullRequests();
    await start(company, { updatedWithin: '30d', keepOutdated: true });
    expect(loaded()).toEqual([...of('api', 1, 2), ...of('blog', 1)]);
    world.clock.advance(2 * DAY);
    renameRepository(company, 'PAY', 'api', 'gateway');

    expect((await world.run('sync')).exitCode).toBe(0);

    // The built-in Cloud does not know old names, and says of them that there is no such repository.
    const old = isCloud ? [] : of('api', 2);
    const both = [...old, ...of('blog', 1), ...of('gateway', 1)];
    expect(loaded()).toEqual(both);
    world.clock.advance(60 * DAY);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(loaded()).toEqual(both);
  });

  it('stay where their repository cannot be read', async () => {
    await start(aCompanyWithPullRequests());
    world.clock.advance(200 * DAY);
    world.bitbucket.fail({ when: isListing('api'), fault: status(403) });

    expect((await world.run('sync')).exitCode).toBe(4);

    expect(loaded()).toEqual(of('api', 1, 2));
  });

  it('that are of another state by now go', async () => {
    const company = aCompanyWithPullRequests();
    await start(company, { states: ['OPEN'], updatedWithin: null });
    expect(loaded()).toEqual([...of('api', 1), ...of('blog', 1)]);
    mergePullRequest(company, 'PAY', 'blog', 1, NOW);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(loaded()).toEqual(of('api', 1));
  });

  it.each([
    [{ states: ['MERGED'], updatedWithin: null }, of('api', 2, 4)],
    [{ states: ['MERGED'], updatedWithin: '90d' }, of('api', 2)],
    [{ states: ['OPEN', 'DECLINED'], updatedWithin: null }, [...of('api', 1, 3), ...of('blog', 1)]],
    [{ states: [], updatedWithin: '90d' }, [...of('api', 1), ...of('blog', 1)]],
    ...(isCloud
      ? [
          [
            { states: ['OPEN', 'MERGED'], updatedWithin: null, pullRequestQuery: 'id > 1' },
            of('api', 2, 4),
          ] as const,
          [
            { states: null, updatedWithin: '90d', pullRequestQuery: 'id=1 OR id=3 OR id=4' },
            [...of('api', 1, 3), ...of('blog', 1)],
          ] as const,
        ]
      : [
          [
            { states: null, state: 'ALL', updatedWithin: '3d' },
            [...of('api', 1), ...of('blog', 1)],
          ] as const,
        ]),
  ])('are taken by %j', async (selector, identifiers) => {
    await start(aCompanyWithPullRequests(), selector);
    expect(loaded()).toEqual(identifiers);
  });
});

/** Of `api`: 1 was opened and closed lately; 2 long ago, and changed lately; 3 is too old. */
function aReviewedCompany(): Company {
  const happened = (hours: number, what: Happening['what'], by = 'ann') => ({
    at: NOW - hours * HOUR,
    what,
    by,
  });
  return aCompany()
    .withUser({ name: 'ann' })
    .withRepository('PAY', 'api')
    .withRepository('PAY', 'blog')
    .withPullRequest('PAY', 'api', {
      createdDate: NOW - 72 * HOUR,
      updatedDate: NOW - 24 * HOUR,
      activity: [
        happened(70, 'comment', 'admin'),
        happened(48, 'changes'),
        happened(40, 'push', 'admin'),
        happened(24, 'approval'),
      ],
    })
    .withPullRequest('PAY', 'api', {
      createdDate: NOW - 900 * DAY,
      updatedDate: NOW - 10 * HOUR,
      activity: [happened(800 * 24, 'comment'), happened(10, 'approval')],
    })
    .withPullRequest('PAY', 'api', {
      createdDate: NOW - 400 * DAY,
      updatedDate: NOW - 300 * DAY,
      activity: Array.from({ length: 60 }, (_, index) => happened(9_000 - index, 'comment')),
    })
    .withPullRequest('PAY', 'blog', { createdDate: NOW - DAY, updatedDate: NOW - DAY })
    .build();
}

describe.each(FLAVOURS)('reviews of pull requests of %s', (flavour) => {
  const isCloud = flavour === 'bitbucket-cloud';
  const owner = isCloud ? 'fernlicht' : 'PAY';
  const isLog = ({ path }: { readonly path: string }): boolean => /\/activit(?:y|ies)$/.test(path);
  const logs = () => world.bitbucket.requests.filter(isLog).map(({ path }) => path);
  const titles = () =>
    world
      .identifiers('bitbucketPullRequest')
      .map((name) => world.port.entity('bitbucketPullRequest', name)?.title ?? '');
  const told = { title: '.__review | tojson' };
  const lately = { states: ['OPEN'], updatedWithin: '30d', withActivity: true };
  const facts = [
    '{"approvedAt":"2025-12-31T00:00:00Z","comments":0,"firstReviewAt":"2025-12-30T00:00:00Z","rounds":2}',
    '{"approvedAt":"2025-12-31T14:00:00Z","comments":1,"firstReviewAt":"2023-10-24T00:00:00Z","rounds":1}',
    '{"approvedAt":null,"comments":0,"firstReviewAt":null,"rounds":0}',
  ];

  it('are told of those that the selector takes, and read no further back than these need', async () => {
    world = await startKindWorld(flavour, aReviewedCompany(), 'pull-request', lately, told);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(titles().map(sorted)).toEqual(facts);
    expect(logs().sort()).toEqual(
      isCloud
        ? [
            // The first log comes to the end of the window with its first page.
            expect.stringMatching(/\/api\/pullrequests\/2\/activity$/),
            expect.stringMatching(/\/api\/pullrequests\/activity$/),
            expect.stringMatching(/\/blog\/pullrequests\/activity$/),
          ]
        : [
            expect.stringMatching(/\/api\/pull-requests\/1\/activities$/),
            expect.stringMatching(/\/api\/pull-requests\/2\/activities$/),
            expect.stringMatching(/\/blog\/pull-requests\/1\/activities$/),
          ],
    );

    world.forget();
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(entityWrites(world)).toEqual([]);
  });

  it.each([
    ['the selector does not want them', { ...lately, withActivity: false }, told],
    ['no expression uses them', lately, {}],
  ])('are not asked for where %s', async (_, selector, mappings) => {
    world = await startKindWorld(flavour, aReviewedCompany(), 'pull-request', selector, mappings);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(logs()).toEqual([]);
  });

  it.each([
    ['may not be read', status(403)],
    ['do not tell when something happened', without(['createdDate', 'date'])],
  ])('that %s clear nothing, and everything else is loaded', async (_, fault) => {
    const company = aReviewedCompany();
    world = await startKindWorld(flavour, company, 'pull-request', lately, told);
    await world.run('sync');
    world.bitbucket.fail({ when: isLog, fault });
    world.clock.advance(60_000);
    mergePullRequest(company, 'PAY', 'api', 1, NOW);
    const { exitCode, result } = await world.run('sync');
    expect(exitCode).toBe(4);
    expect(result).toContain('__review');
    expect(world.identifiers('bitbucketPullRequest')).toEqual([
      `${owner}/api/pull-requests/2`,
      `${owner}/blog/pull-requests/1`,
    ]);
    expect(titles().map(sorted)).toEqual(facts.slice(1));
  });
});

/** The same facts in the order of their names. */
function sorted(text: string): string {
  const facts = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  return JSON.stringify(Object.fromEntries(Object.entries(facts).sort()));
}
