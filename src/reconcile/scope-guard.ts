import type { Blueprint } from '../model/blueprint.js';
import { referenceKey, type EntityReference } from '../model/entity.js';
import type { JsonObject } from '../model/json.js';
import { targetsOf } from '../model/relation.js';

/**
 * What a resource's items said of one relation, per repository they came from: the one value that
 * all of them had, or null where they differed or had none.
 */
export type RelationSightings = ReadonlyMap<string, ReadonlyMap<string, string | null>>;

/** The entities that a repository is mapped to, by the repository's key. */
export type OwnEntities = ReadonlyMap<string, readonly EntityReference[]>;

/**
 * The relations of a blueprint that lead from an entity to the repository that it was read from:
 * those that go to a blueprint of repositories and that no item of this run contradicts. A pull
 * request's source repository, for one, may be a fork and proves nothing.
 * @param mapped names of the relations that the mapping fills: another's relation proves nothing
 */
export function leadingRelations(
  blueprint: Pick<Blueprint, 'relations'>,
  sightings: RelationSightings,
  ownEntities: OwnEntities,
  mapped: ReadonlySet<string>,
): readonly string[] {
  const repositoryBlueprints = new Set(
    [...ownEntities.values()].flat().map((reference) => reference.blueprint),
  );
  const isContradicted = (relation: string, target: string): boolean =>
    [...(sightings.get(relation) ?? [])].some(([repository, value]) => {
      const own = ownEntities.get(repository)?.filter(({ blueprint: of }) => of === target) ?? [];
      return own.length > 0 && !own.some(({ identifier }) => identifier === value);
    });
  return [...blueprint.relations]
    .filter(([name, { target }]) => mapped.has(name) && repositoryBlueprints.has(target))
    .filter(([name, { target }]) => !isContradicted(name, target))
    .map(([name]) => name);
}

/** What an entity has to do with the repositories that were not read. */
export type ScopeVerdict = 'not read' | 'unknown' | 'elsewhere';

/**
 * Where an entity belongs: to a repository that was not read, to one that was, or nobody can tell. A
 * repository that no listing shows proves nothing: it may be one that was not read, under the name
 * that it had before.
 * @param unread keys of the entities of repositories that were not read to the end
 * @param read keys of the entities of those that were
 */
export function scopeVerdict(
  entity: { readonly relations: JsonObject },
  blueprint: Pick<Blueprint, 'relations'>,
  leading: readonly string[],
  { unread, read }: { readonly unread: ReadonlySet<string>; readonly read: ReadonlySet<string> },
): ScopeVerdict {
  const targets = leadingTargets(entity, blueprint, leading);
  if (targets.some((target) => unread.has(target))) return 'not read';
  return targets.length > 0 && targets.every((target) => read.has(target))
    ? 'elsewhere'
    : 'unknown';
}

/** Keys of what the leading relations of an entity lead to. */
export function leadingTargets(
  { relations }: { readonly relations: JsonObject },
  blueprint: Pick<Blueprint, 'relations'>,
  leading: readonly string[],
): readonly string[] {
  return leading.flatMap((name) =>
    targetsOf(relations[name]).map((identifier) =>
      referenceKey({ blueprint: blueprint.relations.get(name)?.target ?? '', identifier }),
    ),
  );
}
