import type { JsonValue } from '../model/json.js';
import type { RawItem } from '../model/page.js';
import type { PreviewedItem, PreviewedPart, PreviewedResource } from '../model/preview.js';
import type { JqEngine, JqOutcome } from './engine/engine.js';
import { explainFeed } from './explain-feed.js';
import { feedPlans } from './feed-plan.js';
import { itemOutcomes } from './mapper.js';
import { mapItem, readItem, type PlannedResource } from './map-item.js';
import type { MappingResource } from './mapping.js';
import { readOutcome, type ItemResult } from './read-result.js';
import { expressionProgram, resourceProgram } from './resource-program.js';

/** Maps a few items and tells how. The entities are those that a run would load. */
export interface Explainer {
  explain(items: readonly RawItem[]): Promise<readonly PreviewedItem[]>;
  /** Whether any expression of the resource mentions the field. */
  mentions(field: string): boolean;
  close(): Promise<void>;
}

/**
 * Compiles a resource.
 * @throws JqCompileError when an expression does not compile: have `checkExpressions` look first
 */
export async function createExplainer(
  engine: JqEngine,
  resource: MappingResource,
): Promise<Explainer> {
  const { text, mentions, need } = resourceProgram(resource);
  const { itemsToParse } = resource;
  // At once: the engine compiles together what is started together.
  const [program, list] = await Promise.all([
    engine.start(text),
    itemsToParse === undefined ? null : engine.start(expressionProgram(itemsToParse)),
  ]);
  const planned = { resource, plans: feedPlans(resource) };
  return {
    explain: async (items) => {
      const outcomes = await itemOutcomes(program, items, need);
      const lists = list === null ? [] : await itemOutcomes(list, items, need);
      return items.flatMap((item, index) => {
        const outcome = outcomes[index];
        return outcome === undefined ? [] : [explainItem(item, outcome, lists[index], planned)];
      });
    },
    mentions,
    close: async () => {
      await Promise.all([program.close(), list?.close()]);
    },
  };
}

/**
 * Maps the items by the resource and tells how.
 * @throws as `createExplainer`
 */
export async function explainResource(
  engine: JqEngine,
  resource: MappingResource,
  items: readonly RawItem[],
): Promise<PreviewedResource> {
  const explainer = await createExplainer(engine, resource);
  try {
    return { resource: resource.reference, items: await explainer.explain(items) };
  } finally {
    await explainer.close();
  }
}

function explainItem(
  item: RawItem,
  outcome: JqOutcome,
  list: JqOutcome | undefined,
  planned: PlannedResource,
): PreviewedItem {
  const reading = readItem(item, outcome, planned);
  const results = reading.type === 'results' ? reading.results : [];
  const { status, problems } = mapItem(item, reading, planned);
  return {
    item,
    status,
    problems,
    list: list === undefined ? null : listIn(list),
    parts: results.map((result) => explainPart(result, item, planned)),
  };
}

function listIn(outcome: JqOutcome): PreviewedItem['list'] {
  if (!outcome.ok) return { message: outcome.message };
  // What JSON.parse gives is a JSON value by definition.
  const list = readOutcome(JSON.parse(outcome.text) as JsonValue);
  return list.ok ? { value: list.value } : { message: list.message };
}

function explainPart(
  result: ItemResult,
  item: RawItem,
  { plans, resource }: PlannedResource,
): PreviewedPart {
  const made = resource.itemsToParse === undefined ? null : resource.itemsToParseName;
  switch (result.type) {
    case 'unselected':
      return { selector: false, feeds: [] };
    case 'selector-failed':
      return { selector: { message: result.message }, feeds: [] };
    case 'selected':
      return {
        selector: true,
        feeds: plans.map((plan, index) => explainFeed(plan, result.feeds[index] ?? [], item, made)),
      };
  }
}
