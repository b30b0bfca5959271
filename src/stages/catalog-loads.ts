import type { Feed } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import { NO_FIELDS, type MappedFields } from '../model/entity.js';
import { countEntities, readByIdentifier, readOwned } from '../port/catalog.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import { watchedClient } from '../port/watched-client.js';
import type { PortClient } from '../port/port-client.js';
import { mergeFields } from '../reconcile/merge-entities.js';
import { BlueprintLoad, type LoadFeed, type Made } from './blueprint-load.js';
import { EntityComparison } from './entity-comparison.js';
import { EntityLoader, type Answered, type CatalogView, type Upsert } from './entity-loader.js';
import type { EntityWriter, EntityWriterOptions } from './entity-writer.js';
import type { FindEntities } from './look-ups.js';
import { OwnedEntities, type Owned } from './known-entities.js';
import { knownFields } from './outgoing.js';
import type { ResourceTally } from './resource-tally.js';
import type { RunContext } from './run-context.js';

/** A feed with the counts that it adds to. */
export interface TalliedFeed {
  readonly feed: Feed;
  readonly tally: ResourceTally;
}

/** A blueprint that is being loaded, and what Port held there before. */
export interface CatalogLoad {
  readonly load: BlueprintLoad;
  readonly owned: Promise<Owned>;
  /** Takes what one of the feeds made. Resolves when there is room for more. */
  readonly add: (feed: Feed, made: readonly Made[]) => Promise<void>;
}

/**
 * Prepares the loading of one blueprint: reads what Port holds there, once, with the mapped fields
 * alone. Fields that the blueprint lacks are told here, before anything is loaded.
 * @param first knows which targets of relations the run makes only later
 * @param everythingIsRead resolves when Port's holdings are known for all blueprints of the run: a
 *   write before that could make entities on the way that would then look as if they had been there
 */
export function startLoad(
  blueprint: Blueprint,
  feeds: readonly TalliedFeed[],
  context: RunContext,
  first: Pick<EntityWriterOptions<Upsert>, 'toMakeFirst'> & {
    readonly answered: (blueprint: string, identifiers: readonly string[]) => void;
  },
  everythingIsRead: Promise<unknown>,
): CatalogLoad {
  const { enableMergeEntity: merge, createMissingRelatedEntities } = context.mapping;
  const count = (): void => {
    const [first] = feeds;
    if (first !== undefined) first.tally.portRequests += 1;
  };
  const client = watchedClient(context.client, count);
  const loadFeeds = feeds.map(({ feed, tally }) => toLoadFeed(feed, tally, blueprint, context));
  const fields = loadFeeds.map((feed) => feed.fields);
  const comparison = new EntityComparison(blueprint, fields);
  const isNew = context.newBlueprints.has(blueprint.identifier);
  const read = isNew ? nothing() : readOwned(client, blueprint.identifier, mergeFields(fields));
  const owned = summarized(read, comparison, feeds.length);
  // Whoever needs the list meets the failure; until then it must not end the process.
  owned.catch(() => undefined);
  const ofOthers = new Set<string>();
  const find: FindEntities<CatalogEntity> = (identifiers) =>
    findEntities(client, blueprint, fields, identifiers);
  const catalog: CatalogView = {
    owned: async () => {
      await everythingIsRead;
      return owned;
    },
    // Where Port holds no more entities than ours, there is no other to look for.
    hasOthers: async () => {
      if (isNew) return false;
      const held = await countEntities(client, blueprint.identifier);
      return held === null || held > (await owned).size;
    },
    findOthers: async (identifiers) => {
      const found = await find(identifiers);
      // A relation may have made some on the way: they are ours.
      const ours = await ownedAmong(client, blueprint, [...found.keys()]);
      for (const identifier of found.keys()) if (!ours.has(identifier)) ofOthers.add(identifier);
      return new Map([...found].map(([name, entity]) => [name, comparison.summarize(entity)]));
    },
    find,
    isOfOthers: (identifier) => ofOthers.has(identifier),
  };
  const openWriter = (answered: Answered): EntityWriter<Upsert> =>
    context.writer.entityWriter<Upsert>(blueprint, {
      answered: (upserts, outcomes) => {
        for (const [index, { loadable, before }] of upserts.entries()) {
          const { identifier } = loadable.entity;
          const type = outcomes[index]?.type;
          const isWritten = type === 'created' || type === 'updated';
          if (before !== 'bare' || !isWritten || !ofOthers.has(identifier)) continue;
          const entity = { blueprint: blueprint.identifier, identifier };
          context.report({ code: 'bare-not-ours', entity });
        }
        answered(upserts, outcomes);
        first.answered(
          blueprint.identifier,
          upserts.map(({ loadable }) => loadable.entity.identifier),
        );
      },
      createMissingRelatedEntities,
      toMakeFirst: (references) => first.toMakeFirst(references),
      signal: context.signal,
      onCall: count,
      owned: () => owned,
      isOfOthers: (identifier) => ofOthers.has(identifier),
      isOurs: async (identifier) =>
        !ofOthers.has(identifier) &&
        (load.produced.has(identifier) || (await owned).has(identifier)),
    });
  const { report } = context;
  const options = { merge, createMissingRelatedEntities, report };
  const loader = new EntityLoader(blueprint, loadFeeds, catalog, comparison, openWriter, options);
  const load: BlueprintLoad = new BlueprintLoad(
    blueprint,
    loadFeeds,
    loader,
    comparison,
    report,
    context.identifiers,
  );
  const positions = new Map(feeds.map(({ feed }, position) => [feed, position]));
  return { load, owned, add: (feed, made) => load.add(positions.get(feed) ?? -1, made) };
}

