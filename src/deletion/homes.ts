import { type Blueprint, targetsOf } from '../model/blueprint.js';
import { referenceKey, type EntityReference } from '../model/entity.js';
import type { RawItem } from '../model/page.js';
import type { Address } from '../source/source.js';
import type { ResourceRun } from '../stages/resource-run.js';
import type { SeenClaim } from './claims.js';
import { mayFeed } from '../mapping/mapping.js';
import type { Facts } from './facts.js';

/** What is known of the repository that an entity below one came from. */
export type Home =
  /** It was listed, and read to its end, though perhaps in pages with rows left out between them. */
  | { readonly type: 'read'; readonly repository: RawItem; readonly hasGaps: boolean }
  /** It was listed, and could not be read to its end. */
  | { readonly type: 'unread'; readonly repository: RawItem }
  /** No listing shows it. */
  | { readonly type: 'unlisted'; readonly address: Address }
  /** Neither a link nor a relation tells which one it is. */
  | { readonly type: 'unknown' };

/** The kind whose items are the repositories that other kinds are read from. */
const REPOSITORY_KIND = 'repository';

const UNKNOWN: Home = { type: 'unknown' };

/** A repository, or a project, that a resource was to read below. */
interface Listed {
  readonly kind: string;
  readonly repository: RawItem;
  readonly isRead: boolean;
  readonly hasGaps: boolean;
}

/**
 * Tells which repository entities came from: by their own links, and where these lead nowhere by the
 * relations that lead to the repository's own entity.
 */
export class Homes {
  private constructor(
    private readonly facts: Facts,
    /** What every blueprint's resources listed, by the address of the repository and by its key. */
    private readonly listed: ReadonlyMap<string, ReadonlyMap<string, Listed>>,
    /** Repositories by the entities that they are mapped to. */
    private readonly repositories: ReadonlyMap<string, RawItem>,
    /** Relations of each blueprint that lead from an entity to its repository. */
    private readonly leading: ReadonlyMap<string, readonly string[]>,
    /** Blueprints with a repository that was not read and that is mapped to nothing. */
    private readonly untold: ReadonlySet<string>,
    /** Addresses of claims, by their keys: a repository that is due itself is listed nowhere. */
    private readonly addresses: ReadonlyMap<string, Address>,
  ) {}

  /** @param claims all of them, repositories included */
  static async of(claims: readonly SeenClaim[], facts: Facts): Promise<Homes> {
    const blueprints = new Set(claims.map(({ blueprint }) => blueprint));
    const listed = new Map(
      [...blueprints].map((blueprint) => [blueprint, listedBelow(blueprint, facts)] as const),
    );
    const all = new Map<string, Listed>();
    // Mapping the repositories once more is only worth it where no link tells.
    for (const { blueprint, address } of claims) {
      if (address?.parent !== undefined && address.parent !== null) continue;
      for (const one of listed.get(blueprint)?.values() ?? []) all.set(one.repository.key, one);
    }
    const own = await entitiesOf([...all.values()], facts);
    const repositories = new Map(
      [...own].flatMap(([key, references]) => {
        const repository = all.get(key)?.repository;
        return repository === undefined
          ? []
          : references.map((reference) => [referenceKey(reference), repository] as const);
      }),
    );
    const leading = new Map(
      [...blueprints].map((name) => [name, leadingRelations(name, own, facts)] as const),
    );
    const addresses = new Map(
      claims.flatMap((claim) =>
        claim.address === null ? [] : [[referenceKey(claim), claim.address] as const],
      ),
    );
    const isUntold = ({ repository, isRead }: Listed): boolean =>
      !isRead && (own.get(repository.key) ?? []).length === 0;
    const untold = new Set(
      [...listed].flatMap(([name, below]) => ([...below.values()].some(isUntold) ? [name] : [])),
    );
    return new Homes(facts, listed, repositories, leading, untold, addresses);
  }

  of(claim: SeenClaim): Home {
    const listed = this.listed.get(claim.blueprint) ?? new Map<string, Listed>();
    const byLink = claim.address?.parent ?? null;
    if (byLink !== null) return homeAt(listed.get(byLink.key), byLink);
    // A repository without an entity of its own cannot be told by a relation.
    if (this.untold.has(claim.blueprint)) return UNKNOWN;
    const homes = this.#targetsOf(claim).map((target): Home => {
      const repository = this.repositories.get(target);
      if (repository !== undefined) return homeAt(listed.get(repository.key), null);
      const address = this.addresses.get(target);
      return address === undefined ? UNKNOWN : { type: 'unlisted', address };
    });
    // The one that proves least.
    return (
      homes.find(({ type }) => type === 'unread') ??
      homes.find(({ type }) => type === 'unknown') ??
      homes.find(({ type }) => type === 'unlisted') ??
      homes[0] ??
      UNKNOWN
    );
  }

  /** Whether a resource that feeds the blueprint could not read a repository to its end. */
  hasUnread(blueprint: string): boolean {
    return [...(this.listed.get(blueprint)?.values() ?? [])].some(({ isRead }) => !isRead);
  }

  #targetsOf({ blueprint, relations }: SeenClaim): readonly string[] {
    const known = this.#blueprint(blueprint)?.relations;
    return (this.leading.get(blueprint) ?? []).flatMap((name) =>
      targetsOf(relations[name]).map((identifier) =>
        referenceKey({ blueprint: known?.get(name)?.target ?? '', identifier }),
      ),
    );
  }

  #blueprint(identifier: string): Blueprint | undefined {
    return this.facts.context.blueprints.get(identifier);
  }
}

