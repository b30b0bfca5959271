import type { JqEngine } from '../../mapping/engine/engine.js';
import { createMapper, type MappedItem } from '../../mapping/mapper.js';
import type { MappingResource } from '../../mapping/mapping.js';
import type { Entity } from '../../model/entity.js';
import type { JsonObject } from '../../model/json.js';
import type { ResourceReference } from '../../model/resource.js';
import { ProblemError } from '../../problems/problem.js';
import { wordsOf } from '../../problems/words.js';
import type { KindEvents } from '../../source/kind-events.js';
import { EVENTS, type WebhookPlan, type WebhookPlanFacts } from '../../stages/webhook-mapping.js';

/** What a mapping of a webhook makes of a sample event. */
export interface Sample {
  readonly resource: ResourceReference;
  readonly event: string;
  /** Whether the filter lets it through; the entity is shown all the same. */
  readonly isSelected: boolean;
  readonly entity: Entity | null;
  /** What is odd about it, in words. */
  readonly notes: readonly string[];
}

/** A sample event of a kind, as Port hands it to the mappings of a webhook. */
export function sampleEvent(
  type: WebhookPlanFacts['type'],
  { events, path, sample }: KindEvents,
): { readonly name: string; readonly request: JsonObject } {
  const name = (events.find(({ closes }) => closes) ?? events[0])?.name ?? '';
  const member = path.split('.').at(-1) ?? '';
  const body = { ...(type === 'bitbucket-server' ? { eventKey: name } : {}), [member]: sample };
  return { name, request: { body, headers: { 'X-Event-Key': name }, queryParams: {} } };
}

/**
 * Runs the mappings of a webhook on a sample of an event of each kind.
 * @throws ProblemError webhook-expression-failed where one could make nothing of any event
 */
export async function runSamples(
  engine: JqEngine,
  { resources }: WebhookPlan,
  type: WebhookPlanFacts['type'],
): Promise<readonly Sample[]> {
  return await Promise.all(
    resources.map(async (resource) => {
      const ofKind = EVENTS[type].kinds[resource.kind];
      if (ofKind === undefined) throw new Error(`no events of ${resource.kind}`);
      const { name, request } = sampleEvent(type, ofKind);
      const mapped = await mappedBy(resource, name, request, engine);
      const isSelected = mapped.status !== 'unselected';
      const shown = isSelected
        ? mapped
        : await mappedBy({ ...resource, selector: { query: 'true' } }, name, request, engine);
      return {
        resource: resource.reference,
        event: name,
        isSelected,
        entity: shown.entities[0]?.entity ?? null,
        notes: shown.problems.map((problem) => wordsOf(problem).message),
      };
    }),
  );
}

async function mappedBy(
  resource: MappingResource,
  event: string,
  request: JsonObject,
  engine: JqEngine,
): Promise<MappedItem> {
  const mapper = await createMapper(engine, resource);
  try {
    const [mapped] = await mapper.map([{ key: `sample ${event}`, link: null, value: request }]);
    if (mapped === undefined) throw new Error('an item without an answer');
    for (const problem of mapped.problems) {
      if (problem.code === 'item-failed' || problem.code === 'item-given-up') {
        throw failed(resource, event, resource.selector.query, problem.message);
      }
      if (
        problem.code === 'selector-failed' ||
        problem.code === 'items-to-parse-failed' ||
        problem.code === 'identity-failed'
      ) {
        throw failed(resource, event, problem.expression, problem.message);
      }
    }
    return mapped;
  } finally {
    await mapper.close();
  }
}

function failed(
  { reference: resource }: MappingResource,
  event: string,
  expression: string,
  message: string,
): ProblemError {
  return ProblemError.of({
    code: 'webhook-expression-failed',
    resource,
    event,
    expression,
    message,
  });
}
