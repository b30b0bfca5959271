import type { ScopeEnd } from '../source.js';
import { listingEvents } from './listing-events.js';
import { incomplete, type RootScope } from './reading-record.js';

/** Pages of a root listing. How it ended goes to `add` instead of being thrown. */
export async function* recorded<Item>(
  pages: AsyncIterable<readonly Item[]>,
  scope: RootScope,
  add: (end: ScopeEnd) => void,
): AsyncGenerator<readonly Item[], void, undefined> {
  for await (const event of listingEvents(pages)) {
    if (event.type === 'page') yield event.items;
    else if (event.failure !== null) add(incomplete(scope, event.failure));
    else add({ scope, status: 'complete', pages: event.pages });
  }
}
