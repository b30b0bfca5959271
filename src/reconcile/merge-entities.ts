import type { Entity, MappedFields } from '../model/entity.js';

/**
 * One entity out of those that several feeds of a blueprint made of it, in config order: a later
 * one wins on every field that it names, null included, as if they were loaded one after another.
 */
export function mergeEntities(entities: readonly [Entity, ...Entity[]]): Entity {
  return entities.reduce((earlier, later) => ({
    ...earlier,
    ...later,
    properties: { ...earlier.properties, ...later.properties },
    relations: { ...earlier.relations, ...later.relations },
  }));
}

/** The fields that any of the feeds fills. */
export function mergeFields(all: readonly MappedFields[]): MappedFields {
  return {
    title: all.some((fields) => fields.title),
    icon: all.some((fields) => fields.icon),
    team: all.some((fields) => fields.team),
    properties: [...new Set(all.flatMap((fields) => fields.properties))],
    relations: [...new Set(all.flatMap((fields) => fields.relations))],
  };
}
