import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Company } from '../../src/sandbox/company/company.js';
import { pullRequestsOf } from '../../src/sandbox/company/lookup.js';
import type { Fault } from '../../src/sandbox/loopback.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { apply, change, companyOf, companyShape, latencies, shuffle } from './safety-company.js';
import {
  exitCodeOfFailed,
  mappingOf,
  OTHER,
  putBlueprints,
  resource,
  status,
} from './safety-world.js';

/** Cases. SAFETY_RUNS=200 looks harder; SAFETY_SEED=1 elsewhere. */
const RUNS = Number(process.env.SAFETY_RUNS ?? 4);
const SEED = Number(process.env.SAFETY_SEED ?? 20260101);

const IDENTIFIER = 'my-bitbucket-cloud-integration';
const OURS = `port-ocean/bitbucket-cloud/0.0.1/${IDENTIFIER}/exporter`;
const SLUG = '(.destination.repository.full_name | split("/")[1])';

const resources = [
  resource('project', { identifier: '.key', title: '.name', blueprint: '"bitbucketProject"' }),
  resource('repository', {
    identifier: '.slug',
    title: '.name',
    blueprint: '"bitbucketRepository"',
    relations: { project: '.project.key' },
  }),
  resource('repository', {
    identifier: '.slug',
    blueprint: '"bitbucketRepository"',
    properties: { state: '"SEEN"' },
  }),
  resource('pull-request', {
    identifier: `${SLUG} + "-" + (.id|tostring)`,
    title: '.title',
    blueprint: '"bitbucketPullRequest"',
    relations: { repository: SLUG },
  }),
];

/** What is in the catalog of a company, in the order of the identifiers. */
function expectedOf({ projects, repositories, ...company }: Company) {
  const shared = projects.filter(({ owner }) => owner === undefined);
  const keys = new Set(shared.map(({ key }) => key));
  const listed = repositories.filter(({ project }) => keys.has(project));
  return {
    bitbucketProject: shared.map(({ key, name }) => ({ identifier: key, title: name })),
    bitbucketRepository: listed.map(({ slug, name, project }) => ({
      identifier: slug,
      title: name,
      properties: { state: 'SEEN' },
      relations: { project },
    })),
    bitbucketPullRequest: listed.flatMap((one) =>
      [...pullRequestsOf({ projects, repositories, ...company }, one)]
        .filter(({ state }) => state === 'OPEN')
        .map(({ id, title }) => ({
          identifier: `${one.slug}-${String(id)}`,
          title,
          relations: { repository: one.slug },
        })),
    ),
  };
}

/** A slug stands for one repository of a workspace. */
const workspaceShape = companyShape.map((repositories) =>
  repositories.filter(
    ({ slug, project }, index) =>
      !project.startsWith('~') &&
      repositories.findIndex((each) => each.slug === slug && !each.project.startsWith('~')) ===
        index,
  ),
);

const scenario = fc.record({
  shape: workspaceShape,
  changes: fc.array(
    change.filter(({ type }) => !['rename', 'create'].includes(type)),
    { maxLength: 4 },
  ),
  isShared: fc.boolean(),
  createMissingRelatedEntities: fc.boolean(),
  enableMergeEntity: fc.boolean(),
  latencies,
  failing: fc.option(fc.constantFrom('/projects', '/pullrequests', '/repositories/fernlicht'), {
    freq: 2,
  }),
  variant: fc.record({
    cascade: fc.constantFrom('any', 'required'),
    datasource: fc.constantFrom('creator', 'last-writer'),
  }),
});

const down: Fault = status(500);
const swagger_url = 'https://swagger.example.com';

