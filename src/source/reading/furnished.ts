import type { RawItem } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import { readAhead, type OfParent, type Several } from './read-ahead.js';
import type { ReadingRecord } from './reading-record.js';

/** An item with what was attached to it. */
export interface Furnished {
  readonly item: RawItem;
  readonly problems: readonly Problem[];
}

/** An item of which these fields could not be read, besides others: what is mapped from them stays. */
export function withUnreadable(item: RawItem, fields: readonly string[]): RawItem {
  if (fields.length === 0) return item;
  return { ...item, unreadable: [...(item.unreadable ?? []), ...fields] };
}

/** How many items make a page: what is attached may be long, a page stays small. */
export const furnishedPageItems = 25;

/** How many items wait for their turn, for each that is being furnished. */
const waitingPerReading = 4;

/**
 * Furnishes repositories ahead of what is consumed, in the order given.
 * @param concurrency how many requests are sent at the same time
 * @param readsAtOnce how many of them one repository takes at most
 */
export function furnished<Repository, Event>(
  repositories: Several<Repository>,
  attach: (repository: Repository) => Promise<Event>,
  { concurrency, readsAtOnce }: { readonly concurrency: number; readonly readsAtOnce: number },
): AsyncGenerator<OfParent<Repository, Event>, void, undefined> {
  const reading = Math.max(1, Math.floor(concurrency / Math.max(1, readsAtOnce)));
  async function* open(repository: Repository): AsyncGenerator<Event, void, undefined> {
    yield await attach(repository);
  }
  return readAhead(repositories, open, {
    concurrency: reading,
    parents: reading * (1 + waitingPerReading),
    size: Infinity,
    sizeOf: () => 1,
  });
}

/** Furnished items in pages. The record is told of problems as the page of their item is given. */
export async function* furnishedPages(
  items: Several<Furnished>,
  size: number,
  record: ReadingRecord,
): AsyncGenerator<readonly RawItem[], void, undefined> {
  const given = (page: readonly Furnished[]): readonly RawItem[] => {
    for (const problem of page.flatMap(({ problems }) => problems)) record.addProblem(problem);
    return page.map(({ item }) => item);
  };
  let page: Furnished[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield given(page);
    page = [];
  }
  if (page.length > 0) yield given(page);
}
