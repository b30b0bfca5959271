import type { Entity } from '../model/entity.js';
import { atItem, type AtItem, type RawItem } from '../model/page.js';
import type { Problem } from '../problems/problem.js';
import type { JqOutcome } from './engine/engine.js';
import { type FeedPlan, unreadIn, unreadMessage } from './feed-fields.js';
import { mapFeed } from './map-feed.js';
import type { Feed, MappingResource } from './mapping.js';
import { type ItemResult, readResult, shortened } from './read-result.js';

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
  /** Results that are no entities. */
  readonly lost: LostResults;
}

/** Results of an item, one for each mapping and parsed element, that did not become entities. */
export interface LostResults {
  /** The selector left them out, or there was none to begin with. */
  readonly unselected: number;
  /** Their identifier is empty, or holds what Port refuses. */
  readonly unidentified: number;
  readonly failed: number;
}

/** A resource and what is worked out of it once. */
export interface PlannedResource {
  readonly resource: MappingResource;
  readonly plans: readonly FeedPlan[];
}

/** What jq gave for an item: results to make entities of, or why there are none. */
export type ItemReading =
  | { readonly type: 'results'; readonly results: readonly ItemResult[] }
  | { readonly type: 'failed'; readonly problem: Problem };

/** Reads what the program of the resource put out for the item. */
export function readItem(
  item: RawItem,
  outcome: JqOutcome,
  { resource }: PlannedResource,
): ItemReading {
  const at = atItem(resource.reference, item);
  if (!outcome.ok) {
    const code = outcome.failure === 'given up' ? 'item-given-up' : 'item-failed';
    return { type: 'failed', problem: { code, ...at, message: shortened(outcome.message) } };
  }
  const unread = unreadProblem(item, resource, at);
  if (unread !== null) return { type: 'failed', problem: unread };
  const raw = readResult(outcome.text, resource.itemsToParse !== undefined);
  if (raw.type === 'items') return { type: 'results', results: raw.results };
  const expression = resource.itemsToParse ?? '';
  const { message } = raw;
  return { type: 'failed', problem: { code: 'items-to-parse-failed', ...at, expression, message } };
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

/** Makes the entities of an item. */
export function mapItem(
  item: RawItem,
  reading: ItemReading,
  { resource, plans }: PlannedResource,
): MappedItem {
  if (reading.type === 'failed') {
    const lost = { unselected: 0, unidentified: 0, failed: 1 };
    return { item, status: 'failed', entities: [], problems: [reading.problem], lost };
  }
  const at = atItem(resource.reference, item);
  const entities: MappedEntity[] = [];
  const problems: Problem[] = [];
  // A list without elements gives nothing to select.
  const lost = { unselected: reading.results.length === 0 ? 1 : 0, unidentified: 0, failed: 0 };
  for (const result of reading.results) {
    if (result.type === 'selector-failed') {
      const expression = resource.selector.query;
      problems.push({ code: 'selector-failed', ...at, expression, message: result.message });
      lost.failed += 1;
    }
    if (result.type === 'unselected') lost.unselected += 1;
    if (result.type !== 'selected') continue;
    for (const [index, plan] of plans.entries()) {
      const made = mapFeed(plan, result.feeds[index] ?? [], item);
      problems.push(...made.problems);
      if (made.entity !== null) {
        entities.push({ entity: made.entity, feed: plan.feed, item: at.item });
      } else if (made.isFailed) lost.failed += 1;
      else lost.unidentified += 1;
    }
  }
  const status =
    lost.failed > 0 ? 'failed' : isUnselected(reading.results) ? 'unselected' : 'mapped';
  return { item, status, entities, problems, lost };
}

function isUnselected(results: readonly ItemResult[]): boolean {
  return results.length > 0 && results.every(({ type }) => type === 'unselected');
}
