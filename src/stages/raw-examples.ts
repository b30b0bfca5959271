import type { JsonObject } from '../model/json.js';
import { EXAMPLES_PER_KIND } from '../port/raw-examples.js';
import type { Reading, Source } from '../source/source.js';
import type { RunContext } from './run-context.js';

/** The first raw items of a resource. */
interface FirstItems {
  readonly kind: string;
  /** Position of the resource in the mapping. */
  readonly index: number;
  readonly items: JsonObject[];
}

/** Looks over the shoulder of a run and keeps the first raw items that it reads. */
export class RawExamples {
  readonly #resources: FirstItems[] = [];

  /** The same source; what is read through it is seen. */
  watch(source: Source): Source {
    return {
      type: source.type,
      kinds: source.kinds,
      probe: () => source.probe(),
      read: (request) => {
        const first = { kind: request.kind, index: request.resource.index, items: [] };
        this.#resources.push(first);
        return watched(source.read(request), first);
      },
      addressOf: (link) => source.addressOf(link),
      close: () => source.close(),
    };
  }

  /**
   * The first items of each kind, which are those of its first resource that has any: which resource
   * was read faster does not tell.
   */
  byKind(): ReadonlyMap<string, readonly JsonObject[]> {
    const inConfigOrder = [...this.#resources].sort((one, other) => one.index - other.index);
    const examples = new Map<string, readonly JsonObject[]>();
    for (const { kind, items } of inConfigOrder) {
      if (items.length > 0 && !examples.has(kind)) examples.set(kind, items);
    }
    return examples;
  }
}

/**
 * Sends the examples, kind by kind. What Port refuses once it refuses for every kind: the first
 * failure ends it, with one warning. A stopped run sends none.
 */
export async function sendRawExamples(
  examples: RawExamples,
  { writer, signal, report }: Pick<RunContext, 'writer' | 'signal' | 'report'>,
): Promise<void> {
  for (const [kind, items] of examples.byKind()) {
    if (signal.aborted) return;
    const problem = await writer.sendExamples(kind, items);
    if (problem === null) continue;
    report(problem);
    return;
  }
}

function watched(reading: Reading, first: FirstItems): Reading {
  return {
    pages: async function* () {
      for await (const page of reading.pages()) {
        const missing = EXAMPLES_PER_KIND - first.items.length;
        first.items.push(...page.items.slice(0, missing).map(({ value }) => value));
        yield page;
      }
    },
    ends: () => reading.ends(),
    confirm: (scopes) => reading.confirm(scopes),
    ask: (address) => reading.ask(address),
    absent: () => reading.absent(),
    get requests() {
      return reading.requests;
    },
    takeProblems: () => reading.takeProblems(),
  };
}
