import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import { aCompany } from '../world/a-company.js';
import type { World } from '../world/a-world.js';
import { aLoadingWorld, bulksOf, projects, repositories } from './loading-world.js';
import { deletedIn, resource, status } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

/** A Port whose missing targets of relations belong to no data source: nothing tells that it has one. */
const NO_DATA_SOURCE = { port: { stubs: 'none' as const } };

const BLUEPRINTS = {
  project: {},
  repository: { relations: { project: 'project', next: 'repository' } },
  pullRequest: { relations: { repository: 'repository' } },
};

const PROJECT = projects({ identifier: '.key', blueprint: '"project"', title: '.name' });
const REPOSITORY: JsonObject = {
  identifier: '.slug',
  blueprint: '"repository"',
  title: '.name',
  properties: { name: '.slug' },
  relations: { project: '.project.key' },
};
const PULL_REQUEST: JsonObject = {
  identifier: '.toRef.repository.slug + "-" + (.id|tostring)',
  blueprint: '"pullRequest"',
  title: '.title',
  relations: { repository: '.toRef.repository.slug' },
};

const SLUGS = ['api', 'blog', 'shop', 'web'];

function company() {
  const builder = aCompany();
  for (const slug of SLUGS) builder.withRepository('PAY', slug).withPullRequest('PAY', slug);
  return builder.build();
}

/** Lets what relates to repositories come to Port before them, where nothing holds it back. */
function repositoriesAreSlow(): void {
  world.port.hold(({ path }) => (path.endsWith('/repository/entities/bulk') ? 300 : 0));
}

/** What Port made on the way although the run itself was to make it. */
function stubsOfOwn(): readonly string[] {
  const upserts = world.port.writes.flatMap((write) =>
    write.type === 'entity-upserted' ? [write] : [],
  );
  const name = ({ blueprint, identifier }: { blueprint: string; identifier: string }) =>
    `${blueprint} ${identifier}`;
  const requested = new Set(
    upserts.filter(({ cause }) => cause === 'requested').map((write) => name(write)),
  );
  return upserts
    .filter(({ cause }) => cause === 'related')
    .map((write) => name(write))
    .filter((each) => requested.has(each));
}

describe('what relations lead to, where Port gives no data source to what it makes for them', () => {
  const repositoriesAndTheirs = repositories([pullRequestOfARepository(), REPOSITORY]);

  it.each<[string, readonly JsonObject[]]>([
    [
      'pull requests stand first in the mapping',
      [resource('pull-request', PULL_REQUEST), repositories(REPOSITORY), PROJECT],
    ],
    [
      'repositories stand first in the mapping',
      [PROJECT, repositories(REPOSITORY), resource('pull-request', PULL_REQUEST)],
    ],
    ['one resource makes both ends of the relation', [repositoriesAndTheirs, PROJECT]],
    [
      'repositories relate to one another',
      [
        repositories({
          ...REPOSITORY,
          relations: { next: '{api: "web", web: "api", shop: "blog"}[.slug]' },
        }),
        resource('pull-request', PULL_REQUEST),
      ],
    ],
    [
      'an expression names the blueprint',
      [
        repositories({ ...REPOSITORY, blueprint: 'if .slug then "repository" else "project" end' }),
        resource('pull-request', PULL_REQUEST),
      ],
    ],
  ])('is ours all the same, and goes when it is gone: %s', async (_name, resources) => {
    const gone = company();
    world = await aLoadingWorld(gone, BLUEPRINTS, resources, NO_DATA_SOURCE);
    repositoriesAreSlow();

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(stubsOfOwn()).toEqual([]);
    expect(world.identifiers('repository')).toEqual(SLUGS);
    world.port.reset();
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(world.port.writes).toEqual([]);
    removeRepository(gone, 'PAY', 'shop');
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(deletedIn(world)).toEqual(['pullRequest shop-1', 'repository shop']);
  });

  it('costs no request more where targets come before what relates to them', async () => {
    const resources = [resource('pull-request', PULL_REQUEST), repositories(REPOSITORY), PROJECT];
    world = await aLoadingWorld(company(), BLUEPRINTS, resources, NO_DATA_SOURCE);
    repositoriesAreSlow();

    await world.run('sync');

    expect(bulksOf(world).map(({ path }) => path.split('/').at(-3))).toEqual([
      'project',
      'repository',
      'pullRequest',
    ]);
  });

  it('is told and never deleted where it is there already', async () => {
    const gone = company();
    const resources = [PROJECT, repositories(REPOSITORY), resource('pull-request', PULL_REQUEST)];
    world = await aLoadingWorld(gone, BLUEPRINTS, resources, NO_DATA_SOURCE);
    world.port.putEntity('repository', { identifier: 'shop' }, { datasource: null });

    const first = await world.run('sync --strict');

    expect(first.exitCode).toBe(0);
    expect(first.result).toContain(
      'repository shop was in Port before, with nothing but its identifier, and is not ours: it is filled, and never deleted',
    );
    expect(first.result).toContain(
      'Delete it in Port once, and the next sync makes it anew, as ours',
    );
    expect(world.port.entity('repository', 'shop')?.properties.name).toBe('shop');
    world.port.reset();
    const second = await world.run('sync');
    expect(second.result).not.toContain('is not ours');
    expect(world.port.writes).toEqual([]);
    removeRepository(gone, 'PAY', 'shop');
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(deletedIn(world)).toEqual(['pullRequest shop-1']);
    expect(world.identifiers('repository')).toEqual(SLUGS);
  });
});

