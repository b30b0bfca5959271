import { afterEach, describe, expect, it } from '@jest/globals';
import { addPullRequest, removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import { aCompany, aPullRequest } from '../world/a-company.js';
import type { World } from '../world/a-world.js';
import {
  aMappedWorld,
  deletedIn,
  deletionCalls,
  mappingOf,
  OTHER,
  OURS,
  resource,
  status,
  putMapping,
} from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

type Variant = Required<Pick<SandboxPortOptions, 'cascade' | 'datasource' | 'stubs'>>;

/** All that Port does not document. */
const VARIANTS: readonly Variant[] = (['any', 'required'] as const).flatMap((cascade) =>
  (['creator', 'last-writer'] as const).flatMap((datasource) =>
    (['writer', 'none'] as const).map((stubs) => ({ cascade, datasource, stubs })),
  ),
);

const repositories = resource('repository', {
  identifier: '.slug',
  title: '.name',
  blueprint: '"bitbucketRepository"',
});
const pullRequests = resource('pull-request', {
  identifier: '.toRef.repository.slug + "-" + (.id|tostring)',
  title: '.title',
  blueprint: '"bitbucketPullRequest"',
  relations: { repository: '.toRef.repository.slug' },
});
const mapping = mappingOf([repositories, pullRequests], { entityDeletionThreshold: 1 });

function twoRepositories(): Company {
  return aCompany()
    .withRepository('PAY', 'api')
    .withRepository('PAY', 'blog')
    .withPullRequest('PAY', 'api')
    .build();
}

async function start(variant: Variant, company = twoRepositories()): Promise<Company> {
  world = await aMappedWorld(company, mapping, { port: variant });
  return company;
}

async function sync(line = 'sync', code = 0): Promise<string> {
  world.port.reset();
  const { exitCode, result, stderr } = await world.run(line);
  expect({ exitCode, result }).toMatchObject({ exitCode: code });
  return result + stderr;
}

const repository = (identifier: string) => world.port.entity('bitbucketRepository', identifier);

describe.each(VARIANTS)(
  'a cascade follows $cascade relations, the data source is that of the $datasource, of what relations make that of: $stubs',
  (variant) => {
    it('an entity of others that the mapping adds to is neither rewritten nor deleted', async () => {
      const company = await start(variant);
      const properties = { swagger_url: 'https://swagger.example.com' };
      world.port.putEntity(
        'bitbucketRepository',
        { identifier: 'blog', properties, team: ['web'] },
        { datasource: OTHER },
      );
      await sync();
      expect(repository('blog')).toMatchObject({ title: 'blog', properties, team: ['web'] });
      await sync();
      expect(world.port.writes).toEqual([]);

      removeRepository(company, 'PAY', 'blog');
      await sync();
      await sync();

      expect(deletedIn(world)).toEqual([]);
      expect(repository('blog')).toMatchObject({ properties, team: ['web'] });
    });

    it('what only the relations of such an entity bring in is ours, and goes with them', async () => {
      const company = await start(variant, aCompany().withRepository('PAY', 'api').build());
      addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 1 }));
      world.port.putEntity('bitbucketPullRequest', { identifier: 'api-1' }, { datasource: OTHER });
      await sync();
      expect(world.identifiers('bitbucketRepository')).toEqual(['api']);

      world.port.putEntity('bitbucketPullRequest', { identifier: 'api-1' }, { datasource: OTHER });
      removeRepository(company, 'PAY', 'api');
      await sync();

      expect(deletedIn(world)).toEqual(['bitbucketRepository api']);
    });

    it('what relates to an entity that is gone keeps it, and is named', async () => {
      const company = await start(variant);
      putService('shop', 'blog');
      await sync();
      removeRepository(company, 'PAY', 'blog');

      const told = await sync();

      expect(told).toContain('something that stays relates to it (service shop relates to blog)');
      expect(deletionCalls(world)).toEqual([]);
      expect(world.port.entity('service', 'shop')?.relations).toEqual({ repository: 'blog' });
    });

    it('with --allow-cascade it goes, and what was in its way is told', async () => {
      const company = await start(variant);
      putService('shop', 'blog');
      await sync();
      removeRepository(company, 'PAY', 'blog');
      removeRepository(company, 'PAY', 'api');

      const told = await sync('sync --allow-cascade');

      expect(told).toContain(
        'Allowed to cascade: bitbucketRepository blog is deleted with service shop',
      );
      expect(repository('blog')).toBeUndefined();
      const stays = variant.cascade === 'required';
      expect(world.identifiers('service')).toEqual(stays ? ['shop'] : []);
      const asked = deletionCalls(world).map(({ query, body }) => [
        query.get('delete_dependents'),
        body,
      ]);
      expect(asked).toEqual([
        ['false', '{"entities":["api-1"]}'],
        ['false', '{"entities":["api"]}'],
        ['true', '{"entities":["blog"]}'],
      ]);
    });

    it('a cascade that would reach an entity of ours that is alive is not asked for', async () => {
      const company = await start(variant);
      putService('shop', 'blog');
      world.port.putBlueprint({
        ...bare('bitbucketPullRequest'),
        relations: { ...relationTo('bitbucketRepository', 'repository'), ...relationTo('service') },
      });
      await sync();
      world.port.putEntity(
        'bitbucketPullRequest',
        { identifier: 'api-1', title: 'Change', relations: { repository: 'api', service: 'shop' } },
        { datasource: OURS },
      );
      removeRepository(company, 'PAY', 'blog');

      const told = await sync('sync --allow-cascade');

      expect(told).toContain('something that stays relates to it (service shop relates to blog)');
      expect(deletedIn(world)).toEqual([]);
    });
  },
);

