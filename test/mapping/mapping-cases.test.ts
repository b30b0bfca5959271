import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { mappingCases } from './cases/index.js';
import { realEngines } from './real-engines.js';
import { anItem, aResource, mapWith } from './world.js';

describe.each(realEngines)('a mapping, by $name', ({ start }) => {
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());

  it.each(mappingCases)('$name', async ({ resource, value, status, entities, problems }) => {
    const parsed = aResource(resource);
    const [mapped] = await mapWith(engine, parsed, [anItem(value)]);
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
  });
});
