import { httpError } from '../failure.js';
import type { ScopeEnd } from '../source.js';
import type { ReadingRecord, RootScope } from './reading-record.js';

/**
 * Pages of a root listing. How it ended goes to `add` instead of being thrown.
 * @param record words a failure
 */
export async function* recorded<Item>(
  pages: AsyncIterable<readonly Item[]>,
  scope: RootScope,
  record: Pick<ReadingRecord, 'incomplete'>,
  add: (end: ScopeEnd) => void,
): AsyncGenerator<readonly Item[], void, undefined> {
  let count = 0;
  let items = 0;
  try {
    for await (const page of pages) {
      count += 1;
      items += page.length;
      yield page;
    }
  } catch (error) {
    add(record.incomplete(scope, httpError(error)));
    return;
  }
  add({ scope, status: 'complete', pages: count, items });
}
