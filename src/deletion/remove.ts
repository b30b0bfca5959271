import type { Blueprint } from '../model/blueprint.js';
import { referenceKey, type EntityReference } from '../model/entity.js';
import type { DeleteOptions } from '../port/delete.js';
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
  const deletion: Deletion = { deleted: new Map(), context };
  const mayCascade = (entity: EntityReference): boolean => cascading.has(referenceKey(entity));
  let refused = await deleteRounds(
    entities.filter((entity) => !mayCascade(entity)),
    deletion,
  );
  const last = entities.filter(mayCascade);
  if (last.length > 0 && !context.signal.aborted) {
    const turnedDown = await deleteRound(last, deletion, { withDependents: true });
    // What the last ones relate to was turned down because of them alone.
    const again = refused.map(({ entity }) => entity);
    refused = [...(await deleteRounds(again, deletion)), ...turnedDown];
  }
  for (const { entity, reason } of refused) {
    const { blueprint, identifier } = entity;
    context.report({ code: 'deletion-refused', entity: { blueprint, identifier }, reason });
  }
  return deletion.deleted;
}

/** Deletes round by round, until nothing more is left or Port turns down all that is. */
async function deleteRounds(
  due: readonly EntityReference[],
  deletion: Deletion,
): Promise<readonly Refusal[]> {
  let left = due;
  let refused: readonly Refusal[] = [];
  while (left.length > 0 && !deletion.context.signal.aborted) {
    refused = await deleteRound(left, deletion, { withDependents: false });
    // Entities of one blueprint may relate to one another: a round may clear the way for the next.
    if (refused.length === left.length) break;
    left = refused.map(({ entity }) => entity);
  }
  return refused;
}

interface Deletion {
  /** By blueprint. */
  readonly deleted: Map<string, number>;
  readonly context: RunContext;
}

interface Refusal {
  readonly entity: EntityReference;
  readonly reason: string;
}

async function deleteRound(
  due: readonly EntityReference[],
  { deleted, context }: Deletion,
  options: DeleteOptions,
): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  for (const blueprint of dependentsFirst(due, context.blueprints)) {
    if (context.signal.aborted) break;
    const entities = due.filter((entity) => entity.blueprint === blueprint);
    const identifiers = entities.map(({ identifier }) => identifier);
    const outcomes = await context.writer.deleteEntities(blueprint, identifiers, options);
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
  due: readonly EntityReference[],
  blueprints: ReadonlyMap<string, Blueprint>,
): readonly string[] {
  const identifiers = [...new Set(due.map(({ blueprint }) => blueprint))].sort();
  const targetsFirst = dependencyOrder(identifiers, (identifier) =>
    [...(blueprints.get(identifier)?.relations.values() ?? [])].map(({ target }) => target),
  );
  return [...targetsFirst].reverse();
}
