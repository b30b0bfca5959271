import type { Blueprint } from '../model/blueprint.js';
import { referenceKey, type EntityReference } from '../model/entity.js';
import type { RawItem, Scope } from '../model/page.js';
import type { WithholdingReason } from '../problems/problem.js';
import type { DueEntity } from '../reconcile/keep-related.js';
import {
  leadingRelations,
  scopeVerdict,
  type OwnEntities,
  type RelationSightings,
  type ScopeVerdict,
} from '../reconcile/scope-guard.js';
import { ownEntitiesOf } from './own-entities.js';
import type { ResourceRun } from './resource-run.js';

/** Tells for the entities of one blueprint which repository they belong to. */
export class ScopeProtection {
  /** Keys of the entities of all repositories. Which of them were not read is asked first. */
  readonly #known: ReadonlySet<string>;

  private constructor(
    private readonly blueprint: Blueprint,
    private readonly leading: readonly string[],
    private readonly own: OwnEntities,
  ) {
    this.#known = new Set([...own.values()].flat().map(referenceKey));
  }

  /**
   * @param feeding runs that feed the blueprint
   * @param runs all of the run, those that map repositories among them
   */
  static async of(
    blueprint: Blueprint,
    feeding: readonly ResourceRun[],
    runs: readonly ResourceRun[],
  ): Promise<ScopeProtection> {
    const ends = feeding.flatMap((run) => run.ends());
    // Mapping the repositories once more is only worth it when a listing below them matters.
    const isNeeded = ends.some(
      (end) => end.scope.type === 'repository' && (end.status === 'incomplete' || end.pages > 1),
    );
    const repositories = isNeeded ? ends.flatMap(({ scope }) => repositoryOf(scope)) : [];
    const own = await ownEntitiesOf(repositories, runs);
    const leading = leadingRelations(
      blueprint,
      sightingsOf(blueprint, feeding),
      own,
      mappedRelations(blueprint, feeding),
    );
    return new ScopeProtection(blueprint, leading, own);
  }

  /** Tells why an entity is kept when the given repositories were not read to the end, or null. */
  judge(unread: readonly RawItem[]): (entity: DueEntity) => WithholdingReason | null {
    if (unread.length === 0) return () => null;
    // A repository without an entity of its own cannot be told by a relation.
    if (unread.some(({ key }) => this.#ownOf(key).length === 0)) return () => 'repository unknown';
    const verdictOf = this.#verdicts(unread.flatMap(({ key }) => this.#ownOf(key)));
    return (entity) => {
      const verdict = verdictOf(entity);
      if (verdict === 'elsewhere') return null;
      return verdict === 'not read' ? 'repository not read' : 'repository unknown';
    };
  }

  /** Whether any of the entities may have come from the scope. */
  mayRestOn(scope: Scope, entities: readonly DueEntity[]): boolean {
    if (scope.type === 'root') return true;
    const own = this.#ownOf(scope.repository.key);
    if (own.length === 0) return true;
    const verdictOf = this.#verdicts(own);
    return entities.some((entity) => verdictOf(entity) !== 'elsewhere');
  }

  #ownOf(repository: string): readonly EntityReference[] {
    return this.own.get(repository) ?? [];
  }

  #verdicts(unread: readonly EntityReference[]): (entity: DueEntity) => ScopeVerdict {
    const known = { unread: new Set(unread.map(referenceKey)), read: this.#known };
    return (entity) => scopeVerdict(entity, this.blueprint, this.leading, known);
  }
}

/** The repository of a scope; none for a root listing. */
export function repositoryOf(scope: Scope): readonly RawItem[] {
  return scope.type === 'repository' ? [scope.repository] : [];
}

/**
 * Relations that the mapping fills, less those that it fills from another repository, such as a fork.
 * That no item of this run shows such a fork proves nothing: the one that does may be unread.
 */
function mappedRelations(
  { identifier }: Blueprint,
  feeding: readonly ResourceRun[],
): ReadonlySet<string> {
  const mapped = new Set<string>();
  const ofOthers = new Set<string>();
  for (const { resource, fieldsOfOtherRepositories } of feeding) {
    for (const { blueprint, relations } of resource.feeds) {
      if (blueprint.type !== 'literal' || blueprint.identifier !== identifier) continue;
      for (const [name, mapping] of Object.entries(relations)) {
        mapped.add(name);
        const text = JSON.stringify(mapping);
        if (fieldsOfOtherRepositories.some((field) => text.includes(field))) ofOthers.add(name);
      }
    }
  }
  return new Set([...mapped].filter((name) => !ofOthers.has(name)));
}

function sightingsOf(blueprint: Blueprint, feeding: readonly ResourceRun[]): RelationSightings {
  const merged = new Map<string, Map<string, string | null>>();
  for (const run of feeding) {
    for (const [relation, sightings] of run.sightings(blueprint.identifier)) {
      const all = merged.get(relation) ?? new Map<string, string | null>();
      merged.set(relation, all);
      for (const [repository, value] of sightings) {
        const earlier = all.get(repository);
        all.set(repository, earlier === undefined || earlier === value ? value : null);
      }
    }
  }
  return merged;
}
