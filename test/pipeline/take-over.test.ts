import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isJsonArray, type JsonObject, type JsonValue } from '../../src/model/json.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { shareWorld } from '../world/share-world.js';
import { upsertedIn } from './loading-world.js';
import {
  deletedIn,
  IDENTIFIER,
  mappingOf,
  putBlueprints,
  putMapping,
  resource,
} from './safety-world.js';
import { aCompanyOfFour, aProcess, at, ended, GONE_WITH_SHOP } from './stop-world.js';

/** The version of the program that loaded the catalog before. */
const OCEAN = '0.48.0';
const OCEAN_SOURCE = `port-ocean/bitbucket-server/${OCEAN}/${IDENTIFIER}/exporter`;

let world: World;

/** Has each test of a `describe` close the world that it began. */
function closeEach(): void {
  afterEach(() => world.close());
}

const versionInPort = (): string | undefined => world.port.integration(IDENTIFIER)?.version;

/** A catalog that a program of the given version loaded, before a repository went away. */
async function loadedBy(version: string): Promise<World> {
  const company = aCompanyOfFour();
  world = await startWorld(company);
  expect((await world.run('sync')).exitCode).toBe(0);
  removeRepository(company, 'PAY', 'shop');
  const record = world.port.integration(IDENTIFIER);
  // An older version than the mark, or another program.
  putMapping(world, record?.config ?? null, { version, spec: {} });
  world.port.reset();
  world.bitbucket.reset();
  return world;
}

/** A full run that only tells what the next one deletes, and that next one. */
async function tellsAndThenDeletes(): Promise<void> {
  const telling = await world.run('sync');
  expect(telling.exitCode).toBe(0);
  expect(telling.result).toContain(`was loaded by ${OCEAN} until now`);
  expect(telling.result).toContain('would delete 4 entities');
  expect(deletedIn(world)).toEqual([]);
  expect(versionInPort()).toMatch(/^bitbucket-port-/u);

  const deleting = await world.run('sync');
  expect(deleting.exitCode).toBe(0);
  expect(deleting.result).not.toContain(OCEAN);
  expect(deletedIn(world)).toEqual(GONE_WITH_SHOP);
}

describe('the first run over what another program loaded', () => {
  closeEach();

  it('tells what the next one deletes, and signs the record', async () => {
    await loadedBy(OCEAN);
    await tellsAndThenDeletes();
  });
});

describe('a run over what another program loaded', () => {
  shareWorld(
    () => loadedBy(OCEAN),
    (shared) => {
      world = shared;
    },
  );

  /** Nothing is deleted, and what the integration remembers is left as it was: the next run is the first again. */
  function expectNotCounted(): void {
    const { version, spec } = world.port.integration(IDENTIFIER) ?? {};
    expect({ version, spec }).toEqual({ version: OCEAN, spec: {} });
    expect(deletedIn(world)).toEqual([]);
  }

  it.each<[string, Readonly<Record<string, string>>]>([
    ['sync --kinds project', {}],
    ['sync --kinds repository,pull-request', {}],
    ['sync --projects PAY', {}],
    ['sync', { PULL_REQUEST_STATE: 'OPEN' }],
    ['sync --no-delete', {}],
    ['sync --deletion-threshold 0', {}],
  ])('does not count as `%s` with %j', async (line, env) => {
    const { exitCode } = await world.run(line, env);

    expect(exitCode).toBe(0);
    expectNotCounted();
  });

  const down: Fault = { type: 'answer', answer: { status: 500, body: 'down' } };
  const searchOf = (blueprint: string) => (request: RecordedRequest) =>
    request.path.endsWith(`/${blueprint}/entities/search`);
  /** Only the last look at what is due asks for entities by their names. */
  const lastLook = (request: RecordedRequest): boolean =>
    searchOf('bitbucketPullRequest')(request) && request.body.includes('"$identifier"');

  it.each<[string, 'bitbucket' | 'port', (request: RecordedRequest) => boolean]>([
    ['a root listing', 'bitbucket', ({ path }) => path.endsWith('/users')],
    ['the catalog of one blueprint', 'port', searchOf('bitbucketUser')],
    ['the catalog of what is gone', 'port', searchOf('bitbucketPullRequest')],
    ['what is gone once more', 'port', lastLook],
    ['all that is ours', 'port', ({ path }) => path.endsWith('/datasource-entities')],
  ])('does not count when it could not read %s', async (_name, server, when) => {
    world[server].fail({ when, fault: down });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expectNotCounted();
  });

  it('does not count when it was stopped', async () => {
    const process = aProcess(world, 'sync');
    at(world, { server: 'bitbucket', path: '/api/pull-requests' }, () => {
      process.signal('SIGTERM');
    });

    expect((await ended(world, process)).exitCode).toBe(143);

    expectNotCounted();
  });

  it(
    'that counts comes after all of these: it tells, and the next one deletes',
    tellsAndThenDeletes,
  );
});

