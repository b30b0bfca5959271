import { isJsonObject, type JsonObject } from '../../model/json.js';
import { malformed } from '../failure.js';
import type { Listed } from './listed.js';
import type { FetchedPage, FetchPage } from './page.js';

/** A listing, and how to read what it lists. */
export interface Listing<Item extends Listed> {
  /** Its first page. */
  readonly url: URL;
  /** In the user's words: `pull requests of PAY/api`. */
  readonly subject: string;
  /** Null for something that is not such an item. */
  readonly itemOf: (value: JsonObject) => Item | null;
}

/** Pages in a row without anything new, after which the server is taken to go in circles. */
export interface PatienceWithPages {
  /** Such as show only what was seen before. */
  readonly repeated: number;
  /** Such as show that, or nothing at all. */
  readonly withoutNews: number;
}

/**
 * Reads a listing to its end, a page at a time, each item once. Comes to its end only after a page
 * that says it is the last one.
 * @throws HttpError when that page is not reached, or when something among the items was none: what it
 *   stands for is not known, so that the listing was not read whole. What was given stands
 */
export async function* readToEnd<Item extends Listed>(
  listing: Pick<Listing<Item>, 'subject' | 'itemOf'>,
  first: FetchPage,
  patience: PatienceWithPages,
): AsyncGenerator<readonly Item[], void, undefined> {
  const { subject } = listing;
  const seen = new Set<string>();
  let strange = 0;
  let repeated = 0;
  let withoutNews = 0;
  let fetch: FetchPage | null = first;
  while (fetch !== null) {
    const page: FetchedPage = await fetch();
    const { items, others } = newItems(listing, page, seen);
    strange += others;
    yield items;
    fetch = page.next();
    const isNews = items.length > 0 || page.isRepeat === true;
    repeated = isNews ? 0 : repeated + (page.values.length > 0 ? 1 : 0);
    withoutNews = isNews ? 0 : withoutNews + 1;
    const isCircle = repeated === patience.repeated || withoutNews === patience.withoutNews;
    if (fetch !== null && isCircle) {
      throw malformed(subject, `gave ${withoutNews} pages in a row without anything new`);
    }
  }
  if (strange > 0) {
    const what = strange === 1 ? 'an item that lacks its' : `${strange} items that lack their`;
    throw malformed(subject, `gave ${what} identity; the others were read`);
  }
}

/** `others`: how many there are that are no such items. */
function newItems<Item extends Listed>(
  { itemOf }: Pick<Listing<Item>, 'itemOf'>,
  { values }: FetchedPage,
  seen: Set<string>,
): { readonly items: readonly Item[]; readonly others: number } {
  const items: Item[] = [];
  let others = 0;
  for (const value of values) {
    const listed = isJsonObject(value) ? itemOf(value) : null;
    if (listed === null) {
      others += 1;
      continue;
    }
    if (seen.has(listed.item.key)) continue;
    seen.add(listed.item.key);
    items.push(listed);
  }
  return { items, others };
}