describe('what a run makes Port create on the way', () => {
  const owned = (owners: string): JsonObject =>
    repositories({
      identifier: '.slug',
      blueprint: '"repository"',
      relations: { owner: `${owners}[.slug]` },
    });
  const blueprints = { service: {}, repository: { relations: { owner: 'service' } } };

  it('is told by blueprint, once, the same on the terminal, in Markdown and in JSON', async () => {
    const owners = '{api: "core", blog: "core", shop: "money", web: "theirs"}';
    world = await aLoadingWorld(company(), blueprints, [owned(owners)]);
    world.port.putEntity('service', { identifier: 'theirs' }, { datasource: null });
    world.clock.advance(60_000);
    const folder = await mkdtemp(path.join(tmpdir(), 'stubs-'));
    const report = path.join(folder, 'r.json');
    const markdown = path.join(folder, 's.md');
    const line =
      'Stubs: 2 service: created by Port with nothing but an identifier, as relations lead to them';

    const plan = await world.run('plan');
    const first = await world.run(`sync --report-file ${report} --summary-file ${markdown}`);

    expect(plan.result).toContain('relations lead to 2 entities');
    expect(first.exitCode).toBe(0);
    expect(first.result).toContain(line);
    expect(await readFile(markdown, 'utf8')).toContain(line);
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
      blueprints: [
        { blueprint: 'repository', created: 4, stubs: 0 },
        { blueprint: 'service', created: 0, stubs: 2 },
      ],
    });
    await rm(folder, { recursive: true });
    world.clock.advance(60_000);
    expect((await world.run('sync')).result).not.toContain('Stubs');
  });

  it('is not told where Port does not say when it was created, and nothing fails for that', async () => {
    world = await aLoadingWorld(company(), blueprints, [owned('{api: "core"}')], NO_DATA_SOURCE);
    world.port.fail({
      when: (request) => request.path.endsWith('/service/entities/search'),
      fault: status(403),
    });

    const { exitCode, result, stderr } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(result).not.toContain('Stubs');
    expect(stderr).toContain(
      'Port did not tell which entities of service it created because a relation leads to them',
    );
  });
});

describe('an entity of others that the mapping gives nothing but its identifier', () => {
  it('is not told, as nothing is filled', async () => {
    const bare = repositories({ identifier: '.slug', blueprint: '"repository"' });
    world = await aLoadingWorld(company(), BLUEPRINTS, [bare]);
    world.port.putEntity('repository', { identifier: 'shop' }, { datasource: null });

    expect((await world.run('sync')).result).not.toContain('is not ours');
    expect((await world.run('sync')).result).not.toContain('is not ours');
  });
});

/** Made of a repository, and before it: what relates to the repository that comes of the same item. */
function pullRequestOfARepository(): JsonObject {
  return {
    ...PULL_REQUEST,
    identifier: '.slug + "-1"',
    title: '.name',
    relations: { repository: '.slug' },
  };
}
