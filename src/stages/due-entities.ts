import type { Blueprint } from '../model/blueprint.js';
import { readByIdentifier } from '../port/catalog.js';
import { readOwnedReferences } from '../port/owned-references.js';
import { ProblemError, type WithholdingReason } from '../problems/problem.js';
import type { DueEntity } from '../reconcile/keep-related.js';
import type { Creators } from './creators.js';
import type { LoadedResources } from './load-resources.js';
import type { RunContext } from './run-context.js';
import { withheldInBlueprint, withheldInOrphans, type DeletionPolicy } from './withholding.js';

/** Entities of one blueprint that our data source owns and this run did not produce. */
export interface Candidates {
  readonly blueprint: Blueprint;
  /** Entities that our data source owned before the run. */
  readonly owned: number;
  readonly identifiers: readonly string[];
  /** Identifiers that this run made and that our data source did not own before. */
  readonly appeared: readonly string[];
  /** When Port last changed the entity, as far as it was known before. */
  readonly updatedAt: (identifier: string) => number | null;
  /** Why all of them are kept, or null. */
  readonly withheld: WithholdingReason | null;
}

/** Candidates of the blueprints that this run fed. */
export async function candidatesOfLoads(
  loaded: LoadedResources,
  policy: DeletionPolicy,
): Promise<readonly Candidates[]> {
  const all: Candidates[] = [];
  for (const [identifier, { load, owned }] of loaded.loads) {
    if (load.isUnreadable) continue;
    const entities = await owned;
    all.push({
      blueprint: load.blueprint,
      owned: entities.size,
      identifiers: [...entities.keys()].filter(
        (entity) =>
          !load.produced.has(entity) &&
          loaded.computedLoads.get(identifier)?.load.produced.has(entity) !== true,
      ),
      appeared: [...load.produced.identifiers()].filter((entity) => !entities.has(entity)),
      updatedAt: (entity) => entities.get(entity)?.updatedAt ?? null,
      withheld: withheldInBlueprint(identifier, loaded, policy),
    });
  }
  return all;
}

/**
 * Our entities in blueprints that no resource of the mapping feeds any more; null when Port does not
 * list them.
 */
export async function candidatesOfOrphans(
  policy: DeletionPolicy,
  { client, mapping, blueprints, report }: RunContext,
): Promise<readonly Candidates[] | null> {
  const fed = new Set(
    mapping.resources.flatMap(({ feeds }) =>
      feeds.flatMap(({ blueprint }) =>
        blueprint.type === 'literal' ? [blueprint.identifier] : [],
      ),
    ),
  );
  const orphans = new Map<string, string[]>();
  try {
    for await (const page of readOwnedReferences(client)) {
      for (const { blueprint, identifier } of page) {
        if (fed.has(blueprint)) continue;
        const identifiers = orphans.get(blueprint);
        if (identifiers === undefined) orphans.set(blueprint, [identifier]);
        else identifiers.push(identifier);
      }
    }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const reason = 'Port did not list them; they were kept';
    report({ code: 'best-effort-failed', subject: 'looking for entities nothing feeds', reason });
    return null;
  }
  return [...orphans].flatMap(([identifier, identifiers]) => {
    const blueprint = blueprints.get(identifier);
    if (blueprint === undefined) return [];
    const withheld = withheldInOrphans(mapping, policy, blueprints);
    const owned = identifiers.length;
    return [{ blueprint, owned, identifiers, appeared: [], updatedAt: () => null, withheld }];
  });
}

/** What a fresh look at candidates found. */
export interface FreshLook {
  /** Still there and still ours, unchanged since they were read and since the run began. */
  readonly due: readonly DueEntity[];
  /** Changed since then: somebody needs them. */
  readonly changed: readonly DueEntity[];
  /** Ours by their data source, but created by somebody else. */
  readonly ofOthers: readonly DueEntity[];
}

/**
 * Looks at the candidates once more, with what they relate to and who made them. One that is no
 * longer there, or no longer ours, is in no list.
 * @param startedAt of the run, in milliseconds since the epoch
 * @throws ProblemError catalog-unreadable
 */
export async function lookAgain(
  { blueprint, identifiers, updatedAt }: Candidates,
  startedAt: number,
  creators: Creators,
  { client }: RunContext,
): Promise<FreshLook> {
  const due: DueEntity[] = [];
  const changed: DueEntity[] = [];
  const ofOthers: DueEntity[] = [];
  const fields = {
    title: false,
    icon: false,
    team: false,
    properties: [],
    relations: [...blueprint.relations.keys()],
  };
  const options = { ownedOnly: true };
  for await (const page of readByIdentifier(
    client,
    blueprint.identifier,
    identifiers,
    fields,
    options,
  )) {
    for (const { identifier, relations, updatedAt: now, ...authors } of page) {
      const entity: DueEntity = { blueprint: blueprint.identifier, identifier, relations };
      // Read late, the list shows what another run loaded meanwhile: that is as new as a change.
      const before = Math.min(updatedAt(identifier) ?? startedAt, startedAt);
      if (now !== null && now > before) changed.push(entity);
      else if (await creators.isOfOthers(authors)) ofOthers.push(entity);
      else due.push(entity);
    }
  }
  return { due, changed, ofOthers };
}
