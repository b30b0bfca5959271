import { referenceKey, type EntityReference, type MappedFields } from '../model/entity.js';
import type { JsonObject } from '../model/json.js';
import { targetsOf } from '../model/blueprint.js';
import { ownsUntouchedOf, readByIdentifier } from '../port/catalog.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import { readOwnedReferences } from '../port/owned-references.js';
import { ProblemError } from '../problems/problem.js';
import type { Address } from '../source/source.js';
import type { ResourceRun } from '../stages/resource-run.js';
import type { Facts } from './facts.js';
import { mappedLinkFieldsIn, type LinkField } from './own-links.js';

/** An entity that our data source owns and this run did not produce. Nobody has looked at it yet. */
export interface Claim extends EntityReference {
  /** Resources that may feed its blueprint; empty where none does any more. */
  readonly feeding: readonly ResourceRun[];
  /** Milliseconds since the epoch, by Port's clock; null when it is not known. */
  readonly createdAt: number | null;
}

/** The same with the entity in hand, as Port holds it now. */
export interface SeenClaim extends Claim {
  readonly relations: JsonObject;
  /** Somebody wrote it since the run began. */
  readonly isChanged: boolean;
  /** Somebody else created it. */
  readonly isOfOthers: boolean;
  /** Its own link. */
  readonly link: string | null;
  /** Where its item would be in Bitbucket; null where it holds no link that leads there. */
  readonly address: Address | null;
}

/** Everything that our data source owns and this run did not produce. */
export interface Claims {
  readonly claims: readonly Claim[];
  /** False when Port did not list what nothing feeds any more: such entities may relate to others. */
  readonly isComplete: boolean;
}

/** The same by blueprint, in their order. */
export function byBlueprint<Reference extends EntityReference>(
  all: readonly Reference[],
): ReadonlyMap<string, readonly Reference[]> {
  const groups = new Map<string, Reference[]>();
  for (const reference of all) {
    const group = groups.get(reference.blueprint);
    if (group === undefined) groups.set(reference.blueprint, [reference]);
    else group.push(reference);
  }
  return groups;
}

/** Gathers the claims, of what the mapping feeds and of what it feeds no more. */
export async function gatherClaims(facts: Facts): Promise<Claims> {
  const { loads, computedLoads } = facts.loaded;
  const claims: Claim[] = [];
  for (const [blueprint, { load, owned }] of new Map([...computedLoads, ...loads])) {
    if (load.isUnreadable) continue;
    const computed = computedLoads.get(blueprint)?.load.produced;
    const feeding = facts.feeding(blueprint);
    for (const [identifier, { createdAt }] of await owned) {
      const isProduced = load.produced.has(identifier) || computed?.has(identifier) === true;
      if (!isProduced) claims.push({ blueprint, identifier, feeding, createdAt });
    }
  }
  const orphans = await orphanedClaims(facts);
  return { claims: [...claims, ...(orphans ?? [])], isComplete: orphans !== null };
}

/** Ours in blueprints that nothing was fed to; null when Port does not list them. */
async function orphanedClaims(facts: Facts): Promise<readonly Claim[] | null> {
  const { client, blueprints, report } = facts.context;
  const isFed = (blueprint: string): boolean =>
    facts.isNamed(blueprint) || facts.loadOf(blueprint) !== undefined;
  const orphans = new Map<string, Claim>();
  try {
    for await (const page of readOwnedReferences(client)) {
      for (const { blueprint, identifier } of page) {
        if (isFed(blueprint) || !blueprints.has(blueprint)) continue;
        orphans.set(referenceKey({ blueprint, identifier }), {
          blueprint,
          identifier,
          feeding: facts.feeding(blueprint),
          createdAt: null,
        });
      }
    }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // A refusal is a missing permission, which this listing alone needs; anything else was not read.
    if (error.problems.some(({ code }) => code === 'server-unavailable')) {
      error.problems.forEach(report);
      return null;
    }
    const subject = 'looking for entities in blueprints that no resource feeds any more';
    const reason = 'Port did not list them; they were kept';
    const remedy = 'Give the account of PORT_CLIENT_ID the permission to search the catalog';
    report({ code: 'best-effort-failed', subject, reason, remedy });
    return null;
  }
  return [...orphans.values()];
}

/**
 * Looks at the claims once more, with what they relate to, their links and who made them. One that is no
 * longer there, or no longer ours, is no claim any more.
 * @throws ProblemError catalog-unreadable
 */
