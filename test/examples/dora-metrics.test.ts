import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Company, Repository } from '../../src/sandbox/company/company.js';
import { demoCompany } from '../../src/sandbox/company/demo-company.js';
import { pullRequestsOf } from '../../src/sandbox/company/lookup.js';
import { exampleFolders } from './example-folder.js';
import { aCloud, aDataCenter, type ExampleWorld, runIn } from './example-world.js';

const HOUR = 3_600_000;

let world: ExampleWorld;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dora-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** What a team looks at, of one repository. Times in hours; null: there is nothing to measure. */
interface Metrics {
  readonly merged: number;
  readonly leadTime: number | null;
  readonly toFirstReview: number | null;
  readonly deployed: number;
  readonly failed: number;
  readonly toRestore: number | null;
}

/** Loads the demo company by an example. It is older than the window of the example, which is moved. */
async function load(name: 'dora' | 'data-center-dora', start: typeof aCloud): Promise<void> {
  const example = exampleFolders.find((one) => one.name === name);
  if (example === undefined) throw new Error(`there is no example ${name}`);
  world = await start(demoCompany());
  for (const { body } of example.blueprints) world.port.putBlueprint(body);
  const text = await readFile(path.join(path.dirname(example.configFile), 'mapping.yml'), 'utf8');
  const mapping = path.join(folder, 'mapping.yml');
  await writeFile(mapping, text.replaceAll('90d', '400d'));
  const argv = ['sync', '--config', example.configFile, '--mapping', mapping];
  const { exitCode, stderr } = await runIn(world, argv, world.variables);
  if (exitCode !== 0) throw new Error(stderr);
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** From one that failed to the next one that did not. */
function timesToRestore(runs: readonly { readonly at: number; readonly isOk: boolean }[]) {
  const inOrder = [...runs].sort((one, other) => one.at - other.at);
  return inOrder.flatMap(({ at, isOk }, index) => {
    const next = inOrder.slice(index + 1).find((later) => later.isOk);
    return isOk || next === undefined ? [] : [(next.at - at) / HOUR];
  });
}

/** As somebody with a pencil would work it out. */
function byHand(company: Company, repository: Repository): Metrics {
  const pulls = [...pullRequestsOf(company, repository)].filter(
    ({ state }) => state !== 'DECLINED',
  );
  const merged = pulls.filter(({ state }) => state === 'MERGED');
  const firstReviews = pulls.flatMap(({ activity = [], author, createdDate }) => {
    const [first] = activity.filter(({ by }) => by !== author).map(({ at }) => at);
    return first === undefined ? [] : [(first - createdDate) / HOUR];
  });
  const live = (repository.pipelines ?? [])
    .filter(({ deploysTo }) => deploysTo === 'Production')
    .map(({ finished }) => ({ at: finished?.at ?? 0, isOk: finished?.result === 'SUCCESSFUL' }));
  return {
    merged: merged.length,
    leadTime: mean(merged.map((one) => ((one.closedDate ?? 0) - one.createdDate) / HOUR)),
    toFirstReview: mean(firstReviews),
    deployed: live.filter(({ isOk }) => isOk).length,
    failed: live.filter(({ isOk }) => !isOk).length,
    toRestore: mean(timesToRestore(live)),
  };
}

/** As Port works it out, of what was loaded. */
function inPort(repository: string): Metrics {
  const of = (blueprint: string) =>
    world.port.entities(blueprint).filter(({ relations }) => relations.repository === repository);
  const numbers = (field: string) =>
    of('bitbucketPullRequest').flatMap(({ properties: { [field]: value } }) =>
      typeof value === 'number' ? [value] : [],
    );
  const production = of('bitbucketEnvironment').filter(
    ({ properties }) => properties.type === 'Production',
  );
  const live = of('bitbucketDeployment')
    .filter(({ relations }) =>
      production.some(({ identifier }) => identifier === relations.environment),
    )
    .map(({ properties: { status, finishedAt } }) => ({
      at: typeof finishedAt === 'string' ? Date.parse(finishedAt) : NaN,
      isOk: status === 'SUCCESSFUL',
    }));
  return {
    merged: numbers('leadTimeHours').length,
    leadTime: mean(numbers('leadTimeHours')),
    toFirstReview: mean(numbers('hoursToFirstReview')),
    deployed: live.filter(({ isOk }) => isOk).length,
    failed: live.filter(({ isOk }) => !isOk).length,
    toRestore: mean(timesToRestore(live)),
  };
}

/** Of repositories where something was merged, in any order: slugs of Cloud are those of no project. */
function worded(all: readonly Metrics[]): readonly string[] {
  return all
    .filter(({ merged }) => merged > 0)
    .map((each) => JSON.stringify(each))
    .sort();
}

const allInPort = (): readonly string[] =>
  worded(world.port.entities('bitbucketRepository').map(({ identifier }) => inPort(identifier)));

it('gives the metrics of each repository of the demo company on Cloud', async () => {
  await load('dora', (company) => aCloud(company, 'fernlicht'));
  const company = demoCompany();

  // Merged after 10 and 15 hours; the second one fails in production, and is there 45 minutes later.
  expect(inPort('fernlicht/ledger')).toEqual({
    merged: 2,
    leadTime: 12.5,
    toFirstReview: 1.5,
    deployed: 2,
    failed: 1,
    toRestore: 0.75,
  });
  expect(allInPort()).toHaveLength(10);
  expect(allInPort()).toEqual(worded(company.repositories.map((one) => byHand(company, one))));
});

it('gives those of Data Center, which knows no deployments', async () => {
  await load('data-center-dora', aDataCenter);
  const company = demoCompany();
  const nothing = { deployed: 0, failed: 0, toRestore: null };

  expect(inPort('PAY/ledger')).toMatchObject({ merged: 2, leadTime: 12.5, toFirstReview: 1.5 });
  expect(allInPort()).toEqual(
    worded(company.repositories.map((one) => ({ ...byHand(company, one), ...nothing }))),
  );
});
