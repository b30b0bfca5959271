import type { ChangeCounts, ResourceCounts } from './event.js';
import type { ResourceReference } from './resource.js';

/** What one resource came to. */
export interface ResourceSummary {
  readonly resource: ResourceReference;
  readonly counts: ResourceCounts;
  /** Whether everything was read to its end. */
  readonly status: 'complete' | 'incomplete';
  /** From its first request to Port's last answer. */
  readonly milliseconds: number;
}

/** What became of the entities of one blueprint. */
export interface BlueprintSummary {
  readonly blueprint: string;
  readonly changes: ChangeCounts;
  /** Entities that Port created with nothing but an identifier, because a relation leads to them. */
  readonly stubs: number;
}

/** Whether a run wrote no entity and found none in Port as it should be. */
export function isNothingDone(summary: RunSummary | null): boolean {
  return (
    summary === null ||
    (summary.deletedElsewhere === 0 &&
      summary.resources.every(
        ({ counts: { created, updated, searched, unchanged, deleted } }) =>
          created + updated + searched + unchanged + deleted === 0,
      ))
  );
}

/** Whether Port took anything that a run wrote. */
export function hasWritten(summary: RunSummary | null): boolean {
  return (
    summary !== null &&
    (summary.deletedElsewhere > 0 ||
      summary.resources.some(
        ({ counts: { created, updated, searched, deleted } }) =>
          created + updated + searched + deleted > 0,
      ))
  );
}

/** What a run came to, besides its problems. */
export interface RunSummary {
  readonly resources: readonly ResourceSummary[];
  /** In the order of the mapping; those that it left follow. */
  readonly blueprints: readonly BlueprintSummary[];
  /** Entities deleted in blueprints that no resource feeds any more. */
  readonly deletedElsewhere: number;
  readonly requests: { readonly bitbucket: number; readonly port: number };
  /** From where the command began, as its time limit. */
  readonly milliseconds: number;
}
