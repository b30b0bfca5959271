import type { ChangeCounts, ResourceCounts } from '../model/event.js';
import type { Entity } from '../model/entity.js';
import { targetsOf } from '../model/blueprint.js';

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

/**
 * What a resource's items said of one relation, per repository they came from: the one value that
 * all of them had, or null where they differed or had none.
 */
export type RelationSightings = ReadonlyMap<string, ReadonlyMap<string, string | null>>;

/**
 * Remembers for each relation and repository the one value that all entities of the repository had.
 * It grows with repositories, not with entities.
 */
export class RelationRecord {
  readonly #blueprints = new Map<string, Map<string, Map<string, string | null>>>();

  /** @param repository key of the repository that the entity was read from */
  add(repository: string, entity: Entity): void {
    const relations =
      this.#blueprints.get(entity.blueprint) ?? new Map<string, Map<string, string | null>>();
    this.#blueprints.set(entity.blueprint, relations);
    for (const [name, value] of Object.entries(entity.relations)) {
      const sightings = relations.get(name) ?? new Map<string, string | null>();
      relations.set(name, sightings);
      const targets = targetsOf(value);
      const seen = targets.length === 1 ? (targets[0] ?? null) : null;
      const earlier = sightings.get(repository);
      sightings.set(repository, earlier === undefined || earlier === seen ? seen : null);
    }
  }

  sightings(blueprint: string): RelationSightings {
    return this.#blueprints.get(blueprint) ?? new Map<string, Map<string, string | null>>();
  }
}
