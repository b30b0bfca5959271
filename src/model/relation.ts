import type { Blueprint } from './blueprint.js';
import type { EntityReference } from './entity.js';
import { isJsonArray, type JsonObject, type JsonValue } from './json.js';

/** The identifiers that a relation's value names; none for null and for a search query. */
export function targetsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isJsonArray(value)) return value.filter((entry) => typeof entry === 'string');
  return [];
}

/** All that an entity relates to, by the relations that its blueprint knows. */
export function* referencesOf(
  relations: JsonObject,
  blueprint: Pick<Blueprint, 'relations'>,
): Iterable<EntityReference> {
  for (const [name, relation] of blueprint.relations) {
    for (const identifier of targetsOf(relations[name])) {
      yield { blueprint: relation.target, identifier };
    }
  }
}
