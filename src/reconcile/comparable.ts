import type { Blueprint } from '../model/blueprint.js';
import type { MappedFields } from '../model/entity.js';
import { canonicalJson, isJsonArray, type JsonObject, type JsonValue } from '../model/json.js';

/** What can be compared: an entity as mapped, or as Port holds it. */
export interface Comparable {
  readonly team?: JsonValue;
  readonly properties: JsonObject;
  readonly relations: JsonObject;
}

/**
 * A text that is equal for two entities exactly when nothing would change on the given fields.
 * Null, absent and an empty many-relation are the same; teams and the targets of a many-relation
 * have no order; a date-time is the instant that it names, however it is spelled. Title and icon are
 * not part of it: Port takes no null there, so that they are compared apart, by `sameLabels`.
 */
export function comparableText(
  entity: Comparable,
  fields: MappedFields,
  blueprint: Pick<Blueprint, 'properties' | 'relations'>,
): string {
  const parts: Record<string, JsonValue> = {};
  const put = (name: string, value: JsonValue): void => {
    if (value !== null) parts[name] = value;
  };
  if (fields.team) put('team', unordered(entity.team ?? null));
  for (const name of fields.properties) {
    const value = fieldOf(entity.properties, name);
    const isInstant = blueprint.properties.get(name)?.format === 'date-time';
    put(`properties.${name}`, isInstant ? instant(value) : value);
  }
  for (const name of fields.relations) {
    const value = fieldOf(entity.relations, name);
    const many = blueprint.relations.get(name)?.many === true;
    put(`relations.${name}`, many || isJsonArray(value) ? unordered(value) : value);
  }
  return canonicalJson(parts);
}

/** What a person sees of an entity at first. */
export interface Labels {
  readonly title?: string | null;
  readonly icon?: string | null;
}

/** Whether title and icon would stay as they are. A null is never sent, so it changes nothing. */
export function sameLabels(mapped: Labels, existing: Labels): boolean {
  return (
    (mapped.title ?? existing.title ?? null) === (existing.title ?? null) &&
    (mapped.icon ?? existing.icon ?? null) === (existing.icon ?? null)
  );
}

/** Null for an absent field; what every object inherits (`constructor`) is not a field. */
function fieldOf(values: JsonObject, name: string): JsonValue {
  return Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}

function unordered(value: JsonValue): JsonValue {
  if (value === null) return null;
  const entries = isJsonArray(value) ? value : [value];
  const distinct = new Map(
    entries.filter((entry) => entry !== null).map((entry) => [canonicalJson(entry), entry]),
  );
  if (distinct.size === 0) return null;
  return [...distinct.keys()].sort().map((key) => distinct.get(key) ?? null);
}

function instant(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? value : milliseconds;
}
