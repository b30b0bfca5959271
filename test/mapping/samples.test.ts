import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { DEFAULTS } from '../../src/defaults/index.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import type { Mapping } from '../../src/mapping/mapping.js';
import { parseMapping } from '../../src/mapping/parse-mapping.js';
import type { Entity } from '../../src/model/entity.js';
import type { JsonObject } from '../../src/model/json.js';
import { realEngines } from './real-engines.js';
import { mapWith, options } from './world.js';

const json = z.record(z.string(), z.json());
const sampleSchema = z.object({
  mapping: json,
  payload: json,
  entity: z.looseObject({
    identifier: z.string(),
    blueprint: z.string(),
    title: z.string(),
    properties: json,
    relations: json,
  }),
  blueprint: z.object({ schema: z.object({ properties: json }) }),
});

/** A payload, the mapping and blueprint that go with it, and the entity that Port showed for it. */
function sample(kind: string): z.output<typeof sampleSchema> {
  const file = fileURLToPath(new URL(`fixtures/${kind}.json`, import.meta.url));
  return sampleSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

const kinds = ['project', 'repository', 'pull-request', 'user'].map((name) => ({
  name,
  selector: z.strictObject({ state: z.string().optional() }),
}));

const parsed = (mapping: JsonObject): Mapping =>
  parseMapping(mapping, { ...options, kinds }).mapping;

const each = realEngines.flatMap(({ name: engineName, start }) =>
  kinds.map(({ name }) => ({ name, engineName, start })),
);

describe.each(each)('the sample of a $name, by $engineName', ({ name, start }) => {
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());

  const { mapping, payload, entity, blueprint } = sample(name);

  const entityBy = async (by: Mapping): Promise<Entity | undefined> => {
    const resource = by.resources.find((candidate) => candidate.kind === name);
    const [mapped] = await mapWith(engine, resource!, [{ key: '1', link: null, value: payload }]);
    expect(mapped?.problems).toEqual([]);
    expect(mapped?.entities).toHaveLength(1);
    return mapped?.entities[0]?.entity;
  };

  /** As Port shows it: what is not mapped is null. */
  const shown = (made: Entity | undefined): object => ({
    identifier: made?.identifier,
    blueprint: made?.blueprint,
    title: made?.title,
    properties: {
      ...Object.fromEntries(Object.keys(blueprint.schema.properties).map((key) => [key, null])),
      ...made?.properties,
    },
    relations: made?.relations,
  });
  const { identifier, title, properties, relations } = entity;
  const expected = { identifier, blueprint: entity.blueprint, title, properties, relations };

  it('gives the entity of the sample by its own mapping', async () => {
    expect(shown(await entityBy(parsed(mapping)))).toEqual(expected);
  });

  it('gives the same by the default mapping, but for the identifier of a pull request', async () => {
    const newer = name === 'pull-request' ? { identifier: 'repostiroy-3-1' } : {};
    const { mapping: written } = DEFAULTS['bitbucket-server'];
    expect(shown(await entityBy(parsed(written)))).toEqual({ ...expected, ...newer });
  });
});
