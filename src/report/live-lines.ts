import type { RunEvent } from '../model/event.js';
import { resourceName, type ResourceReference } from '../model/resource.js';
import type { Side } from '../problems/problem.js';
import { SIDE_NAMES } from '../problems/phrases.js';
import { progressParts, timeOfDay, type Progress } from './event-words.js';
import { cutColumns, grouped } from './text.js';

/** The first items come in one page: a rate of less time would be that of a page. */
const SHORTEST_MILLISECONDS = 1_000;

type Waiting = Extract<RunEvent, { readonly type: 'waiting' }>;

/** What a resource is at. */
interface State {
  readonly resource: ResourceReference;
  readonly startedAt: number;
  readonly at: number;
  /** Null before the first page. */
  readonly progress: Progress | null;
  readonly end: 'complete' | 'incomplete' | null;
}

/** What a person at a terminal watches: a line for each resource, then what is waited for. */
export class LiveLines {
  #resources: readonly ResourceReference[] = [];
  readonly #states = new Map<number, State>();
  /** Of each side, the wait that ends last. */
  readonly #waits = new Map<Side, Waiting>();

  /** Takes an event; answers whether lines may differ now. */
  listen(event: RunEvent): boolean {
    switch (event.type) {
      case 'run-started':
        this.#resources = event.resources;
        return false;
      case 'resource-started':
        this.#set(event.resource, { at: event.at, progress: null, end: null });
        return true;
      case 'resource-progressed':
        this.#set(event.resource, { at: event.at, progress: event, end: null });
        return true;
      case 'resource-ended':
        this.#set(event.resource, { at: event.at, progress: event, end: event.status });
        return true;
      case 'waiting':
        if (endOf(event) > endOf(this.#waits.get(event.side))) this.#waits.set(event.side, event);
        return true;
      case 'deletions-held':
      case 'note':
      case 'problem':
        return false;
    }
  }

  /**
   * The lines as they are now, none longer than `width`.
   * @param clean masks secrets and makes a text safe to print
   */
  lines(now: number, width: number, clean: (text: string) => string): readonly string[] {
    const names = this.#resources.map((resource) => resourceName(resource, this.#resources));
    const column = Math.max(...names.map(({ length }) => length));
    const states = [...this.#states].sort(([one], [other]) => one - other);
    const waits = [...this.#waits.values()].filter((wait) => endOf(wait) > now);
    return [
      ...states.map(([, state]) => {
        const name = `${resourceName(state.resource, this.#resources).padEnd(column)}  `;
        return name + fitting(partsOf(state), width - name.length);
      }),
      ...waits.map(
        (wait) => `${SIDE_NAMES[wait.side]} waits until ${timeOfDay(endOf(wait))}: ${wait.reason}`,
      ),
    ].map((line) => cutColumns(clean(line), width));
  }

  #set(resource: ResourceReference, state: Pick<State, 'at' | 'progress' | 'end'>): void {
    const startedAt = this.#states.get(resource.index)?.startedAt ?? state.at;
    this.#states.set(resource.index, { resource, startedAt, ...state });
  }
}

function endOf(wait: Waiting | undefined): number {
  return wait === undefined ? 0 : wait.at + wait.milliseconds;
}

/** What there is to say of a resource, and at the end what is said of it in any case. */
function partsOf({ progress, end, startedAt, at }: State): readonly string[] {
  if (progress === null) return ['reading'];
  const parts = progressParts(progress);
  if (end !== null) return [...parts, end === 'complete' ? 'done' : 'incomplete'];
  const elapsed = at - startedAt;
  if (elapsed < SHORTEST_MILLISECONDS) return parts;
  return [...parts, `${grouped(Math.round((progress.counts.fetched * 1_000) / elapsed))}/s`];
}

/** Where room is short, the first and the last part stay longest. */
function fitting(parts: readonly string[], width: number): string {
  const text = parts.join(', ');
  if (text.length <= width || parts.length === 1) return text;
  const [first = '', ...others] = parts;
  return fitting([first, ...others.slice(1)], width);
}
