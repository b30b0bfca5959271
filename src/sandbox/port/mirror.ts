import { isJsonArray, type JsonObject, type JsonValue } from '../../model/json.js';
import { targetsOf } from '../../model/blueprint.js';
import { relationOf } from './blueprint.js';
import type { Catalog } from './catalog.js';
import { metaField, type CatalogEntity } from './entity.js';

/** Mirrors of mirrors end here: entities may relate to one another in a circle. */
const LONGEST_WAY = 15;

/** Values of the mirror properties; those that lead to nothing are null. */
export function mirrorValues(catalog: Catalog, entity: CatalogEntity): JsonObject {
  const { mirrorProperties } = catalog.shelf(entity.blueprint).blueprint;
  return Object.fromEntries(
    Object.entries(mirrorProperties).map(([name, { path }]) => [
      name,
      valueAt(catalog, entity, path.split('.'), 0),
    ]),
  );
}

/** Value of one mirror property; null where there is no such property. */
export function mirrorValue(
  catalog: Catalog,
  entity: CatalogEntity,
  name: string,
  hops = 0,
): JsonValue {
  const { mirrorProperties } = catalog.shelf(entity.blueprint).blueprint;
  const path = Object.hasOwn(mirrorProperties, name) ? mirrorProperties[name]?.path : undefined;
  if (path === undefined || hops > LONGEST_WAY) return null;
  return valueAt(catalog, entity, path.split('.'), hops);
}

/** One value along single relations; a list as soon as a relation of many is on the way. */
function valueAt(
  catalog: Catalog,
  entity: CatalogEntity,
  path: readonly string[],
  hops: number,
): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return null;
  if (rest.length === 0) {
    const meta = metaField(step);
    if (meta !== undefined) return meta(entity);
    return entity.properties[step] ?? mirrorValue(catalog, entity, step, hops + 1);
  }
  const relation = relationOf(catalog.shelf(entity.blueprint).blueprint, step);
  if (relation === undefined) return null;
  const values = targetsOf(entity.relations[step])
    .map((identifier) => catalog.entity({ blueprint: relation.target, identifier }))
    .filter((target) => target !== undefined)
    .map((target) => valueAt(catalog, target, rest, hops + 1));
  if (!relation.many) return values[0] ?? null;
  return values.flatMap((value) => (isJsonArray(value) ? value : [value]));
}
