import type { Blueprint } from '../model/blueprint.js';
import { referenceKey, type EntityReference } from '../model/entity.js';
import type { JsonObject } from '../model/json.js';
import { referencesOf } from '../model/relation.js';

/** An entity that our data source owns and this run did not produce, as Port holds it now. */
export interface DueEntity extends EntityReference {
  readonly relations: JsonObject;
}

/**
 * Takes out of `due` what an entity that stays relates to, directly or through others that stay for
 * that reason.
 * @param staying entities that are kept although this run did not produce them
 * @param isReferenced whether an entity that this run produced relates to the reference
 */
export function keepRelated(
  due: readonly DueEntity[],
  staying: readonly DueEntity[],
  isReferenced: (reference: EntityReference) => boolean,
  blueprints: ReadonlyMap<string, Pick<Blueprint, 'relations'>>,
): { readonly due: readonly DueEntity[]; readonly kept: readonly DueEntity[] } {
  const remaining = new Map(due.map((entity) => [referenceKey(entity), entity]));
  const kept: DueEntity[] = [];
  const queue = [...staying];
  const keep = (entity: DueEntity): void => {
    remaining.delete(referenceKey(entity));
    kept.push(entity);
    queue.push(entity);
  };
  for (const entity of due) if (isReferenced(entity)) keep(entity);
  for (let entity = queue.pop(); entity !== undefined; entity = queue.pop()) {
    const blueprint = blueprints.get(entity.blueprint);
    if (blueprint === undefined) continue;
    for (const reference of referencesOf(entity.relations, blueprint)) {
      const related = remaining.get(referenceKey(reference));
      if (related !== undefined) keep(related);
    }
  }
  return { due: [...remaining.values()], kept };
}
