import type { Feed } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import { readByIdentifier } from '../port/catalog.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import { watchedClient } from '../port/watched-client.js';
import { countEntities } from '../port/entity-count.js';
import type { PortClient } from '../port/port-client.js';
import { mergeFields } from '../reconcile/merge-entities.js';
import { BlueprintLoad, type LoadFeed } from './blueprint-load.js';
import { EntityLoader } from './entity-loader.js';
import { ForeignEntities } from './foreign-entities.js';
import { knownFields } from './outgoing.js';
import { readOwnedEntities, summarize, type OwnedEntity } from './owned-entities.js';
import type { ResourceTally } from './resource-tally.js';
import type { RunContext } from './run-context.js';

/** A feed with the counts that it adds to. */
export interface TalliedFeed {
  readonly feed: Feed;
  readonly tally: ResourceTally;
}

const NO_FIELDS: MappedFields = {
  title: false,
  icon: false,
  team: false,
  properties: [],
  relations: [],
};

/** A blueprint that is being loaded, and what Port held there before. */
export interface CatalogLoad {
  readonly load: BlueprintLoad;
  readonly owned: Promise<ReadonlyMap<string, OwnedEntity>>;
  /** Takes an entity of one of the feeds. Resolves when there is room for the next one. */
  readonly add: (feed: Feed, entity: Entity, item: string) => Promise<void>;
}

/**
 * Prepares the loading of one blueprint: reads what Port holds there, once, with the mapped fields
 * alone. Fields that the blueprint lacks are told here, before anything is loaded.
 * @param everythingIsRead resolves when Port's holdings are known for all blueprints of the run: a
 *   write before that could make entities on the way that would then look as if they had been there
 */
export function startLoad(
  blueprint: Blueprint,
  feeds: readonly TalliedFeed[],
  context: RunContext,
  everythingIsRead: Promise<unknown>,
): CatalogLoad {
  const { mapping, report } = context;
  const count = (): void => {
    const [first] = feeds;
    if (first !== undefined) first.tally.portRequests += 1;
  };
  const client = watchedClient(context.client, count);
  const loadFeeds = feeds.map(({ feed, tally }) => toLoadFeed(feed, tally, blueprint, context));
  const fields = loadFeeds.map((feed) => feed.fields);
  const isNew = context.newBlueprints.has(blueprint.identifier);
  const owned = isNew
    ? Promise.resolve(new Map<string, OwnedEntity>())
    : readOwnedEntities(client, blueprint, fields);
  // Whoever needs the list meets the failure; until then it must not end the process.
  owned.catch(() => undefined);
  const ofOthers = new Set<string>();
  const loader: EntityLoader = new EntityLoader(
    blueprint,
    loadFeeds,
    async () => {
      await everythingIsRead;
      return owned;
    },
    foreignEntities(blueprint, fields, owned, client, isNew, ofOthers),
    (identifiers) => findEntities(client, blueprint, fields, identifiers),
    context.writer.entityWriter(blueprint, {
      createMissingRelatedEntities: mapping.createMissingRelatedEntities,
      signal: context.signal,
      onCall: count,
      owned: () => owned,
      isOfOthers: (identifier) => ofOthers.has(identifier),
      isOurs: async (identifier) =>
        !ofOthers.has(identifier) &&
        (load.produced.has(identifier) || (await owned).has(identifier)),
    }),
    {
      merge: mapping.enableMergeEntity,
      createMissingRelatedEntities: mapping.createMissingRelatedEntities,
      report,
    },
  );
  const load: BlueprintLoad = new BlueprintLoad(blueprint, loadFeeds, loader, report);
  const positions = new Map(feeds.map(({ feed }, position) => [feed, position]));
  return {
    load,
    owned,
    add: (feed, entity, item) => load.add(positions.get(feed) ?? -1, entity, item),
  };
}

function toLoadFeed(
  feed: Feed,
  tally: ResourceTally,
  blueprint: Blueprint,
  { report }: RunContext,
): LoadFeed {
  const { known, lacking } = knownFields(feed.fields, blueprint);
  if (lacking.length > 0) {
    report({
      code: 'blueprint-lacks',
      resource: feed.resource,
      blueprint: blueprint.identifier,
      fields: lacking,
    });
  }
  return { resource: feed.resource, fields: known, tally: tally.of(blueprint.identifier) };
}

function foreignEntities(
  blueprint: Blueprint,
  fields: readonly MappedFields[],
  owned: Promise<ReadonlyMap<string, OwnedEntity>>,
  client: PortClient,
  isNew: boolean,
  ofOthers: Set<string>,
): ForeignEntities {
  // Where Port holds no more entities than ours, there is no other to look for.
  const exist = async (): Promise<boolean> => {
    if (isNew) return false;
    const count = await countEntities(client, blueprint.identifier);
    return count === null || count > (await owned).size;
  };
  return new ForeignEntities(exist, async (identifiers) => {
    const found = await findEntities(client, blueprint, fields, identifiers);
    // A relation may have made some on the way: they are ours.
    const ours = await ownedAmong(client, blueprint, [...found.keys()]);
    for (const identifier of found.keys()) if (!ours.has(identifier)) ofOthers.add(identifier);
    return new Map(
      [...found].map(([identifier, entity]) => [identifier, summarize(entity, fields, blueprint)]),
    );
  });
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
