import type { Entity } from '../model/entity.js';
import type { RawItem } from '../model/page.js';
import type { Problem } from '../problems/problem.js';
import { atItem, type AtItem } from './at-item.js';
import type { JqEngine, JqOutcome, JqProgram } from './engine/engine.js';
import { feedPlans, type FeedPlan } from './feed-plan.js';
import { mapFeed } from './map-feed.js';
import type { Feed, MappingResource } from './mapping.js';
import { readResult, type ItemResult } from './read-result.js';
import { resourceProgram } from './resource-program.js';
import { shortened } from './shortened.js';
import { unreadIn, unreadMessage } from './unread.js';

/** An entity and what it was made by and from. */
export interface MappedEntity {
  readonly entity: Entity;
  readonly feed: Feed;
  /** Link of the item, or its key. */
  readonly item: string;
}

/** What became of a raw item. */
export interface MappedItem {
  readonly item: RawItem;
  /**
   * - `mapped`: all that it has to give is in `entities`, which may be none for want of an identifier;
   * - `unselected`: the selector says that it is not for the catalog;
   * - `failed`: what it should have given cannot be told, so its blueprints must not lose anything.
   *   Entities that could be made all the same are there.
   */
  readonly status: 'mapped' | 'unselected' | 'failed';
  readonly entities: readonly MappedEntity[];
  readonly problems: readonly Problem[];
}

/** Turns raw items of one resource into entities. */
export interface Mapper {
  /** One answer for each item, in order. An item that fails changes nothing for its neighbours. */
  map(items: readonly RawItem[]): Promise<readonly MappedItem[]>;
  /** Whether any expression of the resource, the selector included, mentions the field. */
  mentions(field: string): boolean;
  close(): Promise<void>;
}

/**
 * Compiles a resource.
 * @throws JqCompileError when an expression does not compile: have `checkExpressions` look first
 */
export async function createMapper(engine: JqEngine, resource: MappingResource): Promise<Mapper> {
  const { text, mentions } = resourceProgram(resource);
  const program = await engine.start(text);
  const plans = feedPlans(resource);
  return {
    map: (items) => mapItems(items, { resource, plans, program }),
    mentions,
    close: () => program.close(),
  };
}

interface Compiled {
  readonly resource: MappingResource;
  readonly plans: readonly FeedPlan[];
  readonly program: JqProgram;
}

async function mapItems(
  items: readonly RawItem[],
  compiled: Compiled,
): Promise<readonly MappedItem[]> {
  if (items.length === 0) return [];
  const outcomes = await compiled.program.run(items.map(({ value }) => JSON.stringify(value)));
  return items.map((item, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error(`jq gave no outcome for ${item.key}`);
    return mapItem(item, outcome, compiled);
  });
}

function mapItem(item: RawItem, outcome: JqOutcome, compiled: Compiled): MappedItem {
  const { resource, plans } = compiled;
  const at = atItem(resource.reference, item);
  if (!outcome.ok) {
    return failedItem(item, { code: 'item-failed', ...at, message: shortened(outcome.message) });
  }
  const unread = unreadProblem(item, resource, at);
  if (unread !== null) return failedItem(item, unread);
  const raw = readResult(outcome.text, resource.itemsToParse !== undefined);
  if (raw.type === 'list-failed') {
    const expression = resource.itemsToParse ?? '';
    const { message } = raw;
    return failedItem(item, { code: 'items-to-parse-failed', ...at, expression, message });
  }
  return gathered(item, raw.results, { resource, plans, at });
}

/** The selector or list rests on what could not be read: whatever they gave is a guess. */
function unreadProblem(item: RawItem, resource: MappingResource, at: AtItem): Problem | null {
  const { itemsToParse, selector } = resource;
  const inList = itemsToParse === undefined ? undefined : unreadIn(itemsToParse, item);
  if (itemsToParse !== undefined && inList !== undefined) {
    const message = unreadMessage(inList);
    return { code: 'items-to-parse-failed', ...at, expression: itemsToParse, message };
  }
  const inSelector = unreadIn(selector.query, item);
  if (inSelector === undefined) return null;
  const message = unreadMessage(inSelector);
  return { code: 'selector-failed', ...at, expression: selector.query, message };
}

function gathered(
  item: RawItem,
  results: readonly ItemResult[],
  {
    resource,
    plans,
    at,
  }: {
    readonly resource: MappingResource;
    readonly plans: readonly FeedPlan[];
    readonly at: AtItem;
  },
): MappedItem {
  const entities: MappedEntity[] = [];
  const problems: Problem[] = [];
  let isFailed = false;
  for (const result of results) {
    if (result.type === 'selector-failed') {
      const expression = resource.selector.query;
      problems.push({ code: 'selector-failed', ...at, expression, message: result.message });
      isFailed = true;
    }
    if (result.type !== 'selected') continue;
    for (const [index, plan] of plans.entries()) {
      const made = mapFeed(plan, result.feeds[index] ?? [], item);
      if (made.isFailed) isFailed = true;
      problems.push(...made.problems);
      if (made.entity !== null) {
        entities.push({ entity: made.entity, feed: plan.feed, item: at.item });
      }
    }
  }
  const isUnselected = results.length > 0 && results.every(({ type }) => type === 'unselected');
  const status = isFailed ? 'failed' : isUnselected ? 'unselected' : 'mapped';
  return { item, status, entities, problems };
}

function failedItem(item: RawItem, problem: Problem): MappedItem {
  return { item, status: 'failed', entities: [], problems: [problem] };
}