async function start(
  company: Company,
  { variant, isShared, ...rest }: typeof scenario extends fc.Arbitrary<infer Of> ? Of : never,
): Promise<CloudWorld> {
  const world = await startCloudWorld(company, { port: variant });
  const { createMissingRelatedEntities, enableMergeEntity } = rest;
  const options = { createMissingRelatedEntities, enableMergeEntity, entityDeletionThreshold: 1 };
  shuffle([world.bitbucket, world.port], rest.latencies);
  putBlueprints(world);
  world.port.putIntegration({
    installationId: IDENTIFIER,
    installationAppType: 'bitbucket-cloud',
    version: 'bitbucket-port-0.0.1',
    changelogDestination: {},
    config: mappingOf(resources, options),
    spec: { bitbucketPort: { judged: '2026-01-01T00:00:00Z' } },
  });
  world.port.putEntity('bitbucketProject', { identifier: 'GONE' }, { datasource: OURS });
  world.port.putEntity('bitbucketProject', { identifier: 'THEIRS' }, { datasource: OTHER });
  const [first] = company.repositories;
  if (isShared && first !== undefined) {
    const { slug: identifier } = first;
    const entity = { identifier, properties: { swagger_url } };
    world.port.putEntity('bitbucketRepository', entity, { datasource: OTHER });
  }
  // What was written when a run began counts as changed meanwhile.
  world.clock.advance(60_000);
  return world;
}

function expectCatalog({ port }: CloudWorld, company: Company, shared: string | null): void {
  for (const [blueprint, expected] of Object.entries(expectedOf(company))) {
    const others = { bitbucketProject: ['THEIRS'], bitbucketRepository: shared ?? [] };
    const stay = Object.entries(others).flatMap(([of, names]) => (of === blueprint ? names : []));
    const related = shared === null ? [] : relatedBy(port, blueprint, shared);
    const names = (identifiers: readonly string[]): readonly string[] =>
      [...new Set(identifiers)].filter((name) => !related.includes(name)).sort();
    expect(names(port.entities(blueprint).map(({ identifier }) => identifier))).toEqual(
      names([...stay, ...expected.map(({ identifier }) => identifier)]),
    );
    for (const entity of expected) {
      expect(port.entity(blueprint, entity.identifier)).toMatchObject(entity);
    }
  }
}

/** An entity of others keeps the project that it still names. */
function relatedBy(port: CloudWorld['port'], blueprint: string, shared: string): readonly string[] {
  const project = port.entity('bitbucketRepository', shared)?.relations.project;
  return blueprint === 'bitbucketProject' && typeof project === 'string' ? [project] : [];
}

describe('with Bitbucket Cloud', () => {
  it('no run deletes what is there, whatever happens, and each whole run leaves the true catalog', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const company = companyOf(given.shape);
        const shared = given.isShared ? (company.repositories[0]?.slug ?? null) : null;
        const world = await start(company, given);
        const sync = async (code: number): Promise<void> => {
          const { exitCode, result } = await world.run('sync');
          if (exitCode !== code) throw new Error(`exit ${String(exitCode)}: ${result}`);
          const held = world.port.entity('bitbucketRepository', shared ?? '');
          if (shared !== null) expect(held).toMatchObject({ properties: { swagger_url } });
          expect(world.port.entity('bitbucketProject', 'THEIRS')).toMatchObject({ title: null });
        };
        try {
          await sync(0);
          expectCatalog(world, company, shared);

          for (const each of given.changes) apply(company, each);
          world.port.reset();
          let hits = 0;
          const { failing } = given;
          world.bitbucket.fail({
            when: ({ path, query }) => {
              const isHit =
                failing !== null && path.endsWith(failing) && query.get('pagelen') !== '1';
              if (isHit) hits += 1;
              return isHit;
            },
            fault: down,
          });
          const { exitCode, result } = await world.run('sync');
          const expected = hits > 0 ? exitCodeOfFailed(result) : 0;
          expect({ exitCode, result }).toMatchObject({ exitCode: expected });
          const alive = Object.entries(expectedOf(company)).flatMap(([blueprint, entities]) =>
            entities.map(({ identifier }) => `${blueprint} ${identifier}`),
          );
          const deleted = world.port.writes.flatMap((write) =>
            write.type === 'entity-deleted' ? [`${write.blueprint} ${write.identifier}`] : [],
          );
          expect(deleted.filter((name) => alive.includes(name))).toEqual([]);

          world.bitbucket.reset();
          await sync(0);
          expectCatalog(world, company, shared);
          world.port.reset();
          await sync(0);
          expect(world.port.writes).toEqual([]);
        } finally {
          await world.close();
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: RUNS <= 4 },
    );
  }, 600_000);
});
