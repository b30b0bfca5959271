import { types } from 'node:util';
import type { RawItem } from '../model/page.js';
import type { Problem } from '../problems/problem.js';
import type { JqEngine, JqOutcome, JqProgram, StartOptions } from './engine/engine.js';
import { feedPlans } from './feed-fields.js';
import { type FieldCounts, FieldTally, neverFilled } from './field-tally.js';
import { mapItem, type MappedItem, type PlannedResource, readItem } from './map-item.js';
import type { MappingResource } from './mapping.js';
import { resourceProgram } from './resource-program.js';
import type { JsonValue } from '../model/json.js';
import { tooDeep } from './engine/protocol.js';
import { cut, type Need } from './needed-paths.js';

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
