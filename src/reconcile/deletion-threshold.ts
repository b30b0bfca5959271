import type { EntityReference } from '../model/entity.js';
import type { ProblemOf } from '../problems/problem.js';

/** How one blueprint would change. */
export interface BlueprintDeletions {
  readonly blueprint: string;
  /** Entities of our data source before the run. */
  readonly owned: number;
  readonly due: readonly EntityReference[];
  /** Whether the mapping still feeds it. One that it left is meant to become empty. */
  readonly isFed: boolean;
}

/** A blueprint with at most this many entities may lose all of them. */
const SMALL_BLUEPRINT = 10;

/** How many entities a tripped threshold names. */
const NAMED_VICTIMS = 5;

/**
 * Whether more would be deleted than is allowed, over all blueprints or in one of them: an emptied
 * small blueprint must not hide behind large ones.
 * @param threshold the largest allowed ratio of due to owned, 0 to 1
 * @returns one problem for each limit that is tripped; empty when the deletions may go on
 */
export function trippedThresholds(
  deletions: readonly BlueprintDeletions[],
  threshold: number,
): readonly ProblemOf<'deletion-threshold'>[] {
  const overall = check(
    null,
    deletions.reduce((sum, { owned }) => sum + owned, 0),
    deletions.flatMap(({ due }) => due),
    threshold,
  );
  const single = deletions
    .filter(({ owned, isFed }) => isFed && owned > SMALL_BLUEPRINT)
    .flatMap(({ blueprint, owned, due }) => check(blueprint, owned, due, threshold));
  return [...overall, ...single];
}

function check(
  blueprint: string | null,
  owned: number,
  due: readonly EntityReference[],
  threshold: number,
): readonly ProblemOf<'deletion-threshold'>[] {
  if (due.length === 0 || due.length / owned <= threshold) return [];
  const victims = due.slice(0, NAMED_VICTIMS);
  return [{ code: 'deletion-threshold', due: due.length, owned, threshold, blueprint, victims }];
}
