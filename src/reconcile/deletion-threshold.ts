import type { EntityReference } from '../model/entity.js';
import type { ProblemOf } from '../problems/problem.js';
import { identifierChange } from './identifier-change.js';

/** How one blueprint would change. */
export interface BlueprintDeletions {
  readonly blueprint: string;
  /** Entities of our data source before the run. */
  readonly owned: number;
  readonly due: readonly EntityReference[];
  /** Identifiers that this run brought into it. */
  readonly appeared: readonly string[];
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
  const overall = check(null, deletions, threshold);
  const single = deletions
    .filter(({ owned, isFed }) => isFed && owned > SMALL_BLUEPRINT)
    .flatMap((one) => check(one.blueprint, [one], threshold));
  return [...overall, ...single];
}

function check(
  blueprint: string | null,
  deletions: readonly BlueprintDeletions[],
  threshold: number,
): readonly ProblemOf<'deletion-threshold'>[] {
  const owned = deletions.reduce((sum, one) => sum + one.owned, 0);
  const due = deletions.flatMap((one) => one.due);
  if (due.length === 0 || due.length / owned <= threshold) return [];
  const victims = due.slice(0, NAMED_VICTIMS);
  const changed = changedIdentifier(deletions);
  return [
    {
      code: 'deletion-threshold',
      due: due.length,
      owned,
      threshold,
      blueprint,
      victims,
      ...(changed === null ? {} : { changed }),
    },
  ];
}

/** Of the blueprint that would lose most, among those whose identifier seems to have changed. */
function changedIdentifier(
  deletions: readonly BlueprintDeletions[],
): NonNullable<ProblemOf<'deletion-threshold'>['changed']> | null {
  const mostFirst = [...deletions].sort((one, other) => other.due.length - one.due.length);
  for (const { blueprint, owned, due, appeared } of mostFirst) {
    const identifiers = due.map(({ identifier }) => identifier);
    const change = identifierChange({ owned, due: identifiers, appeared });
    if (change !== null) return { blueprint, ...change };
  }
  return null;
}
