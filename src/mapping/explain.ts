import { isJsonArray, isJsonObject, type JsonValue } from '../model/json.js';
import type { RawItem } from '../model/page.js';
import type {
  FieldNote,
  PreviewedFeed,
  PreviewedField,
  PreviewedItem,
  PreviewedPart,
  PreviewedResource,
} from '../model/preview.js';
import type { JqEngine, JqOutcome } from './engine/engine.js';
import {
  type FeedField,
  type FeedPlan,
  feedPlans,
  isForFeed,
  unreadableIn,
} from './feed-fields.js';
import { itemOutcomes, mapItem, type PlannedResource, readItem } from './mapper.js';
import type { Expression, MappingResource } from './mapping.js';
import { type ItemResult, type Outcome, readOutcome } from './read-result.js';
import { expressionProgram, resourceProgram } from './resource-program.js';
import type { Problem } from '../problems/problem.js';
import { leadingPath } from './jq-tokens.js';
import { mapFeed } from './map-feed.js';
import { whereItEnds } from './filling-path.js';

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
        feeds: plans.flatMap((plan, index) => {
          const outcomes = result.feeds[index] ?? [];
          return isForFeed(plan, outcomes) ? [explainFeed(plan, outcomes, item, made)] : [];
        }),
      };
  }
}

/**
 * Makes the entity of a feed and says of each expression what it had to do with it.
 * @param made a key at the top whose value is not in the raw item, as jq puts it in; null: none
 */
function explainFeed(
  plan: FeedPlan,
  outcomes: readonly Outcome[],
  raw: RawItem,
  made: string | null,
): PreviewedFeed {
  const { entity, problems } = mapFeed(plan, outcomes, raw);
  const fields = [...plan.fields.values()].map((field): PreviewedField => {
    const { expression, position } = field;
    const outcome = outcomes[position] ?? { ok: true, value: null };
    const value = outcome.ok ? outcome.value : null;
    const about = problemsOf(field, plan, problems);
    const notes = notesOn(field, outcome, raw, { problems: about, made });
    return { field: field.field, expression, value, notes };
  });
  return { index: plan.feed.index, entity, fields };
}

function problemsOf(
  { field }: FeedField,
  { prefix }: FeedPlan,
  problems: readonly Problem[],
): readonly Problem[] {
  return problems.filter((problem) => 'field' in problem && problem.field === `${prefix}${field}`);
}

function notesOn(
  { field, expression }: FeedField,
  outcome: Outcome,
  raw: RawItem,
  { problems, made }: { readonly problems: readonly Problem[]; readonly made: string | null },
): readonly FieldNote[] {
  const source = unreadableIn(expression, raw);
  if (source !== undefined) return [{ type: 'unread', source }];
  if (!outcome.ok) return [{ type: 'failed', message: outcome.message }];
  const noted = problems.flatMap(noteOf);
  if (noted.length > 0) return noted;
  if (outcome.value === null) return [nullNote(expression, raw, made)];
  const from = madeText(field, outcome.value);
  return from === null ? [] : [{ type: 'made-text', from }];
}

function noteOf(problem: Problem): readonly FieldNote[] {
  const { code } = problem;
  if (code === 'nulls-dropped') return [{ type: code, count: problem.dropped }];
  if (code === 'target-refused') return [{ type: code, target: problem.target }];
  if (code === 'identifier-refused') return [{ type: code, character: problem.character }];
  return code === 'identifier-empty' ? [{ type: code }] : [];
}

function nullNote(expression: Expression, raw: RawItem, made: string | null): FieldNote {
  const end = whereItEnds(leadingPath(expression).steps, [raw.value], made);
  if (end.type !== 'missing') return { type: 'null' };
  const { missing, nearest } = end;
  return { type: 'null', missing, ...(nearest === undefined ? {} : { nearest }) };
}

/** What the value was before it became text; null when it did not. Properties stay what they are. */
function madeText(field: string, value: JsonValue): string | null {
  const isQuery = field.includes('.rules[') || field.endsWith('.combinator');
  if (field.startsWith('properties.') || isQuery) return null;
  const takesLists = field === 'team' || field.startsWith('relations.');
  if (takesLists && isJsonObject(value)) return null;
  if (takesLists && isJsonArray(value)) {
    return value.map((entry) => madeText('', entry)).find((from) => from !== null) ?? null;
  }
  if (typeof value === 'string' || value === null) return null;
  return isJsonArray(value) ? 'list' : typeof value;
}
