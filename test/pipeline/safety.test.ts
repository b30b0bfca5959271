import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/model/json.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { CatalogEntity } from '../../src/sandbox/port/entity.js';
import type { World } from '../world/a-world.js';
import {
  apply,
  change,
  companyOf,
  companyShape,
  faultShape,
  latencies,
  ruleOf,
  shuffle,
  type FaultShape,
} from './safety-company.js';
import {
  expectedCatalog,
  SAFETY_MAPPINGS,
  seenOf,
  targetsIn,
  type Catalog,
  type Expected,
  type SafetyMapping,
} from './safety-mappings.js';
import {
  aMappedWorld,
  deletedIn,
  exitCodeOfFailed,
  IDENTIFIER,
  OTHER,
  OURS,
} from './safety-world.js';

/** Cases for each mapping. SAFETY_RUNS=200 looks harder; SAFETY_SEED=1 elsewhere. */
const RUNS = Number(process.env.SAFETY_RUNS ?? 3);
const SEED = Number(process.env.SAFETY_SEED ?? 20260101);

/** Companies here are small, and may lose all that they have. */
const SYNC = 'sync --deletion-threshold 1';

const server = fc.record({
  pageCap: fc.integer({ min: 1, max: 5 }),
  gaps: fc.boolean(),
  listsPersonalProjects: fc.boolean(),
});

const scenario = fc.record({
  shape: companyShape,
  server,
  pageLimit: fc.constantFrom(1, 3, 1000),
  changes: fc.array(change, { maxLength: 4 }),
  fault: fc.option(faultShape, { freq: 3 }),
  /** Whether another program holds an entity under the name of each repository. */
  isShared: fc.boolean(),
  /** Whether a container ran before ours: it left what is gone, and added to what others made. */
  hasHistory: fc.boolean(),
  /** `enableMergeEntity`; null leaves it out. */
  merges: fc.constantFrom(null, true, false),
  latencies,
  /** What Port does not document. */
  variant: fc.record({
    cascade: fc.constantFrom('any', 'required'),
    datasource: fc.constantFrom('creator', 'last-writer'),
  }),
});

/** What others hold: some on their own, and one under the name of a repository of ours. */
function putForeign(world: World, company: Company, isShared: boolean): void {
  const { port } = world;
  const [first] = company.repositories;
  port.putEntity(
    'bitbucketUser',
    { identifier: 'by-hand', properties: { username: 'x' } },
    { datasource: null },
  );
  port.putEntity(
    'bitbucketRepository',
    { identifier: 'elsewhere', title: 'Theirs' },
    { datasource: OTHER },
  );
  port.putEntity('extra', { identifier: 'theirs' }, { datasource: OTHER });
  if (!isShared || first === undefined) return;
  const properties = { swagger_url: 'https://swagger.example.com' };
  port.putEntity(
    'bitbucketRepository',
    { identifier: first.slug, properties },
    { datasource: OTHER },
  );
  const relations = { repository: first.slug };
  port.putEntity(
    'bitbucketPullRequest',
    { identifier: 'hand-made', relations },
    { datasource: null },
  );
}

/** What a container left behind: something that is gone, and something that others made. */
function putHistory({ port }: World, datasource: 'creator' | 'last-writer'): void {
  const ocean = { by: 'ocean', datasource: OURS };
  port.putEntity('bitbucketRepository', { identifier: 'gone', title: 'Gone' }, ocean);
  port.putEntity(
    'bitbucketUser',
    { identifier: 'left@example.com', properties: { username: 'left' } },
    ocean,
  );
  const theirs = { identifier: 'enriched', title: 'Theirs' };
  port.putEntity('bitbucketRepository', theirs, { by: 'somebody', datasource: OTHER });
  if (datasource === 'last-writer') port.putEntity('bitbucketRepository', theirs, ocean);
}

function all(world: World): readonly CatalogEntity[] {
  return world.port.blueprints().flatMap(({ identifier }) => world.port.entities(identifier));
}