function homeAt(listed: Listed | undefined, address: Address | null): Home {
  if (listed !== undefined) {
    const { repository, isRead, hasGaps } = listed;
    return isRead ? { type: 'read', repository, hasGaps } : { type: 'unread', repository };
  }
  return address === null ? UNKNOWN : { type: 'unlisted', address };
}

/** A repository that one of several resources could not read is not read. */
function listedBelow(blueprint: string, facts: Facts): ReadonlyMap<string, Listed> {
  const listed = new Map<string, Listed>();
  for (const end of facts.feeding(blueprint).flatMap((run) => run.ends())) {
    if (end.scope.type !== 'repository') continue;
    const { repository, of: kind = REPOSITORY_KIND } = end.scope;
    const address = repository.link === null ? null : facts.addressOf(repository.link);
    for (const key of [repository.key, address?.key]) {
      if (key === undefined) continue;
      const before = listed.get(key);
      const isRead = end.status === 'complete' && before?.isRead !== false;
      const hasGaps =
        (end.status === 'complete' && end.hasGaps === true) || before?.hasGaps === true;
      listed.set(key, { kind, repository, isRead, hasGaps });
    }
  }
  return listed;
}

/**
 * The entities that repositories are mapped to, by the repository's key. They are mapped once more for
 * it: that costs little, and is only needed when something is due.
 */
async function entitiesOf(
  listed: readonly Listed[],
  { runs }: Facts,
): Promise<ReadonlyMap<string, readonly EntityReference[]>> {
  const own = new Map<string, EntityReference[]>(listed.map((one) => [one.repository.key, []]));
  for (const { resource, mapper } of runs) {
    const repositories = listed.flatMap(({ kind, repository }) =>
      kind === resource.kind ? [repository] : [],
    );
    if (repositories.length === 0) continue;
    for (const { item, entities } of await mapper.map(repositories)) {
      for (const { entity } of entities) {
        const { blueprint, identifier } = entity;
        own.get(item.key)?.push({ blueprint, identifier });
      }
    }
  }
  return own;
}

/**
 * The relations of a blueprint that lead from an entity to the repository that it was read from: those
 * that the mapping fills, that go to a blueprint of repositories, and that no item of this run
 * contradicts. A pull request's source repository, for one, may be a fork and proves nothing.
 */
function leadingRelations(
  blueprint: string,
  own: ReadonlyMap<string, readonly EntityReference[]>,
  facts: Facts,
): readonly string[] {
  const feeding = facts.feeding(blueprint);
  const targets = new Set([...own.values()].flat().map((reference) => reference.blueprint));
  const mapped = mappedRelations(blueprint, feeding);
  const isContradicted = (relation: string, target: string): boolean =>
    feeding.some((run) =>
      [...(run.sightings(blueprint).get(relation) ?? [])].some(([repository, value]) => {
        const entities = own.get(repository)?.filter((one) => one.blueprint === target) ?? [];
        return entities.length > 0 && !entities.some(({ identifier }) => identifier === value);
      }),
    );
  return [...(facts.context.blueprints.get(blueprint)?.relations ?? [])]
    .filter(([name, { target }]) => mapped.has(name) && targets.has(target))
    .filter(([name, { target }]) => !isContradicted(name, target))
    .map(([name]) => name);
}

/**
 * Relations that the mapping fills, less those that it fills from another repository, such as a fork.
 * That no item of this run shows such a fork proves nothing: the one that does may be unread.
 */
function mappedRelations(blueprint: string, feeding: readonly ResourceRun[]): ReadonlySet<string> {
  const mapped = new Set<string>();
  const ofOthers = new Set<string>();
  for (const run of feeding) {
    const elsewhere = run.kind?.fieldsOfOtherRepositories ?? [];
    const parents = run.kind?.fieldsOfParents;
    for (const feed of run.resource.feeds) {
      if (!mayFeed(feed, blueprint)) continue;
      for (const [name, mapping] of Object.entries(feed.relations)) {
        mapped.add(name);
        const text = JSON.stringify(mapping);
        const isOfParent = parents?.some((field) => text.includes(field)) ?? true;
        if (!isOfParent || elsewhere.some((field) => text.includes(field))) ofOthers.add(name);
      }
    }
  }
  return new Set([...mapped].filter((name) => !ofOthers.has(name)));
}
