import { afterEach, describe, expect, it } from '@jest/globals';
import { serverBlueprints } from '../../src/defaults/server/blueprints.js';
import { isJsonObject, type JsonObject } from '../../src/model/json.js';
import {
  addPullRequest,
  changeRepository,
  mergePullRequest,
  removeRepository,
  renameRepository,
} from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { requireRepository } from '../../src/sandbox/company/lookup.js';
import { aCommit, aCompany, aMoment, aPullRequest } from '../world/a-company.js';
import type { World } from '../world/a-world.js';
import {
  aMappedWorld,
  deletedIn,
  deletionCalls,
  listing,
  mappingOf,
  OTHER,
  putMapping,
  resource,
  status,
} from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const repository = {
  identifier: '.slug',
  title: '.name',
  blueprint: '"bitbucketRepository"',
};
const pullRequest = {
  identifier: '.toRef.repository.slug + "-" + (.id|tostring)',
  title: '.title',
  blueprint: '"bitbucketPullRequest"',
};
const ofItsRepository = { relations: { repository: '.toRef.repository.slug' } };

/** After a first run, as if nothing had been asked so far. */
async function sync(line = 'sync'): Promise<void> {
  const { exitCode, result } = await world.run(line);
  if (exitCode !== 0) throw new Error(result);
  world.port.reset();
  world.bitbucket.reset();
}

function twoRepositories(): Company {
  return aCompany()
    .withRepository('PAY', 'api')
    .withRepository('PAY', 'blog')
    .withPullRequest('PAY', 'api')
    .withPullRequest('PAY', 'blog')
    .build();
}

const pullRequestsOf = (slug: string) => listing(`${slug}/pull-requests`);

describe('an entity of a repository that could not be read stays', () => {
  it('although all that its mapping relates it to is the fork that it comes from', async () => {
    const company = aCompany().withRepository('PAY', 'api').withRepository('PAY', 'fork');
    const from = { branch: 'change', commit: '0'.repeat(40) };
    company.withPullRequest('PAY', 'api', {
      from: { ...from, repository: requireRepository(company.build(), 'PAY', 'fork').id },
    });
    company.withPullRequest('PAY', 'fork');
    world = await aMappedWorld(
      company.build(),
      mappingOf([
        resource('repository', repository),
        resource('pull-request', {
          ...pullRequest,
          relations: { sourceRepository: '.fromRef.repository.slug' },
        }),
      ]),
    );
    await sync();
    world.bitbucket.fail({ when: pullRequestsOf('api'), fault: status(500) });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(deletedIn(world)).toEqual([]);
  });

  it('although the repository has got another name since', async () => {
    const company = twoRepositories();
    world = await aMappedWorld(
      company,
      mappingOf([
        resource('repository', repository),
        resource('pull-request', {
          ...pullRequest,
          ...ofItsRepository,
          identifier: '"pr-" + (.toRef.repository.id|tostring) + "-" + (.id|tostring)',
        }),
      ]),
    );
    await sync();
    renameRepository(company, 'PAY', 'api', 'renamed');
    world.bitbucket.fail({ when: pullRequestsOf('renamed'), fault: status(500) });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(world.identifiers('bitbucketPullRequest')).toEqual(['pr-1-1', 'pr-2-1']);
  });

  it('and so do those of one that is gone, as it may be the same: the next whole run tells', async () => {
    const company = twoRepositories();
    world = await aMappedWorld(
      company,
      mappingOf([
        resource('repository', repository),
        resource('pull-request', { ...pullRequest, ...ofItsRepository }),
      ]),
    );
    await sync();
    removeRepository(company, 'PAY', 'blog');
    world.bitbucket.fail({ when: pullRequestsOf('api'), fault: status(500) });
    expect((await world.run('sync')).exitCode).toBe(4);
    expect(deletedIn(world)).toEqual([]);
    world.bitbucket.reset();

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(deletedIn(world)).toEqual(['bitbucketPullRequest blog-1', 'bitbucketRepository blog']);
  });
});

/** One of the default blueprints, whose entities may lack anything. */
function withoutRequired(name: string): JsonObject {
  const blueprint = serverBlueprints.find(({ identifier }) => identifier === name);
  const schema = isJsonObject(blueprint?.schema) ? blueprint.schema : {};
  return { ...blueprint, schema: { ...schema, required: [] } };
}

