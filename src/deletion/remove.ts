import type { Blueprint } from '../model/blueprint.js';
import type { WithRequest } from '../model/request-facts.js';
import { referenceKey, type EntityReference } from '../model/entity.js';
import { dependencyOrder } from '../reconcile/dependency-order.js';
import type { RunContext } from '../stages/run-context.js';
import type { Proven } from './prove-gone.js';

/**
 * Deletes what is proven gone, those first that others do not relate to. Port is not asked to delete more
 * than is named, but for those that may cascade: what it turns down because something still relates to it
 * is kept and reported.
 * @returns how many were deleted, by blueprint
 */
export async function remove(
  { entities, cascading }: Proven,
  context: RunContext,
): Promise<ReadonlyMap<string, number>> {
  const deletion: Deletion = { deleted: new Map(), cascading, context };
  let left = entities;
  let refused: readonly Refusal[] = [];
  while (left.length > 0 && !context.signal.aborted) {
    refused = await deleteRound(left, deletion);
    // Entities of one blueprint may relate to one another: a round may clear the way for the next.
    if (refused.length === left.length) break;
    left = refused.map(({ entity }) => entity);
  }
  for (const { entity, ...why } of refused) {
    const { blueprint, identifier } = entity;
    context.report({ code: 'deletion-refused', entity: { blueprint, identifier }, ...why });
  }
  return deletion.deleted;
}

interface Deletion {
  /** By blueprint. */
  readonly deleted: Map<string, number>;
  /** Keys of what is deleted together with what relates to it. */
  readonly cascading: ReadonlySet<string>;
  readonly context: RunContext;
}

interface Refusal extends WithRequest {
  readonly entity: EntityReference;
  readonly reason: string;
}

async function deleteRound(
  due: readonly EntityReference[],
  { deleted, cascading, context }: Deletion,
): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  for (const blueprint of dependentsFirst(due, context.blueprints)) {
    // What may cascade comes after those of its blueprint that may relate to it, and before its targets.
    for (const withDependents of [false, true]) {
      const entities = due.filter(
        (entity) =>
          entity.blueprint === blueprint && cascading.has(referenceKey(entity)) === withDependents,
      );
      if (entities.length === 0 || context.signal.aborted) continue;
      const identifiers = entities.map(({ identifier }) => identifier);
      const options = { withDependents, stop: context.signal };
      const outcomes = await context.writer.deleteEntities(blueprint, identifiers, options);
      const failures: Omit<Refusal, 'entity'>[] = [];
      for (const [index, entity] of entities.entries()) {
        const outcome = outcomes[index];
        if (outcome?.type === 'deleted') deleted.set(blueprint, (deleted.get(blueprint) ?? 0) + 1);
        if (outcome?.type !== 'refused' && outcome?.type !== 'failed') continue;
        const { type, ...why } = outcome;
        if (type === 'refused') refused.push({ entity, ...why });
        else failures.push(why);
      }
      const [why] = failures;
      if (why !== undefined) {
        const { length: count } = failures;
        context.report({ code: 'entities-not-deleted', blueprint, count, ...why });
      }
    }
  }
  return refused;
}

function dependentsFirst(
  due: readonly EntityReference[],
  blueprints: ReadonlyMap<string, Blueprint>,
): readonly string[] {
  const identifiers = [...new Set(due.map(({ blueprint }) => blueprint))].sort();
  const targetsFirst = dependencyOrder(identifiers, (identifier) =>
    [...(blueprints.get(identifier)?.relations.values() ?? [])].map(({ target }) => target),
  );
  return [...targetsFirst].reverse();
}