describe('what the first run changes', () => {
  closeEach();

  /** What only this program fills, as the one before left it, and what it spelled in its own way. */
  function asTheContainerLeftIt(): void {
    for (const blueprint of ['bitbucketRepository', 'bitbucketPullRequest']) {
      for (const { identifier, title, properties, relations } of world.port.entities(blueprint)) {
        const held: Record<string, JsonValue> = { ...properties };
        delete held.documentation;
        if (held.description === null) delete held.description;
        if (isJsonArray(held.reviewers ?? null))
          held.reviewers = ['bo@example.com', 'ana@example.com'];
        for (const moment of ['created_on', 'updated_on']) {
          const text = held[moment];
          if (typeof text === 'string') held[moment] = text.replace('Z', '.000+00:00');
        }
        const entity = {
          identifier,
          title,
          properties: held,
          relations: { ...relations, latestCommitAuthor: null },
        };
        if (blueprint === 'bitbucketPullRequest')
          Reflect.deleteProperty(entity.relations, 'latestCommitAuthor');
        world.port.putEntity(blueprint, entity, { datasource: OCEAN_SOURCE });
      }
    }
  }

  beforeEach(async () => {
    const company = aCompany()
      .withRepository('PAY', 'api', { files: { 'README.md': '# API' } })
      .withPullRequest('PAY', 'api', { reviewers: ['ana', 'bo'] })
      .build();
    world = await startWorld(company);
    await world.run('sync');
    const config = world.port.integration(IDENTIFIER)?.config ?? null;
    putMapping(world, config, { version: OCEAN, spec: {} });
    asTheContainerLeftIt();
    world.port.reset();
  });

  const SAID =
    `repository: the first sync changes properties.documentation, relations.latestCommitAuthor: ` +
    `they are made of __readme, __latestCommit, which ${OCEAN} does not read`;

  it.each(['check', 'plan', 'sync'])('is said by `%s`, with the reason', async (command) => {
    const { result } = await world.run(command);
    expect(result).toContain(SAID);
    expect(result).toContain('To keep them as they are, take them out of the mapping');
  });

  it('is said once, and nothing else is written: no order, no spelling, no null', async () => {
    await world.run('sync');

    expect(upsertedIn(world)).toEqual(['api']);
    expect((await world.run('sync')).result).not.toContain('the first sync changes');
    expect(upsertedIn(world)).toEqual(['api']);
  });

  it('leaves out what settings switch off', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'take-over-')), 'port.yml');
    await writeFile(path, 'sync: {enrich: [latestCommit]}\n');
    for (const command of ['check', 'plan']) {
      const { result } = await world.run(`${command} --config ${path}`);
      expect(result).toContain('the first sync changes relations.latestCommitAuthor: they');
    }
  });
});

