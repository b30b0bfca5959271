import type { Blueprint } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import type { JsonObject } from '../model/json.js';
import type { OutgoingEntity } from '../port/catalog-entity.js';

/** The mapped fields that the blueprint has, and the names of those that it lacks. */
export function knownFields(
  fields: MappedFields,
  blueprint: Blueprint,
): {
  readonly known: MappedFields;
  readonly lacking: readonly string[];
  /** What Port computes itself, and nobody else can fill. */
  readonly computed: readonly string[];
} {
  const properties = fields.properties.filter((name) => blueprint.properties.has(name));
  const relations = fields.relations.filter((name) => blueprint.relations.has(name));
  const others = fields.properties.filter((name) => !blueprint.properties.has(name));
  const isComputed = (name: string): boolean => blueprint.computedProperties.has(name);
  const lacking = [
    ...others.filter((name) => !isComputed(name)).map((name) => `properties.${name}`),
    ...fields.relations
      .filter((name) => !blueprint.relations.has(name))
      .map((name) => `relations.${name}`),
  ];
  const computed = others.filter(isComputed).map((name) => `properties.${name}`);
  return { known: { ...fields, properties, relations }, lacking, computed };
}

/** Whether the entity says something of each field; what could not be read is absent from it. */
export function saysAll(entity: Entity, fields: MappedFields): boolean {
  return (
    (!fields.title || entity.title !== undefined) &&
    (!fields.icon || entity.icon !== undefined) &&
    (!fields.team || entity.team !== undefined) &&
    fields.properties.every((name) => entity.properties[name] !== undefined) &&
    fields.relations.every((name) => entity.relations[name] !== undefined)
  );
}

/** The fields that the entity says something of. */
export function saidFields(entity: Entity, fields: MappedFields): MappedFields {
  return {
    title: fields.title && entity.title !== undefined,
    icon: fields.icon && entity.icon !== undefined,
    team: fields.team && entity.team !== undefined,
    properties: fields.properties.filter((name) => entity.properties[name] !== undefined),
    relations: fields.relations.filter((name) => entity.relations[name] !== undefined),
  };
}

/**
 * What is sent of an entity: only fields that the blueprint has, and an empty list where a
 * many-relation is cleared.
 */
export function outgoingEntity(entity: Entity, blueprint: Blueprint): OutgoingEntity {
  const { identifier, search, title, icon, team } = entity;
  return {
    identifier: search ?? identifier,
    ...(title === undefined ? {} : { title }),
    ...(icon === undefined ? {} : { icon }),
    ...(team === undefined ? {} : { team }),
    properties: known(entity.properties, blueprint.properties),
    relations: withEmptyLists(known(entity.relations, blueprint.relations), blueprint),
  };
}

/** The values that the blueprint has a place for; mostly, these are all. */
function known(values: JsonObject, places: ReadonlyMap<string, unknown>): JsonObject {
  for (const name in values) if (!places.has(name)) return picked(values, places);
  return values;
}

function picked(values: JsonObject, places: ReadonlyMap<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => places.has(name)));
}

function withEmptyLists(values: JsonObject, { relations }: Blueprint): JsonObject {
  const cleared = Object.keys(values).filter(
    (name) => values[name] === null && relations.get(name)?.many === true,
  );
  if (cleared.length === 0) return values;
  return { ...values, ...Object.fromEntries(cleared.map((name) => [name, []])) };
}
