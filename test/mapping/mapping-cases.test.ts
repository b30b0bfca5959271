import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { mappingCases } from './cases/index.js';
import { realEngines } from './real-engines.js';
import { anItem, aResource, mapEach, settled } from './world.js';

describe.each(realEngines)('a mapping, by $name', ({ start }) => {
  let engine: JqEngine;
  let outcomes: Awaited<ReturnType<typeof mapEach>>;
  beforeAll(async () => {
    engine = await start();
    outcomes = await mapEach(
      engine,
      mappingCases.map(({ resource, value }) => ({
        resource: aResource(resource),
        item: anItem(value),
      })),
    );
  });
  afterAll(() => engine.close());

  it.each(mappingCases.map((each, index) => ({ ...each, index })))(
    '$name',
    ({ index, resource, status, entities, problems }) => {
      const parsed = aResource(resource);
      const mapped = settled(outcomes[index]);
      expect(mapped?.problems).toEqual(
        (problems ?? []).map((problem): unknown =>
          expect.objectContaining({
            ...problem,
            resource: parsed.reference,
            item: 'https://bitbucket/1',
          }),
        ),
      );
      expect(mapped?.entities.map(({ entity }) => entity)).toEqual(
        entities.map((entity) => ({
          identifier: 'api',
          blueprint: 'repository',
          properties: {},
          relations: {},
          ...entity,
        })),
      );
      expect(mapped?.status).toBe(status ?? 'mapped');
    },
  );
});
