import type { HttpError } from '../../http/http-error.js';
import { httpError } from './describe-failure.js';

/** What a listing gives: pages, then how it ended, as a value that keeps its place in the order. */
export type ListingEvent<Item> =
  | { readonly type: 'page'; readonly items: readonly Item[] }
  | { readonly type: 'end'; readonly pages: number; readonly failure: HttpError | null };

/** The events of a listing. A failed call is one of them; anything else is thrown on. */
export async function* listingEvents<Item>(
  pages: AsyncIterable<readonly Item[]>,
): AsyncGenerator<ListingEvent<Item>, void, undefined> {
  let count = 0;
  let failure: HttpError | null = null;
  try {
    for await (const items of pages) {
      count += 1;
      yield { type: 'page', items };
    }
  } catch (error) {
    failure = httpError(error);
  }
  yield { type: 'end', pages: count, failure };
}
