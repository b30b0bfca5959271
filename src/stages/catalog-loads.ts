import type { Feed } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import { readByIdentifier } from '../port/catalog.js';
import { countedClient } from '../port/counted-client.js';
import { countEntities } from '../port/entity-count.js';
import type { PortClient } from '../port/port-client.js';
import { mergeFields } from '../reconcile/merge-entities.js';
import { BlueprintLoad, type LoadFeed } from './blueprint-load.js';
import { BulkWriter } from './bulk-writer.js';
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
  const client = countedClient(context.client, count);
  const loadFeeds = feeds.map(({ feed, tally }) => toLoadFeed(feed, tally, blueprint, context));
  const fields = loadFeeds.map((feed) => feed.fields);
  const owned = readOwnedEntities(client, blueprint, fields);
  // Whoever needs the list meets the failure; until then it must not end the process.
  owned.catch(() => undefined);
  const loader = new EntityLoader(
    blueprint,
    loadFeeds,
    async () => {
      await everythingIsRead;
      return owned;
    },
    foreignEntities(blueprint, fields, owned, client),
    new BulkWriter(countedClient(context.writingClient, count), blueprint, {
      createMissingRelatedEntities: mapping.createMissingRelatedEntities,
      signal: context.signal,
    }),
    { merge: mapping.enableMergeEntity, report },
  );
  const load = new BlueprintLoad(blueprint, loadFeeds, loader, report);
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
  return { resource: feed.resource, fields: known, tally };
}

function foreignEntities(
  blueprint: Blueprint,
  fields: readonly MappedFields[],
  owned: Promise<ReadonlyMap<string, OwnedEntity>>,
  client: PortClient,
): ForeignEntities {
  // Where Port holds no more entities than ours, there is no other to look for.
  const exist = async (): Promise<boolean> => {
    const count = await countEntities(client, blueprint.identifier);
    return count === null || count > (await owned).size;
  };
  return new ForeignEntities(exist, async (identifiers) => {
    const found = new Map<string, OwnedEntity>();
    const all = mergeFields(fields);
    for await (const page of readByIdentifier(client, blueprint.identifier, identifiers, all)) {
      for (const entity of page) found.set(entity.identifier, summarize(entity, fields, blueprint));
    }
    return found;
  });
}