describe('the record of a catalog that an earlier version of ours loaded', () => {
  closeEach();

  const EARLIER = 'bitbucket-port-0.0.1';

  it('is signed by a whole run, and the next one deletes what is gone', async () => {
    await loadedBy(EARLIER);

    const first = await world.run('sync');

    expect(first.exitCode).toBe(0);
    expect(first.result).toContain('no run has judged deletions for this integration yet');
    expect(deletedIn(world)).toEqual([]);
    expect(versionInPort()).not.toBe(EARLIER);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(deletedIn(world)).toEqual(GONE_WITH_SHOP);
  });

  it.each(['sync --no-delete', 'sync --kinds pull-request'])(
    'is not signed by `%s`',
    async (line) => {
      await loadedBy(EARLIER);

      expect((await world.run(line)).exitCode).toBe(0);

      expect(deletedIn(world)).toEqual([]);
      expect(versionInPort()).toBe(EARLIER);
    },
  );
});

describe('a resource that computes its blueprint', () => {
  closeEach();

  const repositories = resource('repository', {
    identifier: '.slug',
    title: '.name',
    blueprint: '"bitbucketRepository"',
    properties: {},
  });

  /** A resource of projects that are loaded into what an expression names. */
  const projectsInto = (blueprint: string): JsonObject =>
    resource('project', { identifier: '.key', title: '.name', blueprint, properties: {} });

  /** Three projects and three repositories were loaded, and one repository went away. */
  async function loadedWith(projects: JsonObject, pageCap?: number): Promise<void> {
    const builder = aCompany();
    for (const key of ['ARC', 'OPS', 'PAY']) builder.withProject(key);
    for (const slug of ['api', 'shop', 'web']) builder.withRepository('PAY', slug);
    const company = builder.build();
    world = await startWorld(company, { bitbucket: pageCap === undefined ? {} : { pageCap } });
    putBlueprints(world);
    putMapping(world, mappingOf([repositories, projects]));
    expect((await world.run('sync')).exitCode).toBe(0);
    removeRepository(company, 'PAY', 'shop');
    world.port.reset();
  }

  const IN_REPOSITORIES = 'if .key then "bitbucketRepository" else "bitbucketProject" end';
  const IN_PROJECTS = 'if .key then "bitbucketProject" else "bitbucketRepository" end';

  it('and is left out keeps all that another loads into the blueprint', async () => {
    await loadedWith(projectsInto(IN_REPOSITORIES));

    const { exitCode, result } = await world.run('sync --kinds repository');

    expect(exitCode).toBe(0);
    expect(result).toContain('this run was narrowed by a flag or variable');
    expect(deletedIn(world)).toEqual([]);
    expect(world.identifiers('bitbucketRepository')).toEqual([
      'ARC',
      'OPS',
      'PAY',
      'api',
      'shop',
      'web',
    ]);
  });

  it.each([
    ['several pages is read again', 2, 4],
    ['one page is believed', undefined, 1],
  ])('and takes %s before what it may have made is deleted', async (_name, pageCap, pages) => {
    await loadedWith(projectsInto(IN_PROJECTS), pageCap);
    world.bitbucket.reset();

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(deletedIn(world)).toEqual(['bitbucketRepository shop']);
    const isListing = ({ path, query }: RecordedRequest): boolean =>
      path.endsWith('/1.0/projects') && query.get('limit') !== '1';
    expect(world.bitbucket.requests.filter(isListing)).toHaveLength(pages);
  });

  it('and could not be read to its end keeps all, in whichever blueprint', async () => {
    await loadedWith(projectsInto(IN_PROJECTS));
    world.bitbucket.fail({
      when: ({ path, query }) => path.endsWith('/1.0/projects') && query.get('limit') !== '1',
      fault: { type: 'answer', answer: { status: 500, body: {} } },
    });

    expect((await world.run('sync')).exitCode).toBe(6);

    expect(deletedIn(world)).toEqual([]);
  });
});
