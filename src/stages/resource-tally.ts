import type { ChangeCounts, ResourceCounts } from '../model/event.js';

/** What became of entities of one blueprint, or of items that did not become any. */
export class ChangeTally {
  unchanged = 0;
  created = 0;
  updated = 0;
  searched = 0;
  failed = 0;
  deleted = 0;
  /** Made before by the same feed. */
  duplicates = 0;
  /** Merged into an entity that counts with an earlier feed. */
  merged = 0;

  /** The counts as they are now. */
  counts(): ChangeCounts {
    const { unchanged, created, updated, searched, failed, deleted } = this;
    return { unchanged, created, updated, searched, failed, deleted };
  }
}

/** Counts of one resource while it runs. */
export class ResourceTally {
  fetched = 0;
  mapped = 0;
  /** Results that did not become entities. */
  unselected = 0;
  unidentified = 0;
  lost = 0;
  /** Items that the selector left out altogether. */
  unselectedItems = 0;
  /** Requests to Port; those to Bitbucket are counted by the reading. */
  portRequests = 0;
  readonly #blueprints = new Map<string, ChangeTally>();

  /** What became of its entities of one blueprint. */
  of(blueprint: string): ChangeTally {
    const tally = this.#blueprints.get(blueprint) ?? new ChangeTally();
    this.#blueprints.set(blueprint, tally);
    return tally;
  }

  /**
   * Whether anything came of its items that is not in Port already. What is found by a search cannot
   * be told.
   */
  get hasNews(): boolean {
    const { created, updated, failed } = this.counts(0);
    return (
      created + updated + failed > 0 || (this.mapped === 0 && this.unselectedItems < this.fetched)
    );
  }

  /** The blueprints that its entities were for, in the order in which they came up. */
  blueprints(): ReadonlyMap<string, ChangeCounts> {
    return new Map([...this.#blueprints].map(([blueprint, tally]) => [blueprint, tally.counts()]));
  }

  /** The counts as they are now. */
  counts(sourceRequests: number): ResourceCounts {
    const tallies = [...this.#blueprints.values()];
    const changes = addedChanges(tallies.map((tally) => tally.counts()));
    const sum = (count: 'duplicates' | 'merged'): number =>
      tallies.reduce((total, tally) => total + tally[count], 0);
    const { unchanged, created, updated, searched, failed } = changes;
    const reached =
      unchanged + created + updated + searched + failed + sum('duplicates') + sum('merged');
    return {
      fetched: this.fetched,
      mapped: this.mapped,
      unselected: this.unselected,
      unidentified: this.unidentified,
      duplicates: sum('duplicates'),
      merged: sum('merged'),
      unreached: Math.max(0, this.mapped - reached),
      ...changes,
      failed: failed + this.lost,
      requests: sourceRequests + this.portRequests,
    };
  }
}

/** The sum of several counts. */
export function addedChanges(all: readonly ChangeCounts[]): ChangeCounts {
  const sum = (count: keyof ChangeCounts): number =>
    all.reduce((total, counts) => total + counts[count], 0);
  return {
    unchanged: sum('unchanged'),
    created: sum('created'),
    updated: sum('updated'),
    searched: sum('searched'),
    failed: sum('failed'),
    deleted: sum('deleted'),
  };
}