function relationTo(target: string, name = target) {
  return { [name]: { title: name, target, required: false, many: false } };
}

function bare(identifier: string) {
  return { identifier, title: identifier, schema: { properties: {}, required: [] } };
}

/** Another program's entity that relates to a repository of ours. */
function putService(identifier: string, related: string): void {
  const { port } = world;
  port.putBlueprint({
    ...bare('service'),
    relations: relationTo('bitbucketRepository', 'repository'),
  });
  if (port.entity('bitbucketRepository', related) === undefined) {
    const ours = { datasource: OURS, by: 'port-client' };
    port.putEntity('bitbucketRepository', { identifier: related }, ours);
  }
  const entity = { identifier, relations: { repository: related } };
  port.putEntity('service', entity, { datasource: OTHER });
}

describe('where the last writer is the data source', () => {
  const former = { datasource: OURS, by: 'the container' };

  it('what a former program only added to stays, and is told', async () => {
    await start({ cascade: 'any', datasource: 'last-writer', stubs: 'writer' });
    const theirs = { identifier: 'theirs', title: 'Theirs' };
    world.port.putEntity('bitbucketRepository', theirs, { datasource: OTHER, by: 'somebody' });
    world.port.putEntity('bitbucketRepository', theirs, former);
    world.port.putEntity('extra', { identifier: 'theirs' }, { datasource: OTHER, by: 'somebody' });
    world.port.putEntity('extra', { identifier: 'theirs' }, former);

    const told = await sync('sync --log-level debug');

    expect(deletedIn(world)).toEqual([]);
    expect(told).toContain('somebody else created it in Port');
  });

  it('what it made goes, although our own credentials wrote to it since', async () => {
    const company = await start({ cascade: 'any', datasource: 'last-writer', stubs: 'writer' });
    for (const identifier of ['blog', 'untouched']) {
      world.port.putEntity('bitbucketRepository', { identifier }, former);
    }
    removeRepository(company, 'PAY', 'blog');
    world.port.putEntity(
      'bitbucketRepository',
      { identifier: 'blog' },
      { datasource: OURS, by: 'port-client' },
    );
    world.clock.advance(60_000);

    await sync();

    expect(deletedIn(world)).toEqual(['bitbucketRepository blog', 'bitbucketRepository untouched']);
  });
});

describe('when Port does not list the entities of a blueprint', () => {
  it('nothing goes that they may relate to', async () => {
    const company = await start({ cascade: 'any', datasource: 'creator', stubs: 'writer' });
    await sync();
    removeRepository(company, 'PAY', 'blog');
    world.port.fail({
      when: ({ path }) => path.endsWith('/bitbucketPullRequest/entities/search'),
      fault: status(500),
    });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(deletionCalls(world)).toEqual([]);
    expect(result).toContain('what relates to it could not be read in Port');
  });
});

describe('a changed identifier in the mapping', () => {
  it('is told for what it is, with a pair and the command that approves it', async () => {
    const company = aCompany();
    for (let id = 1; id <= 12; id += 1) company.withRepository('PAY', `svc-${String(id)}`);
    world = await aMappedWorld(company.build(), mappingOf([repositories]));
    await sync();
    putMapping(
      world,
      mappingOf([
        resource('repository', {
          identifier: '.project.key + "-" + .slug',
          title: '.name',
          blueprint: '"bitbucketRepository"',
        }),
      ]),
    );

    const told = await sync('sync', 5);

    expect(deletionCalls(world)).toEqual([]);
    expect(told).toContain('such as from svc-1 to PAY-svc-1');
    expect(told).toContain('npx bitbucket-port sync --approve 12@2026-01-01');
    await sync('sync', 5);
    expect(deletionCalls(world)).toEqual([]);
    await sync('sync --approve 12@2025-12-31', 5);
    await sync('sync --approve 11@2026-01-01', 5);
    expect(deletionCalls(world)).toEqual([]);
    await sync('sync --approve 12@2026-01-01');
    expect(deletedIn(world)).toHaveLength(12);
  });
});