const nameOf = ({ blueprint, identifier }: { blueprint: string; identifier: string }): string =>
  `${blueprint} ${identifier}`;

function namesIn(catalog: Catalog): Set<string> {
  return new Set(
    [...catalog].flatMap(([blueprint, entities]) =>
      [...entities.keys()].map((identifier) => nameOf({ blueprint, identifier })),
    ),
  );
}

/** Our entities that may stay although Bitbucket lacks them: others, or stale ones, relate to them. */
function related(
  world: World,
  mapping: SafetyMapping,
  expected: ReadonlySet<string>,
  foreign: Foreign,
): Set<string> {
  const entities = new Map(all(world).map((entity) => [nameOf(entity), entity]));
  const config = JSON.stringify(mapping.config);
  // While listings have several pages, a computed mapping may have missed an entity of any blueprint.
  const stays = (entity: CatalogEntity): boolean =>
    foreign.has(nameOf(entity)) ||
    (mapping.isComputed && !expected.has(nameOf(entity))) ||
    // A selector names a project that may not be there: what has no link may have come from it, and so
    // may what nothing feeds any more.
    (config.includes('"projects"') &&
      (Object.keys(entity.properties).length === 0 || !config.includes(entity.blueprint)));
  const open = [...entities.values()].filter(stays);
  const kept = new Set<string>(open.map(nameOf));
  for (let entity = open.pop(); entity !== undefined; entity = open.pop()) {
    for (const [blueprint, identifier] of targetsIn(entity.relations)) {
      const target = entities.get(nameOf({ blueprint, identifier }));
      if (target === undefined || kept.has(nameOf(target))) continue;
      kept.add(nameOf(target));
      open.push(target);
    }
  }
  return kept;
}

function expectCatalog(
  world: World,
  mapping: SafetyMapping,
  listsPersonal: boolean,
  foreign: Foreign,
): void {
  const expected = expectedCatalog(mapping, seenOf(world.bitbucket.company, listsPersonal));
  const names = namesIn(expected);
  const mayStay = related(world, mapping, names, foreign);
  const held = new Set(all(world).map(nameOf));
  expect({
    missing: [...names].filter((name) => !held.has(name)),
    left: [...held].filter((name) => !names.has(name) && !mayStay.has(name)),
  }).toEqual({ missing: [], left: [] });
  for (const [blueprint, entities] of expected) {
    for (const [identifier, entity] of entities) {
      expect(lookOf(world.port.entity(blueprint, identifier), entity)).toEqual({
        name: nameOf({ blueprint, identifier }),
        ...filled(entity),
      });
    }
  }
}

/** The expected fields of an entity as Port holds it. */
function lookOf(
  entity: CatalogEntity | undefined,
  { title, properties, relations }: Expected,
): unknown {
  if (entity === undefined) return null;
  const pick = (values: JsonObject, of: JsonObject = {}): JsonObject =>
    Object.fromEntries(Object.keys(of).map((name) => [name, values[name] ?? null]));
  return {
    name: nameOf(entity),
    ...(title === undefined ? {} : { title: entity.title }),
    properties: pick(entity.properties, properties),
    relations: pick(entity.relations, relations),
  };
}

function filled({ title, properties = {}, relations = {} }: Expected): Expected {
  return { ...(title === undefined ? {} : { title }), properties, relations };
}

/** What others made, by name, less what our mapping may write into a shared entity. */
type Foreign = ReadonlyMap<string, unknown>;

function foreignOf(world: World, names: ReadonlySet<string>): Foreign {
  return new Map(
    all(world)
      .filter((entity) => names.has(nameOf(entity)))
      .map((entity) => [nameOf(entity), unmapped(entity)]),
  );
}

/** Fields that no mapping of the pool fills, but for what it writes into any repository. */
function unmapped({ createdAt, createdBy, icon, team, properties }: CatalogEntity): unknown {
  return { createdAt, createdBy, icon, team, swagger: properties.swagger_url ?? null };
}

