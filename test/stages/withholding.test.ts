import { describe, expect, it } from '@jest/globals';
import { ProblemError } from '../../src/problems/problem.js';
import { startLoad, type CatalogLoad } from '../../src/stages/catalog-loads.js';
import type { LoadedResources } from '../../src/stages/load-resources.js';
import {
  feedsBlueprint,
  withheldEverywhere,
  withheldInBlueprint,
  withheldInOrphans,
  type DeletionPolicy,
} from '../../src/stages/withholding.js';
import { aBlueprint } from '../reconcile/a-blueprint.js';
import {
  aContext,
  aMapping,
  aResource,
  aRun,
  complete,
  incomplete,
  repositories,
  repositoryScope,
  type RunDifference,
} from './a-run.js';

function aPolicy(difference: Partial<DeletionPolicy> = {}): DeletionPolicy {
  return {
    isOn: true,
    isCascadeAllowed: false,
    threshold: 0.9,
    takenOverFrom: null,
    record: 'found',
    narrowed: new Set(),
    isNarrowed: false,
    ...difference,
  };
}

const resource = aResource('repository', ['service']);

/** A load that has written nothing yet. */
function aLoad(blueprint: string): CatalogLoad {
  const body = (): Promise<never> => Promise.reject(unreadable);
  const client = { ...aContext().client, body };
  return startLoad(aBlueprint(blueprint), [], aContext({ client }), Promise.resolve());
}

const unreadable = ProblemError.of({ code: 'catalog-unreadable', blueprint: 'any', reason: '502' });

describe('withheldEverywhere', () => {
  it('is nothing for a run that read everything', async () => {
    const run = await aRun({ resource, ends: [complete(repositories, 3)] });
    expect(withheldEverywhere(aPolicy(), [run], false)).toBeNull();
  });

  it('is what any root listing that failed asks for', async () => {
    const good = await aRun({ resource, ends: [complete(repositories)] });
    const broken = await aRun({
      resource: aResource('user', ['user']),
      ends: [incomplete({ type: 'root', name: 'users' })],
    });
    expect(withheldEverywhere(aPolicy(), [good, broken], false)).toBe('root listing incomplete');
  });

  it('leaves a single repository that failed to the blueprints', async () => {
    const run = await aRun({
      resource,
      ends: [complete(repositories), incomplete(repositoryScope('PAY/api'))],
    });
    expect(withheldEverywhere(aPolicy(), [run], false)).toBeNull();
  });

  it.each<[string, Partial<DeletionPolicy>, boolean, string | null]>([
    ['an interrupted run', {}, true, 'interrupted'],
    ['--no-delete', { isOn: false }, false, 'deletions off'],
    ['a threshold of 0', { threshold: 0 }, false, 'deletions off'],
    ['a threshold of 1', { threshold: 1 }, false, null],
    ['a record that nobody could read', { record: 'unreadable' }, false, 'record unreadable'],
    ['a record that is not there', { record: 'missing' }, false, null],
    ['an interrupted run with --no-delete', { isOn: false }, true, 'interrupted'],
  ])('%s', (_name, policy, isInterrupted, expected) => {
    expect(withheldEverywhere(aPolicy(policy), [], isInterrupted)).toBe(expected);
  });
});

