import type { Mapping } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';

/** What a blueprint requires of each entity and nobody fills. */
export interface UnfilledRequirement {
  readonly blueprint: string;
  /** Dotted; at least one. */
  readonly fields: readonly string[];
}

/**
 * Properties and relations without which Port refuses a new entity, and that no resource fills which
 * feeds the blueprint. Where any item may name any blueprint, that cannot be told, and nothing is.
 */
export function unfilledRequirements(
  mapping: Mapping,
  blueprints: ReadonlyMap<string, Blueprint>,
): readonly UnfilledRequirement[] {
  const filled = new Map<string, Set<string>>();
  for (const { blueprint, fields } of mapping.resources.flatMap(({ feeds }) => feeds)) {
    if (blueprint.type === 'computed') return [];
    const known = filled.get(blueprint.identifier) ?? new Set();
    for (const name of fields.properties) known.add(`properties.${name}`);
    for (const name of fields.relations) known.add(`relations.${name}`);
    filled.set(blueprint.identifier, known);
  }
  return [...filled].flatMap(([identifier, known]) => {
    const blueprint = blueprints.get(identifier);
    const fields = blueprint === undefined ? [] : requiredFields(blueprint);
    const lacking = fields.filter((field) => !known.has(field));
    return lacking.length === 0 ? [] : [{ blueprint: identifier, fields: lacking }];
  });
}

/** A property with a default is never lacking. */
function requiredFields({
  properties,
  requiredProperties,
  relations,
}: Blueprint): readonly string[] {
  const required = [...relations].filter(([, relation]) => relation.required);
  return [
    ...[...requiredProperties]
      .filter((name) => properties.get(name)?.default === undefined)
      .map((name) => `properties.${name}`),
    ...required.map(([name]) => `relations.${name}`),
  ];
}
