import { z } from 'zod';
import type { Answer } from '../../src/sandbox/loopback.js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { changeRepository } from '../../src/sandbox/company/changes.js';
import type { Company, Pipeline } from '../../src/sandbox/company/company.js';
import { commitId } from '../../src/sandbox/company/identifiers.js';
import { aCommit, aCompany } from '../world/a-company.js';
import {
  deletedIn,
  entityWrites,
  FLAVOURS,
  type KindWorld,
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

const main = aCommit({ id: commitId('main') });
const next = aCommit({ id: commitId('next') });

/** A run of an hour, which began so many days ago. */
function aRun(number: number, days: number, difference: Partial<Pipeline> = {}): Pipeline {
  const startedAt = NOW - days * DAY;
  return {
    number,
    branch: 'main',
    commit: main.id,
    creator: 'admin',
    startedAt,
    finished: { at: startedAt + HOUR, result: 'SUCCESSFUL' },
    ...difference,
  };
}

const RUNS = [
  aRun(1, 100),
  aRun(2, 20, { branch: 'release/1', commit: next.id }),
  aRun(3, 10, { deploysTo: 'Production' }),
  aRun(4, 1, { finished: { at: NOW - DAY + HOUR, result: 'FAILED' } }),
];

/** `api` has runs on two branches, `blog` one of today, `kiosk` nothing. */
function aCompanyWithRuns(runs: readonly Pipeline[] = RUNS): Company {
  return aCompany()
    .withRepository('PAY', 'api', {
      commits: [main],
      branches: { 'release/1': { files: {}, commit: next } },
      pipelines: runs,
      environments: [
        { name: 'Staging', type: 'Staging' },
        { name: 'Production', type: 'Production' },
      ],
    })
    .withRepository('PAY', 'blog', {
      commits: [aCommit({ id: commitId('blog') })],
      pipelines: [aRun(1, 0, { commit: commitId('blog'), deploysTo: 'Production' })],
      environments: [{ name: 'Production', type: 'Production' }],
    })
    .withRepository('PAY', 'kiosk', { empty: true })
    .build();
}

const asked = (end: string) =>
  world.bitbucket.requests.filter(({ path }) => path.endsWith(end)).length;

async function start(
  flavour: (typeof FLAVOURS)[number],
  kind: string,
  company: Company,
  selector = {},
): Promise<void> {
  world = await startKindWorld(flavour, company, kind, selector);
  const { exitCode, result } = await world.run('sync');
  if (exitCode !== 0) throw new Error(result);
  world.forget();
}

describe.each(FLAVOURS)('pipelines of %s', (flavour) => {
  const isCloud = flavour === 'bitbucket-cloud';
  const runs = (slug: string, ...names: readonly string[]) =>
    names.map((name) =>
      isCloud ? `fernlicht/${slug}/pipelines/${name}` : `PAY/${slug}/branches/${name}`,
    );
  const loaded = () => world.identifiers('bitbucketPipeline');
  const all = isCloud
    ? [...runs('api', '2', '3', '4'), ...runs('blog', '1')]
    : [
        ...runs('api', 'main/builds/api-build', 'main/builds/api-deploy-Production'),
        ...runs('blog', 'main/builds/blog-deploy-Production'),
      ];

  it('are loaded with their result, and unchanged ones are not written again', async () => {
    await start(flavour, 'pipeline', aCompanyWithRuns());

    expect(loaded()).toEqual(all);
    const [failed = ''] = isCloud ? runs('api', '4') : all;
    expect(world.port.entity('bitbucketPipeline', failed)).toMatchObject({
      properties: {
        status: 'FAILED',
        number: '4',
        branch: 'main',
        commit: main.id,
        startedAt: expect.stringContaining('2025-12-31T00:00:00'),
        finishedAt: expect.stringContaining('2025-12-31T01:00:00'),
        url: expect.stringMatching(isCloud ? /\/api\/pipelines\/results\/4$/ : /api-build\/4$/),
      },
      relations: { repository: isCloud ? 'fernlicht/api' : 'PAY/api' },
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(entityWrites(world)).toEqual([]);
    for (const slug of ['api', 'blog', 'kiosk']) {
      expect(asked(isCloud ? `/${slug}/pipelines` : `/${slug}/branches`)).toBe(1);
    }
    // One for each default branch.
    if (!isCloud) expect(asked(main.id) + asked(commitId('blog'))).toBe(2);
  });

  it('are tried by check, as far as a permission of their own goes', async () => {
    await start(flavour, 'pipeline', aCompanyWithRuns());
    const end = isCloud ? '/api/pipelines' : main.id;
    world.bitbucket.fail({ when: ({ path }) => path.endsWith(end), fault: status(403) });
    const { exitCode, result } = await world.run('check');
    expect(exitCode).toBe(3);
    expect(result).toContain(isCloud ? 'pipelines of api' : 'builds of PAY/api');
  });

  it('are taken by the branches that the selector names', async () => {
    await start(flavour, 'pipeline', aCompanyWithRuns(), { branches: ['release/*'] });
    expect(loaded()).toEqual(
      isCloud ? runs('api', '2') : runs('api', 'release/1/builds/api-build'),
    );
    expect(world.bitbucket.requests.map(({ query }) => query.get('target.branch'))).not.toContain(
      'release/*',
    );
  });

  it('of a branch that the selector names alone are the only ones that are asked for', async () => {
    const company = aCompanyWithRuns();
    await start(flavour, 'pipeline', company, { branches: ['main'] });
    expect(loaded()).toEqual(isCloud ? all.filter((name) => !name.endsWith('/2')) : all);
    await world.run('sync');
    const names = world.bitbucket.requests.flatMap(({ query }) => query.get('target.branch') ?? []);
    expect(names).toEqual(isCloud ? ['main', 'main', 'main'] : []);
  });

  it('are those of their own repository, also where a fork has the same commit', async () => {
    const company = aCompanyWithRuns();
    await start(flavour, 'pipeline', {
      ...company,
      repositories: company.repositories.map((one) =>
        one.slug === 'blog'
          ? { ...one, commits: [main], pipelines: [aRun(9, 1), aRun(10, 1, { commit: next.id })] }
          : one,
      ),
    });
    expect(loaded()).toEqual([
      ...all.filter((name) => name.includes('/api/')),
      ...(isCloud ? runs('blog', '10', '9') : runs('blog', 'main/builds/blog-build')),
    ]);
  });

  it('go once they are gone from Bitbucket, others stay', async () => {
    const company = aCompanyWithRuns();
    await start(flavour, 'pipeline', company);
    changeRepository(company, 'PAY', 'blog', { pipelines: [] });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletedIn(world)).toEqual([`bitbucketPipeline ${all.at(-1)}`]);
  });

  it('stay where they cannot be read, while those of other repositories go', async () => {
    const company = aCompanyWithRuns();
    await start(flavour, 'pipeline', company);
    for (const slug of ['api', 'blog']) changeRepository(company, 'PAY', slug, { pipelines: [] });
    const end = isCloud ? '/api/pipelines' : main.id;
    world.bitbucket.fail({ when: ({ path }) => path.endsWith(end), fault: status(404) });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(result).toContain(
      `${isCloud ? 'pipelines of fernlicht/api' : 'builds of PAY/api'} could not be read`,
    );
    expect(loaded()).toEqual(all.slice(0, -1));
  });

  it('leave the catalog as a window moves on, unless they are to stay', async () => {
    const selector = { updatedWithin: '15d' };
    await start(flavour, 'pipeline', aCompanyWithRuns(), selector);
    const young = all.filter((name) => !name.endsWith('/pipelines/2'));
    expect(loaded()).toEqual(young);
    world.clock.advance(6 * DAY);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(loaded()).toEqual(young.filter((name) => !/\/pipelines\/3|api-deploy/.test(name)));
  });

  it('stay with keepOutdated', async () => {
    await start(flavour, 'pipeline', aCompanyWithRuns(), {
      updatedWithin: '15d',
      keepOutdated: true,
    });
    const before = loaded();
    world.clock.advance(40 * DAY);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(loaded()).toEqual(before);
  });

  it('stay where nothing tells when they ran', async () => {
    await start(flavour, 'pipeline', aCompanyWithRuns(), { updatedWithin: '15d' });
    const before = loaded();
    world.bitbucket.fail({
      when: ({ path }) => path.endsWith(isCloud ? '/api/pipelines' : main.id),
      fault: without(['created_on', 'createdDate', 'updatedDate']),
    });
    expect((await world.run('sync')).exitCode).toBe(4);
    expect(loaded()).toEqual(before);
  });
});

describe('many pipelines of Bitbucket Cloud', () => {
  /** One a day; the newest is of today. */
  const daily = (count: number) =>
    Array.from({ length: count }, (_, index) => aRun(index + 1, count - 1 - index));
  const ofApi = () => world.identifiers('bitbucketPipeline').filter((name) => name.includes('api'));

  it('are read page by page, though no answer names the next one', async () => {
    await start('bitbucket-cloud', 'pipeline', aCompanyWithRuns(daily(250)), {
      updatedWithin: null,
    });
    expect(ofApi()).toHaveLength(250);
    await world.run('sync');
    expect(asked('/api/pipelines')).toBe(3);
  });

  it('are read page by page where an answer does not even tell how many there are', async () => {
    world = await startKindWorld('bitbucket-cloud', aCompanyWithRuns(daily(200)), 'pipeline', {
      updatedWithin: null,
    });
    const when = ({ path }: { readonly path: string }) => path.endsWith('/api/pipelines');
    world.bitbucket.fail({ when, fault: without(['size']) });
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(ofApi()).toHaveLength(200);
    // A full page may be the last one.
    expect(asked('/api/pipelines')).toBe(3);
  });

  it('stay where pages are shorter than asked for, and say no more than that', async () => {
    await start('bitbucket-cloud', 'pipeline', aCompanyWithRuns(daily(4)), { updatedWithin: null });
    const cut = ({ body, ...answer }: Answer): Answer => {
      const { values } = z.object({ values: z.array(z.unknown()) }).parse(body);
      return { ...answer, body: { pagelen: 2, values: values.slice(0, 2) } };
    };
    world.forget();
    world.bitbucket.fail({
      when: ({ path, query }) =>
        path.endsWith('/api/pipelines') && (query.get('page') ?? '1') === '1',
      fault: { type: 'changed', change: cut },
    });
    await world.run('sync');
    expect(asked('/api/pipelines')).toBeGreaterThan(1);
    expect(ofApi()).toHaveLength(4);
  });

  it('are all kept where fewer come than the answer speaks of', async () => {
    const company = aCompanyWithRuns(daily(150));
    await start('bitbucket-cloud', 'pipeline', company, { updatedWithin: null });
    changeRepository(company, 'PAY', 'api', { pipelines: [] });
    world.bitbucket.fail({
      when: ({ path }) => path.endsWith('/api/pipelines'),
      fault: { type: 'answer', answer: { status: 200, body: { size: 150, page: 1, values: [] } } },
    });
    expect((await world.run('sync')).exitCode).toBe(4);
    expect(ofApi()).toHaveLength(150);
  });

  it('are read no further than the window reaches', async () => {
    const company = aCompanyWithRuns(daily(250));
    await start('bitbucket-cloud', 'pipeline', company, { updatedWithin: '2172h' });

    expect(ofApi()).toHaveLength(91);
    await world.run('sync');
    expect(asked('/api/pipelines')).toBe(1);
  });

  it('are read to the end where what is newest does not come first', async () => {
    const [first, ...others] = daily(150);
    if (first === undefined) throw new Error('no run');
    const company = aCompanyWithRuns([...others, { ...first, startedAt: NOW - 140 * DAY }]);
    await start('bitbucket-cloud', 'pipeline', company, { updatedWithin: '2172h' });
    expect(ofApi()).toHaveLength(91);
    await world.run('sync');
    expect(asked('/api/pipelines')).toBe(2);
  });
});

describe.each([
  { kind: 'deployment', blueprint: 'bitbucketDeployment', listing: 'deployments', ofApi: 1 },
  { kind: 'environment', blueprint: 'bitbucketEnvironment', listing: 'environments', ofApi: 2 },
])('$listing of Bitbucket Cloud', ({ kind, blueprint, listing, ofApi }) => {
  const loaded = () => world.identifiers(blueprint);
  const of = (slug: string) => loaded().filter((name) => name.startsWith(`fernlicht/${slug}/`));
  const nothing = { pipelines: [], environments: [] };

  it('are loaded, and unchanged ones are not written again', async () => {
    await start('bitbucket-cloud', kind, aCompanyWithRuns());
    expect([of('api').length, of('blog').length]).toEqual([ofApi, 1]);
    const { exitCode } = await world.run('sync');
    expect(exitCode).toBe(0);
    expect(entityWrites(world)).toEqual([]);
    for (const slug of ['api', 'blog', 'kiosk']) expect(asked(`/${slug}/${listing}`)).toBe(1);
  });

  it('go once they are gone from Bitbucket, and stay where they cannot be read', async () => {
    const company = aCompanyWithRuns();
    await start('bitbucket-cloud', kind, company);
    for (const slug of ['api', 'blog']) changeRepository(company, 'PAY', slug, nothing);
    const end = `/api/${listing}`;
    world.bitbucket.fail({ when: ({ path }) => path.endsWith(end), fault: status(403) });

    expect((await world.run('sync')).exitCode).toBe(4);

    expect([of('api').length, of('blog').length]).toEqual([ofApi, 0]);
  });
});

describe('deployments of Bitbucket Cloud', () => {
  it('tell what was deployed where, and leave the catalog as a window moves on', async () => {
    await start('bitbucket-cloud', 'deployment', aCompanyWithRuns());
    const [ofApi = '', ofBlog = ''] = world.identifiers('bitbucketDeployment');
    expect(world.port.entity('bitbucketDeployment', ofApi)).toMatchObject({
      title: '#3',
      properties: {
        status: 'SUCCESSFUL',
        release: '#3',
        commit: main.id,
        url: expect.stringMatching(/\/api\/pipelines\/results\/3$/),
        startedAt: expect.stringContaining('2025-12-22T00:00:00'),
        finishedAt: expect.stringContaining('2025-12-22T01:00:00'),
      },
    });
    world.clock.advance(85 * DAY);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(world.identifiers('bitbucketDeployment')).toEqual([ofBlog]);
  });
});