const OUR_DATASOURCE = `/${IDENTIFIER}/exporter`;

/** All that stands in Port before the first run and is not ours, whatever its data source says. */
function namesOfOthers(world: World): ReadonlySet<string> {
  const isOurs = ({ createdBy, datasource }: CatalogEntity): boolean =>
    datasource?.includes(OUR_DATASOURCE) === true && createdBy !== 'somebody';
  return new Set(
    all(world)
      .filter((entity) => !isOurs(entity))
      .map(nameOf),
  );
}

function fail(world: World, fault: FaultShape): () => number {
  const { rule, hits } = ruleOf(fault, world.bitbucket.company);
  if (fault.side === 'port') world.port.fail(rule);
  else world.bitbucket.fail(rule);
  return hits;
}

function configOf({ config }: SafetyMapping, merges: boolean | null): JsonObject | null {
  return config === null || merges === null ? config : { ...config, enableMergeEntity: merges };
}

async function syncs(world: World, expectedCode: number): Promise<void> {
  const { exitCode, result } = await world.run(SYNC);
  if (exitCode !== expectedCode) throw new Error(`exit ${String(exitCode)}: ${result}`);
}

describe.each(SAFETY_MAPPINGS.map((mapping) => [mapping.name, mapping] as const))(
  'with %s',
  (_, mapping) => {
    it('no run deletes what is there, whatever happens, and each whole run leaves the true catalog', async () => {
      await fc.assert(
        fc.asyncProperty(
          scenario,
          async ({ shape, server: bitbucket, changes, fault, ...rest }) => {
            const { listsPersonalProjects } = bitbucket;
            const company = companyOf(shape);
            const { pageLimit, isShared, hasHistory, variant } = rest;
            const world = await aMappedWorld(company, configOf(mapping, rest.merges), {
              bitbucket,
              port: { pageLimit, ...variant },
            });
            try {
              shuffle([world.bitbucket, world.port], rest.latencies);
              putForeign(world, company, isShared);
              if (hasHistory) putHistory(world, variant.datasource);
              const others = namesOfOthers(world);
              const foreign = foreignOf(world, others);
              // What was written when a run began counts as changed meanwhile.
              world.clock.advance(60_000);
              await syncs(world, 0);
              expectCatalog(world, mapping, listsPersonalProjects, foreign);

              for (const each of changes) apply(company, each);
              world.port.reset();
              const expected = namesIn(
                expectedCatalog(mapping, seenOf(company, listsPersonalProjects)),
              );
              const hits = fault === null ? (): number => 0 : fail(world, fault);
              const second = await world.run(SYNC);
              if (second.exitCode !== (hits() > 0 ? exitCodeOfFailed(second.result) : 0)) {
                throw new Error(
                  `exit ${String(second.exitCode)}, ${String(hits())} hits: ${second.result}`,
                );
              }
              expect(deletedIn(world).filter((name) => expected.has(name))).toEqual([]);
              expect(foreignOf(world, others)).toEqual(foreign);
              if (hits() === 0) expectCatalog(world, mapping, listsPersonalProjects, foreign);

              world.bitbucket.reset();
              world.port.reset();
              await syncs(world, 0);
              expect(deletedIn(world).filter((name) => expected.has(name))).toEqual([]);
              expect(foreignOf(world, others)).toEqual(foreign);
              expectCatalog(world, mapping, listsPersonalProjects, foreign);

              world.port.reset();
              await syncs(world, 0);
              const written = world.port.writes.filter(
                ({ blueprint }) => blueprint !== mapping.alwaysSent,
              );
              expect(written).toEqual([]);
              expect(deletedIn(world)).toEqual([]);
            } finally {
              await world.close();
            }
          },
        ),
        { numRuns: RUNS, seed: SEED, endOnFailure: RUNS <= 3 },
      );
    }, 600_000);
  },
);
