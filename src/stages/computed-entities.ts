import type { Feed } from '../mapping/mapping.js';
import { dependencyOrder } from '../reconcile/dependency-order.js';
import type { Made } from './blueprint-load.js';
import { startLoad, type CatalogLoad, type TalliedFeed } from './catalog-loads.js';
import type { RunContext } from './run-context.js';
import type { TargetsFirst } from './targets-first.js';

interface Collected extends Made {
  readonly source: TalliedFeed;
}

/**
 * Entities whose blueprint only the mapping's run could tell. They are kept until the others are
 * loaded, and then loaded blueprint by blueprint: such a mapping may name a blueprint that another
 * resource feeds as well, and comes after it.
 */
export class ComputedEntities {
  readonly #blueprints = new Map<string, Collected[]>();

  add(source: TalliedFeed, made: readonly Made[]): void {
    for (const { entity, item } of made) {
      const collected = this.#blueprints.get(entity.blueprint) ?? [];
      collected.push({ source, entity, item });
      this.#blueprints.set(entity.blueprint, collected);
    }
  }

  /** Loads what was collected. Returns the loads of the blueprints that were named and exist. */
  async load(first: TargetsFirst, context: RunContext): Promise<ReadonlyMap<string, CatalogLoad>> {
    const loads = new Map<string, CatalogLoad>();
    for (const identifier of this.#inOrder(context)) {
      const collected = this.#blueprints.get(identifier) ?? [];
      const load = await this.#loadBlueprint(identifier, collected, first, context);
      if (load !== null) loads.set(identifier, load);
    }
    return loads;
  }

  /** What others relate to comes before them. */
  #inOrder({ blueprints }: RunContext): readonly string[] {
    return dependencyOrder([...this.#blueprints.keys()].sort(), (identifier) =>
      [...(blueprints.get(identifier)?.relations.values() ?? [])].map(({ target }) => target),
    );
  }

  async #loadBlueprint(
    identifier: string,
    collected: readonly Collected[],
    first: TargetsFirst,
    context: RunContext,
  ): Promise<CatalogLoad | null> {
    const feeds = feedsInConfigOrder(collected);
    const blueprint = context.blueprints.get(identifier);
    if (blueprint === undefined) {
      for (const { feed, tally } of feeds) {
        context.report({
          code: 'blueprint-missing',
          resource: feed.resource,
          blueprint: identifier,
        });
        tally.of(identifier).failed += collected.filter(
          ({ source }) => source.feed === feed,
        ).length;
      }
      return null;
    }
    const catalogLoad = startLoad(blueprint, feeds, context, first, Promise.resolve());
    for (const { feed } of feeds) {
      await catalogLoad.add(
        feed,
        collected.filter(({ source }) => source.feed === feed),
      );
    }
    await catalogLoad.load.finish();
    return catalogLoad;
  }
}

function feedsInConfigOrder(collected: readonly Collected[]): readonly TalliedFeed[] {
  const feeds = new Map<Feed, TalliedFeed>(collected.map(({ source }) => [source.feed, source]));
  return [...feeds.values()].sort(
    (one, other) =>
      one.feed.resource.index - other.feed.resource.index || one.feed.index - other.feed.index,
  );
}
