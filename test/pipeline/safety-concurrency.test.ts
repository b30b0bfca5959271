import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/model/json.js';
import type { World } from '../world/a-world.js';
import { companyOf, companyShape } from './safety-company.js';
import { SAFETY_MAPPINGS } from './safety-mappings.js';
import { aMappedWorld } from './safety-world.js';

let worlds: World[] = [];

afterEach(async () => {
  await Promise.all(worlds.map((world) => world.close()));
  worlds = [];
});

/** All that Port holds, less what tells one server from the other. */
function catalogOf({ port, bitbucket }: World): readonly JsonObject[] {
  return port
    .blueprints()
    .flatMap(({ identifier }) => port.entities(identifier))
    .map(({ blueprint, identifier, title, team, properties, relations }) => ({
      blueprint,
      identifier,
      title,
      team: [...team],
      properties: JSON.stringify(properties).replaceAll(bitbucket.url, ''),
      relations,
    }))
    .sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

const nameOf = (entity: JsonObject): string =>
  JSON.stringify([entity.blueprint, entity.identifier]);

describe('the catalog', () => {
  it.each(SAFETY_MAPPINGS.map((mapping) => [mapping.name, mapping] as const))(
    'is the same whatever the concurrency, with %s',
    async (_, { config }) => {
      await fc.assert(
        fc.asyncProperty(companyShape, async (shape) => {
          const catalogs: (readonly JsonObject[])[] = [];
          for (const concurrency of ['1', '8']) {
            const bitbucket = { pageCap: 2, listsPersonalProjects: true };
            const world = await aMappedWorld(companyOf(shape), config, { bitbucket });
            worlds.push(world);
            const { exitCode, result } = await world.run(`sync --concurrency ${concurrency}`);
            expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
            catalogs.push(catalogOf(world));
          }
          expect(catalogs[0]).toEqual(catalogs[1]);
        }),
        { numRuns: 1, seed: 20260102, endOnFailure: true },
      );
    },
  );
});
