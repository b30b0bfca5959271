import type { JsonObject, JsonValue } from './json.js';

/** Identifies an entity in the catalog. */
export interface EntityReference {
  readonly blueprint: string;
  readonly identifier: string;
}

/**
 * An entity as a mapping makes it. A field that the mapping does not name is absent; a field that
 * the mapping names and the item does not fill is null, which clears it in Port.
 */
export interface Entity extends EntityReference {
  /**
   * The search query that Port finds the entity by. `identifier` is the same in words then: it tells
   * the entity from others, and no entity in Port has such an identifier.
   */
  readonly search?: JsonObject;
  readonly title?: string | null;
  readonly icon?: string | null;
  /** A team, several, a search query, or null. */
  readonly team?: JsonValue;
  readonly properties: JsonObject;
  /** Identifier, list of identifiers, search query, or null, per relation. */
  readonly relations: JsonObject;
}

/** Names of the fields that a resource's mapping fills: what a comparison looks at, and no more. */
export interface MappedFields {
  readonly title: boolean;
  readonly icon: boolean;
  readonly team: boolean;
  readonly properties: readonly string[];
  readonly relations: readonly string[];
}

/** None of them: an entity is asked for by its identifier alone. */
export const NO_FIELDS: MappedFields = {
  title: false,
  icon: false,
  team: false,
  properties: [],
  relations: [],
};

/** One text for a reference, usable as a key: neither part can hold a line feed. */
export function referenceKey(reference: EntityReference): string {
  return `${reference.blueprint}\n${reference.identifier}`;
}
