import type { JsonObject, JsonValue } from '../../model/json.js';

/** Who writes, through which data source, and when. */
export interface Actor {
  readonly by: string;
  /** The `User-Agent` of the call; null without one. */
  readonly datasource: string | null;
  /** RFC 3339. */
  readonly at: string;
}

/** An entity as the catalog holds it. Never changed: a write replaces it. */
export interface CatalogEntity {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string | null;
  readonly icon: string | null;
  readonly team: readonly string[];
  /** What was written; a property that was cleared is null. */
  readonly properties: JsonObject;
  /** What was written: an identifier, a list of them, or null where cleared. */
  readonly relations: JsonObject;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly datasource: string | null;
}

/** Fields of an entity that searches and `include` name with a `$`. */
const META_FIELDS: ReadonlyMap<string, (entity: CatalogEntity) => JsonValue> = new Map([
  ['$identifier', (entity): JsonValue => entity.identifier],
  ['$title', (entity): JsonValue => entity.title],
  ['$icon', (entity): JsonValue => entity.icon],
  ['$team', (entity): JsonValue => entity.team],
  ['$blueprint', (entity): JsonValue => entity.blueprint],
  ['$createdAt', (entity): JsonValue => entity.createdAt],
  ['$createdBy', (entity): JsonValue => entity.createdBy],
  ['$updatedAt', (entity): JsonValue => entity.updatedAt],
  ['$updatedBy', (entity): JsonValue => entity.updatedBy],
  ['$datasource', (entity): JsonValue => entity.datasource],
]);

/** How to read a field such as `$title`; undefined when there is no such field. */
export function metaField(name: string): ((entity: CatalogEntity) => JsonValue) | undefined {
  return META_FIELDS.get(name);
}
