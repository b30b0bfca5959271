import { catalogBlueprint, checkBlueprint, type CatalogBlueprint } from './blueprint.js';
import type { Actor } from './entity.js';
import { unprocessable } from './refusal.js';
import type { BlueprintInput } from './schemas/blueprint-body.js';
import type { PortState } from './state.js';

/**
 * Creates a blueprint or replaces all of it.
 * @throws Refusal 422 when a relation, mirror or aggregation leads nowhere
 */
export function writeBlueprint(
  state: PortState,
  actor: Actor,
  input: BlueprintInput,
): CatalogBlueprint {
  const find = (identifier: string): CatalogBlueprint | undefined =>
    state.catalog.find(identifier)?.blueprint;
  const previous = find(input.identifier);
  const blueprint = catalogBlueprint(input, actor, previous);
  checkBlueprint(blueprint, find);
  state.catalog.putBlueprint(blueprint);
  state.writes.push({
    type: previous === undefined ? 'blueprint-created' : 'blueprint-updated',
    blueprint: blueprint.identifier,
  });
  return blueprint;
}

/**
 * Refuses to lose a blueprint that others relate to.
 * @throws Refusal 422
 */
export function checkUnrelated(state: PortState, identifier: string): void {
  const other = state.catalog
    .shelves()
    .map(({ blueprint }) => blueprint)
    .find(
      (blueprint) =>
        blueprint.identifier !== identifier &&
        Object.values(blueprint.relations).some(({ target }) => target === identifier),
    );
  if (other !== undefined) {
    throw unprocessable(`blueprint "${other.identifier}" relates to "${identifier}"`);
  }
}

/**
 * Deletes a blueprint that nothing needs any more.
 * @throws Refusal 404, or 422 while it has entities or others relate to it
 */
export function deleteBlueprint(state: PortState, identifier: string): void {
  const { rowOf } = state.catalog.shelf(identifier);
  if (rowOf.size > 0) {
    throw unprocessable(`blueprint "${identifier}" still has ${rowOf.size} entities`);
  }
  checkUnrelated(state, identifier);
  state.catalog.removeBlueprint(identifier);
  state.writes.push({ type: 'blueprint-deleted', blueprint: identifier });
}
