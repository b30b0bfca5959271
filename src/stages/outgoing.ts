import type { Blueprint } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { OutgoingEntity } from '../port/outgoing-entity.js';

/** The mapped fields that the blueprint has, and the names of those that it lacks. */
export function knownFields(
  fields: MappedFields,
  blueprint: Blueprint,
): { readonly known: MappedFields; readonly lacking: readonly string[] } {
  const properties = fields.properties.filter((name) => blueprint.properties.has(name));
  const relations = fields.relations.filter((name) => blueprint.relations.has(name));
  const lacking = [
    ...fields.properties
      .filter((name) => !blueprint.properties.has(name))
      .map((name) => `properties.${name}`),
    ...fields.relations
      .filter((name) => !blueprint.relations.has(name))
      .map((name) => `relations.${name}`),
  ];
  return { known: { ...fields, properties, relations }, lacking };
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

/**
 * What is sent of an entity: only fields that the blueprint has, and an empty list where a
 * many-relation is cleared.
 */
export function outgoingEntity(entity: Entity, blueprint: Blueprint): OutgoingEntity {
  const { identifier, title, icon, team } = entity;
  const relations = pick(entity.relations, (name) => blueprint.relations.has(name));
  for (const [name, value] of Object.entries(relations)) {
    if (value === null && blueprint.relations.get(name)?.many === true) relations[name] = [];
  }
  return {
    identifier,
    ...(title === undefined ? {} : { title }),
    ...(icon === undefined ? {} : { icon }),
    ...(team === undefined ? {} : { team }),
    properties: pick(entity.properties, (name) => blueprint.properties.has(name)),
    relations,
  };
}

function pick(values: JsonObject, isKept: (name: string) => boolean): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => isKept(name)));
}
