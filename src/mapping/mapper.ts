import { types } from 'node:util';
import { atItem, type AtItem, type RawItem } from '../model/page.js';
import type { Problem } from '../problems/problem.js';
import type { JqEngine, JqOutcome, JqProgram, StartOptions } from './engine/engine.js';
import {
  type FeedPlan,
  feedPlans,
  isForFeed,
  unreadableIn,
  unreadableMessage,
} from './feed-fields.js';
import { type FieldCounts, FieldTally, neverFilled } from './field-tally.js';
import type { Feed, MappingResource } from './mapping.js';
import { resourceProgram } from './resource-program.js';
import type { JsonValue } from '../model/json.js';
import { tooDeep } from './engine/protocol.js';
import { cut, type Need } from './needed-paths.js';
import type { Entity } from '../model/entity.js';
import { mapFeed } from './map-feed.js';
import { type ItemResult, readResult, shortened } from './read-result.js';

/** Turns raw items of one resource into entities. */
export interface Mapper {
  /** One answer for each item, in order. An item that fails changes nothing for its neighbours. */
  map(items: readonly RawItem[]): Promise<readonly MappedItem[]>;
  /** Whether any expression of the resource, the selector included, mentions the field. */
  mentions(field: string): boolean;
  /** How often each expression gave a value, null or an error, over all items mapped so far. */
  fieldCounts(): readonly FieldCounts[];
  /** Fields that no item has filled and that look like mistakes. Ask when all items were mapped. */
  neverFilled(): readonly Problem[];
  close(): Promise<void>;
}

/**
 * Compiles a resource. Resources that are compiled in one turn share the time that it takes.
 * @param options with the signal that stops the run
 * @throws JqCompileError when an expression does not compile: have `checkExpressions` look first
 */
export async function createMapper(
  engine: JqEngine,
  resource: MappingResource,
  options?: StartOptions,
): Promise<Mapper> {
  const { text, mentions, need } = resourceProgram(resource);
  const program = await engine.start(text, options);
  const planned = { resource, plans: feedPlans(resource) };
  const tally = new FieldTally(planned.plans);
  return {
    map: async (items) => mapItems(items, await itemOutcomes(program, items, need), planned, tally),
    mentions,
    fieldCounts: () => tally.counts(),
    neverFilled: () => neverFilled(resource, tally.counts(), tally.samples),
    close: () => program.close(),
  };
}

function mapItems(
  items: readonly RawItem[],
  outcomes: readonly (JqOutcome | undefined)[],
  planned: PlannedResource,
  tally: FieldTally,
): readonly MappedItem[] {
  return items.map((item, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error(`jq gave no outcome for ${item.key}`);
    const reading = readItem(item, outcome, planned);
    if (reading.type === 'results') tally.add(item, reading.results);
    return mapItem(item, reading, planned);
  });
}

/**
 * Runs the program on the items; one outcome for each, in order. jq gets what the program needs of an
 * item, which may be a tenth of it. It sees numbers as JSON.parse has read
 * them: an integer beyond 2^53 was rounded before, and is refused where it is to be an identifier.
 */
export async function itemOutcomes(
  program: JqProgram,
  items: readonly RawItem[],
  need: Need,
): Promise<readonly (JqOutcome | undefined)[]> {
  const texts = items.map(({ value }) => textOf(cut(value, need)));
  const outcomes = (await program.run(texts.filter((text) => text !== null))).values();
  return texts.map((text) => (text === null ? tooDeep : outcomes.next().value));
}

/** Null where JSON.stringify has no stack left, after some thousand levels. */
function textOf(value: JsonValue): string | null {
  try {
    return withoutHalfCharacters(JSON.stringify(value));
  } catch (error) {
    // By its name: where tests share modules between contexts, classes differ.
    if (types.isNativeError(error) && error.name === 'RangeError') return null;
    throw error;
  }
}

/** An escaped backslash, which is passed over, or half of a surrogate pair. Whole ones are not escaped. */
const halfCharacter = /\\\\|\\ud[89a-f][0-9a-f]{2}/g;

/**
 * A title that was cut in the middle of an emoji ends in half of it. No jq reads that, and all of the
 * item would be lost: the replacement character stands in its place, as in every text decoder.
 */
function withoutHalfCharacters(text: string): string {
  if (!text.includes(String.raw`\ud`)) return text;
  return text.replace(halfCharacter, (found) => (found === String.raw`\\` ? found : '\ufffd'));
}

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
type ItemReading =
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
  const unreadable = unreadableProblem(item, resource, at);
  if (unreadable !== null) return { type: 'failed', problem: unreadable };
  const raw = readResult(outcome.text, resource.itemsToParse !== undefined);
  if (raw.type === 'items') return { type: 'results', results: raw.results };
  const expression = resource.itemsToParse ?? '';
  const { message } = raw;
  return { type: 'failed', problem: { code: 'items-to-parse-failed', ...at, expression, message } };
}

/** The selector or list rests on what could not be read: whatever they gave is a guess. */
function unreadableProblem(item: RawItem, resource: MappingResource, at: AtItem): Problem | null {
  const { itemsToParse, selector } = resource;
  const inList = itemsToParse === undefined ? undefined : unreadableIn(itemsToParse, item);
  if (itemsToParse !== undefined && inList !== undefined) {
    const message = unreadableMessage(inList);
    return { code: 'items-to-parse-failed', ...at, expression: itemsToParse, message };
  }
  const inSelector = unreadableIn(selector.query, item);
  if (inSelector === undefined) return null;
  const message = unreadableMessage(inSelector);
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
  const whole = atItem(resource.reference, item);
  const entities: MappedEntity[] = [];
  const problems: Problem[] = [];
  // A list without elements gives nothing to select.
  const lost = { unselected: reading.results.length === 0 ? 1 : 0, unidentified: 0, failed: 0 };
  const { parts = [] } = item;
  const hasParts = parts.length === reading.results.length;
  for (const [position, result] of reading.results.entries()) {
    const at = { ...whole, item: (hasParts ? parts[position] : undefined) ?? whole.item };
    if (result.type === 'selector-failed') {
      const expression = resource.selector.query;
      problems.push({ code: 'selector-failed', ...at, expression, message: result.message });
      lost.failed += 1;
    }
    if (result.type === 'unselected') lost.unselected += 1;
    if (result.type !== 'selected') continue;
    for (const [index, plan] of plans.entries()) {
      const outcomes = result.feeds[index] ?? [];
      if (!isForFeed(plan, outcomes)) continue;
      const made = mapFeed(plan, outcomes, item, at);
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