describe('a relation target that nobody lists', () => {
  it('stays when the attachment that names it could not be read', async () => {
    const company = twoRepositories();
    const author = { name: 'Ext', emailAddress: 'ext@example.com' };
    changeRepository(company, 'PAY', 'api', { commits: [aCommit({ author })] });
    world = await aMappedWorld(company, null);
    // Where users need a name, no user is made of an address alone.
    world.port.putBlueprint(withoutRequired('bitbucketUser'));
    await sync();
    expect(world.identifiers('bitbucketUser')).toContain('ext@example.com');
    world.bitbucket.fail({
      when: ({ path }) => path.endsWith('/api/commits'),
      fault: status(500),
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(deletionCalls(world)).toEqual([]);
  });

  it('stays while only an entity of a computed blueprint relates to it', async () => {
    world = await aMappedWorld(
      twoRepositories(),
      mappingOf([
        resource('repository', { ...repository, identifier: '"own-" + .slug' }),
        resource('pull-request', {
          ...pullRequest,
          ...ofItsRepository,
          blueprint: 'if .state == "OPEN" then "bitbucketPullRequest" else "extra" end',
        }),
      ]),
    );
    await sync();

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletionCalls(world)).toEqual([]);
  });
});

describe('a blueprint that a computed mapping feeds beside a literal one', () => {
  const mapping = mappingOf([
    resource('repository', { identifier: '.slug', blueprint: '"extra"' }),
    resource('pull-request', {
      ...pullRequest,
      blueprint: 'if .state == "OPEN" then "extra" else "closedPullRequest" end',
    }),
  ]);

  it('loses nothing while the computed one could not be read', async () => {
    world = await aMappedWorld(twoRepositories(), mapping);
    await sync();
    world.bitbucket.fail({ when: listing('pull-requests'), fault: status(500) });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(deletedIn(world)).toEqual([]);
  });

  it('loses nothing when the run leaves the computed one out', async () => {
    world = await aMappedWorld(twoRepositories(), mapping);
    await sync();

    const { exitCode } = await world.run('sync --kinds repository');

    expect(exitCode).toBe(0);
    expect(deletedIn(world)).toEqual([]);
  });
});

describe('the first run over what another program loaded', () => {
  const load = async (): Promise<Company> => {
    const company = twoRepositories();
    world = await aMappedWorld(company, null);
    await sync();
    removeRepository(company, 'PAY', 'blog');
    putMapping(world, null, { version: '0.48.0', spec: {} });
    return company;
  };

  it('does not count when it could not tell what the next one deletes', async () => {
    await load();
    world.bitbucket.fail({ when: listing('users'), fault: status(500) });
    expect((await world.run('sync')).exitCode).toBe(4);
    world.bitbucket.reset();

    const second = await world.run('sync');

    expect(second.result).toContain('would delete 2 entities');
    expect(deletedIn(world)).toEqual([]);
    await world.run('sync');
    expect(deletedIn(world)).toHaveLength(2);
  });

  it.each(['sync --no-delete', 'sync --kinds user'])('does not count as `%s`', async (line) => {
    await load();
    await world.run(line);

    expect((await world.run('sync')).result).toContain('would delete 2 entities');
    expect(deletedIn(world)).toEqual([]);
  });
});

describe('a listing of several pages', () => {
  const several = async (): Promise<Company> => {
    const company = aCompany().withRepository('PAY', 'api').withRepository('PAY', 'blog');
    for (let id = 1; id <= 3; id += 1) company.withPullRequest('PAY', 'api', { id });
    world = await aMappedWorld(company.build(), null, { bitbucket: { pageCap: 2 } });
    await sync();
    return company.build();
  };

  it('that breaks off when it is read again makes the run incomplete, and nothing goes', async () => {
    const company = await several();
    mergePullRequest(company, 'PAY', 'api', 1, aMoment);
    // Without another one in its place, there would be no second page.
    addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 9 }));
    let asked = 0;
    world.bitbucket.fail({
      when: (request) => pullRequestsOf('api')(request) && (asked += 1) > 2,
      fault: status(500),
    });

    const { exitCode, result } = await world.run('sync');

    expect(deletedIn(world)).toEqual([]);
    expect(result).toContain('PAY/api');
    expect(exitCode).toBe(4);
  });

  it('shows a repository only when it is read again: it stays with all that is in it', async () => {
    await several();
    const page = listing('repos');
    world.bitbucket.fail({
      times: 1,
      when: page,
      fault: {
        type: 'changed',
        change: (answer) => {
          const body = Object.assign({ values: [] }, answer.body);
          const empty = { values: [], size: 0, isLastPage: false, nextPageStart: 1 };
          return { ...answer, body: { ...body, ...empty } };
        },
      },
    });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletedIn(world)).toEqual([]);
    expect(result).toContain('second reading');
  });
});

describe('an item whose selector fails', () => {
  it('protects the blueprints that it feeds, and the run says so with 4', async () => {
    const company = twoRepositories();
    world = await aMappedWorld(
      company,
      mappingOf([resource('repository', repository, { query: '.name | test("^[a-z]+$")' })]),
    );
    await sync();
    removeRepository(company, 'PAY', 'blog');
    putMapping(
      world,
      mappingOf([
        resource('repository', repository, {
          query: 'if .slug == "api" then error("no") else true end',
        }),
      ]),
    );

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(6);
    expect(deletedIn(world)).toEqual([]);
  });
});

describe('a blueprint that nothing feeds any more', () => {
  it('loses our entities, and keeps those of others', async () => {
    world = await aMappedWorld(
      twoRepositories(),
      mappingOf([
        resource('project', { identifier: '.key', blueprint: '"bitbucketProject"' }),
        resource('repository', [repository, { ...repository, blueprint: '"extra"' }]),
      ]),
    );
    await sync();
    world.port.putEntity('extra', { identifier: 'theirs' }, { datasource: OTHER });
    putMapping(world, mappingOf([resource('repository', repository)]));

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletedIn(world)).toEqual(['bitbucketProject PAY', 'extra api', 'extra blog']);
    expect(world.identifiers('extra')).toEqual(['theirs']);
  });
});

describe('an entity that somebody changes while the run is under way', () => {
  it('stays', async () => {
    const company = twoRepositories();
    world = await aMappedWorld(company, null);
    await sync();
    removeRepository(company, 'PAY', 'blog');
    const { port, bitbucket, clock } = world;
    bitbucket.fail({
      times: 1,
      when: (request) => {
        if (!listing('users')(request)) return false;
        clock.advance(1_000);
        const datasource = port.entity('bitbucketRepository', 'blog')?.datasource ?? null;
        port.putEntity(
          'bitbucketRepository',
          { identifier: 'blog', title: 'Mine' },
          { datasource },
        );
        return false;
      },
      fault: status(500),
    });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletedIn(world)).toEqual(['bitbucketPullRequest blog-1']);
    expect(result).toContain('changed');
  });
});
