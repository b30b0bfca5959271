import type { RawItem } from '../model/page.js';
import type { Problem } from '../problems/problem.js';
import type { JqEngine, JqOutcome, StartOptions } from './engine/engine.js';
import { feedPlans } from './feed-plan.js';
import { FieldTally, type FieldCounts } from './field-tally.js';
import { itemOutcomes } from './item-outcomes.js';
import { mapItem, readItem, type MappedItem, type PlannedResource } from './map-item.js';
import type { MappingResource } from './mapping.js';
import { neverFilled } from './never-filled.js';
import { resourceProgram } from './resource-program.js';

export type { LostResults, MappedEntity, MappedItem } from './map-item.js';

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
