import type { JsonObject, JsonValue } from '../../src/model/json.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import { startWorld, type World, type WorldDifference } from '../world/a-world.js';
import { mappingOf, putMapping, resource } from './safety-world.js';

/** A blueprint in short: its properties, and per relation the blueprint that it leads to. */
export interface BlueprintInShort {
  readonly properties?: JsonObject;
  readonly required?: readonly string[];
  /** In brackets when it holds many; with `!` when it is required. */
  readonly relations?: Readonly<Record<string, string | readonly [string]>>;
  readonly mirrorProperties?: JsonObject;
}

const TEXT = { type: 'string' };

/** A blueprint as Port's API takes it. It has the texts `name` and `state` in any case. */
export function aBlueprintBody(identifier: string, short: BlueprintInShort = {}): JsonObject {
  const relations = Object.entries(short.relations ?? {}).map(([name, target]) => {
    const text = typeof target === 'string' ? target : target[0];
    const relation: JsonObject = {
      target: text.replace('!', ''),
      required: text.endsWith('!'),
      many: typeof target !== 'string',
    };
    return [name, relation] as const;
  });
  return {
    identifier,
    title: identifier,
    schema: {
      properties: { name: TEXT, state: TEXT, ...short.properties },
      required: short.required ?? [],
    },
    relations: Object.fromEntries(relations),
    mirrorProperties: short.mirrorProperties ?? {},
  };
}

/** A world whose Port holds the given blueprints, in that order, and a mapping. */
export async function aLoadingWorld(
  company: Company,
  blueprints: Readonly<Record<string, BlueprintInShort>>,
  resources: readonly JsonObject[],
  { mapping = {}, ...difference }: WorldDifference & { readonly mapping?: JsonObject } = {},
): Promise<World> {
  const world = await startWorld(company, difference);
  // A relation may lead to a blueprint that comes later, or back: the relations are put last.
  for (const identifier of Object.keys(blueprints)) {
    world.port.putBlueprint(aBlueprintBody(identifier));
  }
  for (const [identifier, short] of Object.entries(blueprints)) {
    world.port.putBlueprint(aBlueprintBody(identifier, { ...short, mirrorProperties: {} }));
  }
  for (const [identifier, short] of Object.entries(blueprints)) {
    world.port.putBlueprint(aBlueprintBody(identifier, short));
  }
  putMapping(world, mappingOf(resources, mapping));
  return world;
}

/** A resource over repositories. */
export function repositories(mappings: JsonValue, selector: JsonObject = {}): JsonObject {
  return resource('repository', mappings, selector);
}

/** A resource over projects. */
export function projects(mappings: JsonValue, selector: JsonObject = {}): JsonObject {
  return resource('project', mappings, selector);
}

/** Bulks that were sent, of one blueprint or all. */
export function bulksOf({ port }: World, blueprint?: string): readonly RecordedRequest[] {
  const part = blueprint === undefined ? '' : `/blueprints/${blueprint}`;
  return port.requests.filter(({ path }) => path.endsWith(`${part}/entities/bulk`));
}

/** Identifiers of the entities that calls wrote, by what was asked for, oldest first. */
export function upsertedIn({ port }: World): readonly string[] {
  return port.writes.flatMap((write) =>
    write.type === 'entity-upserted' && write.cause === 'requested' ? [write.identifier] : [],
  );
}
