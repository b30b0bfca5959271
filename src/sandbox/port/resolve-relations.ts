import { referenceKey, type EntityReference } from '../../model/entity.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import { linksOf, relationOf, type CatalogBlueprint } from './blueprint.js';
import type { Catalog } from './catalog.js';
import { unprocessable } from './refusal.js';
import type { RelationInput } from './schemas/entity-body.js';
import type { SearchQuery } from './schemas/search-query.js';
import { matcherOf, type SearchWorld } from './search/matcher.js';
import { checkRelationShape } from './validate-entity.js';

/**
 * Turns what is written to the relations into identifiers.
 * @throws Refusal for a relation that does not exist or is given in the wrong shape
 */
export function resolveRelations(
  world: SearchWorld,
  blueprint: CatalogBlueprint,
  written: Readonly<Record<string, RelationInput>>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(written).map(([name, input]) => {
      const value = isQuery(input) ? lookUp(world, blueprint, name, input) : input;
      checkRelationShape(blueprint, name, value);
      return [name, value];
    }),
  );
}

/** Targets that do not exist; an entity may name itself before it is there. */
export function missingTargets(
  catalog: Catalog,
  blueprint: CatalogBlueprint,
  self: EntityReference,
  relations: JsonObject,
): readonly EntityReference[] {
  const missing = new Map<string, EntityReference>();
  for (const { target } of linksOf(blueprint, relations)) {
    const isSelf = target.blueprint === self.blueprint && target.identifier === self.identifier;
    if (!isSelf && catalog.entity(target) === undefined) missing.set(referenceKey(target), target);
  }
  return [...missing.values()];
}

/** Identifiers of a blueprint's entities that a query finds. */
export function findIdentifiers(
  world: SearchWorld,
  blueprint: string,
  query: SearchQuery,
): readonly string[] {
  return world.catalog
    .entities(blueprint)
    .filter(matcherOf(world, query))
    .map(({ identifier }) => identifier);
}

/** Whether what is written is a query that finds the value, not the value. */
export function isQuery(value: unknown): value is SearchQuery {
  return typeof value === 'object' && value !== null && 'combinator' in value;
}

function lookUp(
  world: SearchWorld,
  blueprint: CatalogBlueprint,
  name: string,
  query: SearchQuery,
): JsonValue {
  const relation = relationOf(blueprint, name);
  if (relation === undefined) return null;
  const found = findIdentifiers(world, relation.target, query);
  if (relation.many) return found;
  if (found.length > 1) {
    throw unprocessable(`the query of relation "${name}" finds ${found.length} entities`);
  }
  return found[0] ?? null;
}
