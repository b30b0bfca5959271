import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Company } from '../../src/sandbox/company/company.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import type { World } from '../world/a-world.js';
import {
  fieldIn,
  holdingsOf,
  madeChanges,
  madeOnTheWay,
  planSchema,
  plannedChanges,
  writingRequests,
  type Holdings,
  type PlanDocument,
} from './plan-world.js';
import { apply, change, companyOf, companyShape, type Change } from './safety-company.js';
import { SAFETY_MAPPINGS } from './safety-mappings.js';
import { aMappedWorld, OTHER } from './safety-world.js';

/** Cases for each mapping. PLAN_RUNS=100 looks harder. */
const RUNS = Number(process.env.PLAN_RUNS ?? 2);
const SEED = Number(process.env.PLAN_SEED ?? 20260103);

/** Companies here are small, and may lose all that they have. */
const OPTIONS = '--deletion-threshold 1';

type AnyWorld = Pick<World | CloudWorld, 'port' | 'close'> & {
  run(line: string): ReturnType<World['run']>;
};

const scenario = fc.record({
  shape: companyShape,
  pageCap: fc.integer({ min: 1, max: 5 }),
  changes: fc.array(change, { maxLength: 5 }),
  /** Whether Port was loaded before the changes. */
  isLoaded: fc.boolean(),
  isShared: fc.boolean(),
});

async function planned(world: AnyWorld): Promise<PlanDocument> {
  world.port.reset();
  const { exitCode, stdout } = await world.run(`plan --output json ${OPTIONS}`);
  const document = planSchema.parse(JSON.parse(stdout));
  expect({ exitCode, writes: world.port.writes, requests: writingRequests(world.port) }).toEqual({
    exitCode: 0,
    writes: [],
    requests: [],
  });
  return document;
}

async function synced(world: AnyWorld): Promise<string> {
  world.port.reset();
  const { exitCode, result } = await world.run(`sync ${OPTIONS}`);
  if (exitCode !== 0) throw new Error(result);
  return result;
}

/** Whether two values are one to Port: null, absent and an empty list, and lists in another order. */
function comparable(value: unknown): unknown {
  if (!Array.isArray(value)) return value ?? null;
  const members: readonly unknown[] = value;
  return members.length === 0 ? null : [...members].sort();
}

function expectFields({ plan }: PlanDocument, before: Holdings, after: Holdings): void {
  for (const { action, blueprint, identifier, fields } of plan.changes) {
    if (action === 'delete') continue;
    expect({ action, count: action === 'create' || fields.length > 0 }).toMatchObject({
      count: true,
    });
    const name = `${blueprint} ${identifier}`;
    const told = fields.map(({ field, old, new: next }) => [
      field,
      comparable(old),
      comparable(next),
    ]);
    const seen = fields.map(({ field }) => [
      field,
      comparable(fieldIn(before.get(name), field)),
      comparable(fieldIn(after.get(name), field)),
    ]);
    expect({ name, fields: told }).toEqual({ name, fields: seen });
  }
}

/** Plans, syncs, and compares; then plans once more. */
async function expectTruth(world: AnyWorld): Promise<void> {
  const document = await planned(world);
  const before = holdingsOf(world.port);
  const result = await synced(world);
  expect(plannedChanges(document)).toEqual(madeChanges(world.port, before));
  const { summary, plan } = document;
  const related = plan.related.map(({ blueprint, identifier }) => `${blueprint} ${identifier}`);
  expect(related.sort()).toEqual(madeOnTheWay(world.port));
  expect(toldStubs(result)).toEqual(countsOf(plan.related));
  expect(result).toContain(
    `${String(summary.create)} new, ${String(summary.update)} changed, ${String(summary.delete)} deleted, ${String(summary.unchanged)} same`,
  );
  expectFields(document, before, holdingsOf(world.port));

  const again = await planned(world);
  expect(again.plan).toEqual({
    integration: { ...plan.integration, isCreated: false, written: [] },
    newBlueprints: [],
    changedBlueprints: [],
    deletions: 'shown',
    changes: [],
    related: [],
    postponed: [],
  });
}

/** `2 service`, as the end of a run tells what Port created on the way. */
function toldStubs(result: string): readonly string[] {
  const [, counts] = /Stubs: ([^:]*):/u.exec(result) ?? [];
  return counts === undefined ? [] : counts.split(', ').sort();
}

function countsOf(references: PlanDocument['plan']['related']): readonly string[] {
  const blueprints = references.map(({ blueprint }) => blueprint);
  return [...new Set(blueprints)]
    .map((one) => `${String(blueprints.filter((each) => each === one).length)} ${one}`)
    .sort();
}

/** Another program holds an entity under the name of a repository of ours. */
function share({ port }: AnyWorld, company: Company): void {
  const [first] = company.repositories;
  if (first === undefined) return;
  const properties = { swagger_url: 'https://api.example.com' };
  const entity = { identifier: first.slug, title: 'Theirs', properties };
  port.putEntity('bitbucketRepository', entity, { datasource: OTHER });
}

async function lived(world: AnyWorld, company: Company, changes: readonly Change[]): Promise<void> {
  await synced(world);
  for (const each of changes) apply(company, each);
}

describe('after a plan, sync makes exactly what it said', () => {
  // What only Port can look up is counted apart: nobody knows beforehand what it comes to.
  const comparable = SAFETY_MAPPINGS.filter(({ alwaysSent }) => alwaysSent === undefined);

  it.each(comparable.map((mapping) => [mapping.name, mapping] as const))(
    'with %s',
    async (_, mapping) => {
      await fc.assert(
        fc.asyncProperty(scenario, async ({ shape, pageCap, changes, isLoaded, isShared }) => {
          const company = companyOf(shape);
          const bitbucket = { pageCap };
          const world = await aMappedWorld(company, mapping.config, { bitbucket });
          try {
            if (isShared) share(world, company);
            if (isLoaded) await lived(world, company, changes);
            await expectTruth(world);
          } finally {
            await world.close();
          }
        }),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
    },
  );

  it('from an empty Port, and of Bitbucket Cloud', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ shape, changes, isLoaded }) => {
        const company = companyOf(shape);
        const world = await startCloudWorld(company);
        try {
          if (isLoaded) await lived(world, company, changes);
          await expectTruth(world);
        } finally {
          await world.close();
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  });
});
