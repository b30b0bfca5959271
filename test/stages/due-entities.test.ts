import { describe, expect, it } from '@jest/globals';
import { HttpError } from '../../src/http/http-error.js';
import type { Problem } from '../../src/problems/problem.js';
import { startLoad, type CatalogLoad } from '../../src/stages/catalog-loads.js';
import { candidatesOfLoads, candidatesOfOrphans } from '../../src/stages/due-entities.js';
import type { OwnedEntity } from '../../src/stages/owned-entities.js';
import type { DeletionPolicy } from '../../src/stages/withholding.js';
import { aBlueprint, anEntity } from '../reconcile/a-blueprint.js';
import { aContext, aMapping, aResource, aRun } from './a-run.js';

const policy: DeletionPolicy = {
  isOn: true,
  isCascadeAllowed: false,
  threshold: 0.9,
  takenOverFrom: null,
  record: 'found',
  narrowed: new Set(),
  isNarrowed: false,
};

const resource = aResource('repository', ['service']);
const [feed] = resource.feeds;
const service = aBlueprint('service');
const ofPort: OwnedEntity = { updatedAt: null, fingerprints: [], isBare: false };

/** A load of `service` that made the given entities, and what Port held there before. */
async function aLoad(made: readonly string[], owned: readonly string[] = []): Promise<CatalogLoad> {
  const context = aContext({
    client: { ...aContext().client, body: () => new Promise(() => undefined) },
  });
  const { tally } = await aRun({ resource });
  const feeds = resource.feeds.map((one) => ({ feed: one, tally }));
  const load = startLoad(service, feeds, context, Promise.resolve());
  for (const identifier of made) {
    if (feed !== undefined) void load.add(feed, anEntity({ identifier }), identifier);
  }
  return { ...load, owned: Promise.resolve(new Map(owned.map((name) => [name, ofPort]))) };
}

describe('candidatesOfLoads', () => {
  it('names what Port holds and no feed made, those that compute their blueprint included', async () => {
    const loaded = {
      runs: [await aRun({ resource })],
      loads: new Map([['service', await aLoad(['api'], ['api', 'web', 'shop'])]]),
      computedLoads: new Map([['service', await aLoad(['web'])]]),
    };
    const [candidates] = await candidatesOfLoads(loaded, policy);
    expect(candidates).toMatchObject({ owned: 3, identifiers: ['shop'], appeared: [] });
  });
});

describe('candidatesOfOrphans', () => {
  it('says so when Port does not list them: none is not the same as not known', async () => {
    const problems: Problem[] = [];
    const failure = new HttpError('status', 'our entities', 'answered 500', { status: 500 });
    const context = aContext({
      mapping: aMapping([['repository', 'service']]),
      client: { ...aContext().client, json: () => Promise.reject(failure) },
      report: (problem) => problems.push(problem),
    });
    expect(await candidatesOfOrphans(policy, context)).toBeNull();
    expect(problems).toMatchObject([{ code: 'best-effort-failed' }]);
  });
});
