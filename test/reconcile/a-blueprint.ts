import type { Blueprint, BlueprintProperty, BlueprintRelation } from '../../src/model/blueprint.js';
import type { Entity, MappedFields } from '../../src/model/entity.js';

/** A relation in short: the blueprint that it leads to, in brackets when it holds many. */
export type RelationInShort = string | readonly [string];

/** A blueprint; a property is its format or null, a relation the blueprint that it leads to. */
export function aBlueprint(
  identifier: string,
  difference: {
    readonly properties?: Readonly<Record<string, string | null>>;
    readonly relations?: Readonly<Record<string, RelationInShort>>;
  } = {},
): Blueprint {
  const properties = Object.entries(difference.properties ?? {}).map(
    ([name, format]): [string, BlueprintProperty] => [
      name,
      { type: 'string', format, itemsType: null, itemsFormat: null },
    ],
  );
  const relations = Object.entries(difference.relations ?? {}).map(
    ([name, target]): [string, BlueprintRelation] => [
      name,
      {
        target: typeof target === 'string' ? target : target[0],
        required: false,
        many: typeof target !== 'string',
      },
    ],
  );
  return {
    identifier,
    title: null,
    properties: new Map(properties),
    requiredProperties: new Set(),
    relations: new Map(relations),
    computedProperties: new Set(),
  };
}

/** Fields that a mapping fills; those that are not named are not mapped. */
export function someFields(difference: Partial<MappedFields> = {}): MappedFields {
  return { title: false, icon: false, team: false, properties: [], relations: [], ...difference };
}

/** An entity of `service` without fields. */
export function anEntity(difference: Partial<Entity> = {}): Entity {
  return { blueprint: 'service', identifier: 'api', properties: {}, relations: {}, ...difference };
}
