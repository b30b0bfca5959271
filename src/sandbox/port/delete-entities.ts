import { referenceKey, type EntityReference } from '../../model/entity.js';
import { linksOf } from './blueprint.js';
import type { Catalog } from './catalog.js';
import type { CatalogEntity } from './entity.js';
import { Refusal } from './refusal.js';
import type { Cascade, PortState } from './state.js';

/**
 * Deletes entities that exist, all or none. Without `withDependents`, an entity outside of the call
 * that relates to any of them stops it; with it, those that `cascade` follows go as well, and the
 * others lose their target.
 * @throws Refusal `has_dependents`
 */
export function deleteEntities(
  state: PortState,
  references: readonly EntityReference[],
  withDependents: boolean,
): void {
  const requested = new Map(references.map((reference) => [referenceKey(reference), reference]));
  const due = withDependents ? cascaded(state.catalog, requested, state.cascade) : requested;
  if (!withDependents) refuseDependents(state.catalog, requested);
  for (const [key, reference] of due) {
    state.catalog.removeEntity(reference);
    state.writes.push({
      type: 'entity-deleted',
      blueprint: reference.blueprint,
      identifier: reference.identifier,
      cause: requested.has(key) ? 'requested' : 'dependent',
    });
  }
}

function refuseDependents(catalog: Catalog, requested: ReadonlyMap<string, EntityReference>): void {
  for (const reference of requested.values()) {
    const dependent = catalog
      .dependents(reference)
      .find((entity) => !requested.has(referenceKey(entity)));
    if (dependent !== undefined) {
      throw new Refusal(
        422,
        'has_dependents',
        `Entity "${reference.identifier}" has dependents, such as "${dependent.identifier}" of blueprint "${dependent.blueprint}"`,
      );
    }
  }
}

function cascaded(
  catalog: Catalog,
  requested: ReadonlyMap<string, EntityReference>,
  cascade: Cascade,
): ReadonlyMap<string, EntityReference> {
  const due = new Map(requested);
  const open = [...requested.values()];
  for (let target = open.pop(); target !== undefined; target = open.pop()) {
    for (const dependent of catalog.dependents(target)) {
      const key = referenceKey(dependent);
      if (due.has(key) || !isFollowed(catalog, dependent, target, cascade)) continue;
      const { blueprint, identifier } = dependent;
      due.set(key, { blueprint, identifier });
      open.push({ blueprint, identifier });
    }
  }
  return due;
}

function isFollowed(
  catalog: Catalog,
  dependent: CatalogEntity,
  target: EntityReference,
  cascade: Cascade,
): boolean {
  if (cascade === 'any') return true;
  return linksOf(catalog.shelf(dependent.blueprint).blueprint, dependent.relations).some(
    (link) => link.required && referenceKey(link.target) === referenceKey(target),
  );
}
