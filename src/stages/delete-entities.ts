import type { Blueprint } from '../model/blueprint.js';
import { deleteEntities } from '../port/delete.js';
import { dependencyOrder } from '../reconcile/dependency-order.js';
import type { DueEntity } from '../reconcile/keep-related.js';
import type { RunContext } from './run-context.js';

/**
 * Deletes entities, those first that others do not relate to. Port is never asked to delete more than
 * is named: what it turns down because something still relates to it is kept and reported.
 * @returns how many were deleted, by blueprint
 */
export async function deleteInOrder(
  due: readonly DueEntity[],
  context: RunContext,
): Promise<ReadonlyMap<string, number>> {
  const deleted = new Map<string, number>();
  let left: readonly DueEntity[] = due;
  let refused: readonly Refusal[] = [];
  do {
    refused = await deleteRound(left, deleted, context);
    // Entities of one blueprint may relate to one another: a round may clear the way for the next.
    if (refused.length === left.length) break;
    left = refused.map(({ entity }) => entity);
  } while (left.length > 0 && !context.signal.aborted);
  for (const { entity, reason } of refused) {
    const { blueprint, identifier } = entity;
    context.report({ code: 'deletion-refused', entity: { blueprint, identifier }, reason });
  }
  return deleted;
}

interface Refusal {
  readonly entity: DueEntity;
  readonly reason: string;
}

async function deleteRound(
  due: readonly DueEntity[],
  deleted: Map<string, number>,
  context: RunContext,
): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  for (const blueprint of dependentsFirst(due, context.blueprints)) {
    if (context.signal.aborted) break;
    const entities = due.filter((entity) => entity.blueprint === blueprint);
    const identifiers = entities.map(({ identifier }) => identifier);
    const outcomes = await deleteEntities(context.writingClient, blueprint, identifiers);
    const failures: string[] = [];
    for (const [index, entity] of entities.entries()) {
      const outcome = outcomes[index];
      if (outcome?.type === 'deleted') deleted.set(blueprint, (deleted.get(blueprint) ?? 0) + 1);
      if (outcome?.type === 'refused') refused.push({ entity, reason: outcome.reason });
      if (outcome?.type === 'failed') failures.push(outcome.reason);
    }
    const [reason] = failures;
    if (reason !== undefined) {
      context.report({ code: 'entities-not-deleted', blueprint, count: failures.length, reason });
    }
  }
  return refused;
}

function dependentsFirst(
  due: readonly DueEntity[],
  blueprints: ReadonlyMap<string, Blueprint>,
): readonly string[] {
  const identifiers = [...new Set(due.map(({ blueprint }) => blueprint))].sort();
  const targetsFirst = dependencyOrder(identifiers, (identifier) =>
    [...(blueprints.get(identifier)?.relations.values() ?? [])].map(({ target }) => target),
  );
  return [...targetsFirst].reverse();
}
