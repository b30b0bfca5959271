import type { Entity } from '../model/entity.js';
import { targetsOf } from '../model/relation.js';

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
