import { z } from 'zod';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { createMapper, type MappedItem } from '../../src/mapping/mapper.js';
import type { Mapping, MappingResource } from '../../src/mapping/mapping.js';
import { parseMapping, type ParseOptions } from '../../src/mapping/parse-mapping.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../../src/model/json.js';
import type { RawItem } from '../../src/model/page.js';

/** Two kinds, one of them with keys of its own. */
export const options: ParseOptions = {
  origin: 'mapping.yml',
  unknownKeys: 'error',
  kinds: [
    { name: 'repository', selector: z.strictObject({ projects: z.array(z.string()).nullish() }) },
    {
      name: 'pull-request',
      selector: z.strictObject({ state: z.enum(['OPEN', 'MERGED']).nullish() }),
    },
  ],
};

/** The entity mapping that a case changes. */
export const plainEntity = { identifier: '.slug', blueprint: '"repository"' } as const;

/** What a case says of its resource. */
export interface ResourceSketch {
  readonly query?: JsonValue;
  readonly itemsToParse?: string;
  readonly itemsToParseName?: string;
  readonly itemsToParseTopLevelTransform?: boolean;
  /** Added to `plainEntity`, or all of several. */
  readonly entity?: JsonObject | readonly JsonObject[];
}

/** The mapping of one resource, as a user would write it. */
export function writtenMapping(sketch: ResourceSketch): JsonObject {
  const { query = 'true', entity = {}, ...port } = sketch;
  const mappings = isJsonArray(entity)
    ? entity.map((one) => ({ ...plainEntity, ...one }))
    : { ...plainEntity, ...entity };
  return {
    resources: [
      { kind: 'repository', selector: { query }, port: { ...port, entity: { mappings } } },
    ],
  };
}

/** The mapping of one resource, parsed. */
export function aMapping(sketch: ResourceSketch = {}): Mapping {
  return parseMapping(writtenMapping(sketch), options).mapping;
}

/** A single resource, parsed. */
export function aResource(sketch: ResourceSketch = {}): MappingResource {
  const resource = aMapping(sketch).resources[0];
  if (resource === undefined) throw new Error('no resource');
  return resource;
}

/** A raw item whose key and link follow from its position. */
export function anItem(value: JsonObject, position = 1): RawItem {
  return { key: String(position), link: `https://bitbucket/${position}`, value };
}

/** Maps the items by a resource, on an engine. */
export async function mapWith(
  engine: JqEngine,
  resource: MappingResource,
  items: readonly RawItem[],
): Promise<readonly MappedItem[]> {
  const mapper = await createMapper(engine, resource);
  try {
    return await mapper.map(items);
  } finally {
    await mapper.close();
  }
}

/** An item, and what it is mapped by. */
export interface ItemToMap {
  readonly resource: MappingResource;
  readonly item: RawItem;
}

/**
 * Maps each item by a resource of its own. Some resources at a time are compiled in one turn, as those
 * of one mapping are: a jq takes longer to start than to map an item.
 * @returns the outcome of each, in order
 */
export async function mapEach(
  engine: JqEngine,
  all: readonly ItemToMap[],
): Promise<readonly PromiseSettledResult<MappedItem | undefined>[]> {
  const outcomes: PromiseSettledResult<MappedItem | undefined>[] = [];
  while (outcomes.length < all.length) {
    const some = all.slice(outcomes.length, outcomes.length + 20);
    const mappings = some.map(async ({ resource, item }) => {
      const [mapped] = await mapWith(engine, resource, [item]);
      return mapped;
    });
    outcomes.push(...(await Promise.allSettled(mappings)));
  }
  return outcomes;
}

/** What it came to. @throws whatever it ended with */
export function settled<Value>(outcome: PromiseSettledResult<Value> | undefined): Value {
  if (outcome?.status === 'fulfilled') return outcome.value;
  throw outcome?.reason;
}