export async function lookAt(
  claims: readonly Claim[],
  facts: Facts,
): Promise<readonly SeenClaim[]> {
  const seen: SeenClaim[] = [];
  const blueprints = byBlueprint(claims);
  const creators = new Creators([...blueprints.keys()], facts);
  for (const [blueprint, all] of blueprints) {
    const feeding = all[0]?.feeding ?? [];
    const places =
      facts.context.ownLinks.linkFieldsIn(blueprint) ?? mappedLinkFieldsIn(blueprint, feeding);
    const before = await facts.ownedIn(blueprint);
    const identifiers = all.map(({ identifier }) => identifier);
    const fields = fieldsOf(facts, blueprint, places);
    const options = { ownedOnly: true };
    const { client } = facts.context;
    for await (const page of readByIdentifier(client, blueprint, identifiers, fields, options)) {
      for (const entity of page) {
        const { identifier, relations, createdAt, updatedAt } = entity;
        const links = places.flatMap((place) => textAt(entity, place));
        const link = links.find((text) => facts.addressOf(text) !== null) ?? links[0] ?? null;
        seen.push({
          blueprint,
          identifier,
          feeding,
          relations,
          createdAt,
          isChanged: facts.isChanged(before?.get(identifier)?.updatedAt ?? null, updatedAt),
          isOfOthers: await creators.isOfOthers(entity),
          link,
          address: link === null ? null : facts.addressOf(link),
        });
      }
    }
  }
  return seen;
}

function fieldsOf(
  { context }: Facts,
  blueprint: string,
  places: readonly LinkField[],
): MappedFields {
  return {
    title: places.some(({ part }) => part === 'title'),
    icon: false,
    team: false,
    properties: places.flatMap((place) => (place.part === 'properties' ? [place.name] : [])),
    relations: [...(context.blueprints.get(blueprint)?.relations.keys() ?? [])],
  };
}

function textAt(entity: CatalogEntity, place: LinkField): readonly string[] {
  switch (place.part) {
    case 'identifier':
      return [entity.identifier];
    case 'title':
      return targetsOf(entity.title ?? null);
    case 'properties':
    case 'relations':
      return targetsOf(entity[place.part][place.name] ?? null);
  }
}

/**
 * Tells entities that somebody else created from our own. Port does not say whether the data source of
 * an entity is the one that created it or the one that wrote it last: if it is the last, an entity
 * that a former program only added to carries our data source, and its creator alone gives it away.
 */
class Creators {
  readonly #isOurs = new Map<string, Promise<boolean>>();

  /** @param blueprints that may hold entities of ours */
  constructor(
    private readonly blueprints: readonly string[],
    private readonly facts: Facts,
  ) {}

  /**
   * Whether somebody else may have created an entity of our data source. Credentials change: a
   * creator is ours as well when an entity shows that was created and last written under the name.
   */
  async isOfOthers({
    createdBy,
    updatedBy,
  }: Pick<CatalogEntity, 'createdBy' | 'updatedBy'>): Promise<boolean> {
    // What nobody else wrote was written as our data source, by whoever created it.
    if (createdBy === undefined || createdBy === updatedBy) return false;
    if (createdBy === this.facts.context.client.clientId) return false;
    const isOurs = this.#isOurs.get(createdBy) ?? this.#lookFor(createdBy);
    this.#isOurs.set(createdBy, isOurs);
    return !(await isOurs);
  }

  async #lookFor(creator: string): Promise<boolean> {
    for (const blueprint of this.blueprints) {
      try {
        if (await ownsUntouchedOf(this.facts.context.client, blueprint, creator)) return true;
      } catch (error) {
        // What cannot be told is kept; the blueprints left may still tell.
        if (!(error instanceof ProblemError)) throw error;
      }
    }
    return false;
  }
}

/**
 * What shows that an entity is gone:
 * - `address`: Bitbucket said so when it was asked for that very item, or the item itself changed since
 *   deletions were last judged, so that no selector takes it: a pull request that was merged;
 * - `left out`: it is there as before, and the mapping no longer takes it: that may be a mistake in the
 *   mapping, so it counts in the share that may go at once;
 * - `listing`: what it came from was read to its end, and shows other things;
 * - `replaced`: its item has another entity now;
 * - `none`: nothing does, but nobody objects either.
 */
export type Proof = 'address' | 'left out' | 'listing' | 'replaced' | 'none';