async function* nothing(): AsyncGenerator<never> {
  // A blueprint that this run created.
}

/** All of the pages, by identifier. */
async function summarized(
  pages: AsyncIterable<readonly CatalogEntity[]>,
  comparison: EntityComparison,
  feeds: number,
): Promise<Owned> {
  const owned = new OwnedEntities(feeds);
  for await (const page of pages) {
    for (const entity of page) owned.add(entity.identifier, comparison.summarize(entity));
  }
  return owned;
}

function toLoadFeed(
  feed: Feed,
  tally: ResourceTally,
  blueprint: Blueprint,
  { report }: RunContext,
): LoadFeed {
  const { known, lacking, computed } = knownFields(feed.fields, blueprint);
  const at = { resource: feed.resource, blueprint: blueprint.identifier };
  if (lacking.length > 0) report({ code: 'blueprint-lacks', ...at, fields: lacking });
  if (computed.length > 0) report({ code: 'blueprint-computes', ...at, fields: computed });
  const isBounded = feed.blueprint.type === 'literal' && feed.blueprint.among !== undefined;
  return {
    resource: feed.resource,
    fields: known,
    tally: tally.of(blueprint.identifier),
    isBounded,
  };
}

/** Entities by identifier, whoever owns them, with the fields that any feed fills. */
async function findEntities(
  client: PortClient,
  { identifier: blueprint }: Blueprint,
  fields: readonly MappedFields[],
  identifiers: readonly string[],
): Promise<ReadonlyMap<string, CatalogEntity>> {
  const found = new Map<string, CatalogEntity>();
  for await (const page of readByIdentifier(client, blueprint, identifiers, mergeFields(fields))) {
    for (const entity of page) found.set(entity.identifier, entity);
  }
  return found;
}

async function ownedAmong(
  client: PortClient,
  { identifier: blueprint }: Blueprint,
  identifiers: readonly string[],
): Promise<ReadonlySet<string>> {
  const ours = new Set<string>();
  const options = { ownedOnly: true };
  for await (const page of readByIdentifier(client, blueprint, identifiers, NO_FIELDS, options)) {
    for (const { identifier } of page) ours.add(identifier);
  }
  return ours;
}
