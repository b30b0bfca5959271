import type { Blueprint } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../model/json.js';
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

/** An entity without what Port refuses in lists, and how much that was, by dotted field. */
export interface FittedEntity {
  readonly entity: Entity;
  readonly dropped: ReadonlyMap<string, number>;
}

/** Takes nulls out of lists whose members the blueprint types: one would cost the whole entity. */
export function withoutNulls(entity: Entity, { properties }: Blueprint): FittedEntity {
  const dropped = new Map<string, number>();
  const fitted = Object.entries(entity.properties).map(([name, value]): [string, JsonValue] => {
    const property = properties.get(name);
    const isTyped = (property?.itemsType ?? property?.itemsFormat ?? null) !== null;
    if (!isTyped || !isJsonArray(value)) return [name, value];
    const present = value.filter((member) => member !== null);
    if (present.length === value.length) return [name, value];
    dropped.set(`properties.${name}`, value.length - present.length);
    return [name, present];
  });
  if (dropped.size === 0) return { entity, dropped };
  return { entity: { ...entity, properties: Object.fromEntries(fitted) }, dropped };
}

/**
 * What is sent of an entity: only fields that the blueprint has, and an empty list where a
 * many-relation is cleared.
 */
export function outgoingEntity(entity: Entity, blueprint: Blueprint): OutgoingEntity {
  const { identifier, search, title, icon, team } = entity;
  const relations = pick(entity.relations, (name) => blueprint.relations.has(name));
  for (const [name, value] of Object.entries(relations)) {
    if (value === null && blueprint.relations.get(name)?.many === true) relations[name] = [];
  }
  return {
    identifier: search ?? identifier,
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