describe('withheldInBlueprint', () => {
  const nothing: Pick<LoadedResources, 'loads' | 'computedLoads'> = {
    loads: new Map(),
    computedLoads: new Map(),
  };

  const item = { key: 'PAY/api', link: null, value: {} };

  it('is nothing when all that feed it came to their end', async () => {
    const run = await aRun({ resource });
    expect(withheldInBlueprint('service', { ...nothing, runs: [run] }, aPolicy())).toBeNull();
  });

  it('keeps what a failed item feeds, and nothing else', async () => {
    const failed = await aRun({
      resource,
      pages: [{ scope: repositories, items: [item] }],
      map: () => 'failed',
    });
    const users = await aRun({ resource: aResource('user', ['user']) });
    const loaded = { ...nothing, runs: [failed, users] };
    expect(withheldInBlueprint('service', loaded, aPolicy())).toBe('item failed');
    expect(withheldInBlueprint('user', loaded, aPolicy())).toBeNull();
  });

  it('keeps what a resource feeds that did not come to its end', async () => {
    const run = await aRun({ resource, isStopped: true });
    const loaded = { ...nothing, runs: [run] };
    expect(withheldInBlueprint('service', loaded, aPolicy())).toBe('resource failed');
  });

  it('keeps what the run is narrowed on, and what a mapping computes', async () => {
    const runs = [await aRun({ resource })];
    const narrowed = aPolicy({ narrowed: new Set(['service']) });
    expect(withheldInBlueprint('service', { ...nothing, runs }, narrowed)).toBe('narrowed run');
    const computed = { ...nothing, runs, computedLoads: new Map([['service', aLoad('service')]]) };
    expect(withheldInBlueprint('service', computed, aPolicy())).toBe('blueprint computed');
    expect(withheldInBlueprint('user', computed, aPolicy())).toBeNull();
  });

  it('keeps what could not be read in Port', async () => {
    const load = aLoad('service');
    // The client of the test answers nothing.
    await load.load.finish();
    const loaded = {
      ...nothing,
      runs: [await aRun({ resource })],
      loads: new Map([['service', load]]),
    };
    expect(withheldInBlueprint('service', loaded, aPolicy())).toBe('catalog unreadable');
  });

  it.each<[string, Omit<RunDifference, 'resource'>, string | null]>([
    ['came to its end in one page', { ends: [complete(repositories)] }, null],
    ['lists nothing', {}, null],
    ['took several pages', { ends: [complete(repositories, 2)] }, 'blueprint computed'],
    [
      'could not be read in one repository',
      { ends: [complete(repositories), incomplete(repositoryScope('PAY/api'))] },
      'blueprint computed',
    ],
    ['was stopped', { isStopped: true }, 'blueprint computed'],
    [
      'has an item that failed',
      { pages: [{ scope: repositories, items: [item] }], map: () => 'failed' },
      'blueprint computed',
    ],
  ])('of a resource that computes its blueprint and %s', async (_name, difference, expected) => {
    const computing = await aRun({ resource: aResource('user', [['.type']], 1), ...difference });
    const loaded = { ...nothing, runs: [await aRun({ resource }), computing] };
    // Whichever blueprint the resource would have named.
    expect(withheldInBlueprint('service', loaded, aPolicy())).toBe(expected);
    expect(withheldInBlueprint('another', loaded, aPolicy())).toBe(expected);
  });
});

describe('withheldInOrphans', () => {
  it.each<[string, ReturnType<typeof aMapping>, Partial<DeletionPolicy>, string | null]>([
    ['a whole run', aMapping([['repository', 'service']]), {}, null],
    ['a narrowed run', aMapping([['repository', 'service']]), { isNarrowed: true }, 'narrowed run'],
    [
      'a mapping that computes a blueprint',
      aMapping([
        ['repository', 'service'],
        ['user', ['.type']],
      ]),
      {},
      'blueprint computed',
    ],
    [
      'a mapping that names a blueprint which Port lacks',
      aMapping([
        ['repository', 'service'],
        ['user', 'person'],
      ]),
      {},
      'blueprint missing',
    ],
  ])('in %s', (_name, mapping, policy, expected) => {
    const blueprints = new Set(['service', 'old']);
    expect(withheldInOrphans(mapping, aPolicy(policy), blueprints)).toBe(expected);
  });
});

describe('feedsBlueprint', () => {
  it('counts literals alone', async () => {
    const run = await aRun({ resource: aResource('repository', ['service', 'team', ['.type']]) });
    expect(['service', 'team', '.type', 'user'].map((name) => feedsBlueprint(run, name))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
