import { afterEach, describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonValue } from '../../src/model/json.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import type { World } from '../world/a-world.js';
import { aProcess, at, ended } from './stop-world.js';
import { aMappedWorld, IDENTIFIER, listing, mappingOf, resource, status } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const repositories = (slug = '.slug', selector = {}) =>
  resource(
    'repository',
    { identifier: slug, title: '.name', blueprint: '"bitbucketRepository"' },
    selector,
  );
const pullRequests = resource('pull-request', {
  identifier: '.toRef.repository.slug + "-" + (.id|tostring)',
  blueprint: '"bitbucketPullRequest"',
});
const projects = resource('project', { identifier: '.key', blueprint: '"bitbucketProject"' });

async function start(resources = [projects, repositories(), pullRequests]): Promise<void> {
  const company = aCompany();
  for (let id = 1; id <= 7; id += 1) company.withRepository('PAY', `svc-${String(id)}`);
  company.withRepository('WEB', 'shop');
  world = await aMappedWorld(company.build(), mappingOf(resources));
}

const sent = (): readonly RecordedRequest[] =>
  world.port.requests.filter(({ path }) => path.endsWith('/examples'));
const slugs = (): readonly JsonValue[] =>
  world.port
    .examples(IDENTIFIER, 'repository')
    .map((item) => (isJsonObject(item) ? (item.slug ?? null) : null));

describe('raw data examples', () => {
  it('are the first five items of each kind that has any, once per kind', async () => {
    await start([projects, repositories(), pullRequests, repositories('"x-" + .slug')]);

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(sent().map(({ path }) => path.split('/').at(-2))).toEqual(['project', 'repository']);
    expect(world.port.examples(IDENTIFIER, 'project')).toHaveLength(2);
    expect(slugs()).toEqual(['svc-1', 'svc-2', 'svc-3', 'svc-4', 'svc-5']);
    const [example] = world.port.examples(IDENTIFIER, 'repository');
    expect(example).toMatchObject({ slug: 'svc-1', project: { key: 'PAY' } });
  });

  it('come from the first resource of the kind that has any, whichever is read faster', async () => {
    await start([
      repositories('.slug', { projects: ['NONE'] }),
      repositories('.slug', { projects: ['WEB'] }),
      repositories('"x-" + .slug'),
    ]);

    await world.run('sync');

    expect(slugs()).toEqual(['shop']);
  });

  it('hold no user info of clone addresses', async () => {
    await start();
    world.bitbucket.fail({
      when: listing('repos'),
      fault: {
        type: 'changed',
        change: (answer) => ({
          ...answer,
          body: JSON.parse(
            JSON.stringify(answer.body).replaceAll('http://', 'http://exporter:pw@'),
          ) as unknown,
        }),
      },
    });

    await world.run('sync');

    expect(JSON.stringify(sent())).not.toContain('pw@');
    expect(sent()).toHaveLength(2);
  });

  it('that Port refuses are one warning, and no failure', async () => {
    await start();
    world.port.fail({ when: ({ path }) => path.endsWith('/examples'), fault: status(403) });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(result.match(/sending examples of/gu)).toHaveLength(1);
    expect(sent()).toHaveLength(1);
  });

  it.each([
    ['with the setting off', 'sync', { SEND_RAW_DATA_EXAMPLES: 'false' }],
    ['by a plan', 'plan', {}],
  ])('are not sent %s', async (_, line, env) => {
    await start();
    await world.run(line, env);
    expect(sent()).toEqual([]);
  });

  it('are sent again of those kinds alone in which something changed', async () => {
    await start([projects, repositories()]);
    await world.run('sync');
    world.port.reset();
    world.bitbucket.fail({
      when: listing('repos'),
      fault: {
        type: 'changed',
        change: (answer) => ({
          ...answer,
          body: JSON.parse(JSON.stringify(answer.body).replaceAll('"svc-7"', '"svc-8"')) as unknown,
        }),
      },
    });

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(sent().map(({ path }) => path.split('/').at(-2))).toEqual(['repository']);
  });

  it('are not sent by a run that finds all as it was', async () => {
    await start();
    await world.run('sync');
    world.port.reset();

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(sent()).toEqual([]);
  });

  it('are not sent by a run that was stopped', async () => {
    await start();
    const process = aProcess(world, 'sync');
    at(world, { server: 'bitbucket', path: '/repos' }, () => {
      process.signal('SIGTERM');
    });
    expect((await ended(world, process)).exitCode).toBe(143);
    expect(sent()).toEqual([]);
  });
});

describe('a run that begins while another is under way', () => {
  const running = (minutesAgo: number): void => {
    const { port, clock } = world;
    const lastResyncStart = new Date(clock.now() - minutesAgo * 60_000).toISOString();
    port.putIntegration({
      installationId: IDENTIFIER,
      installationAppType: 'bitbucket-server',
      version: 'bitbucket-port-0.0.1',
      changelogDestination: {},
      config: mappingOf([repositories()]),
      resyncState: { status: 'running', lastResyncStart, lastResyncEnd: null },
    });
  };

  it.each([
    [5, true, 4],
    [61, false, 0],
  ])('since %i minutes is told: %s, and ends with %i', async (minutes, isTold, code) => {
    await start();
    running(minutes);

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(code);
    expect(result.includes('another run of integration')).toBe(isTold);
    const status = code === 0 ? 'completed' : 'failed';
    expect(world.port.integration(IDENTIFIER)?.resyncState).toMatchObject({ status });
  });
});
