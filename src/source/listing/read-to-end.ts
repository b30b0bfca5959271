import type { JsonObject } from '../../model/json.js';
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
 * @throws HttpError when that page is not reached; what was given until then stands
 */
export async function* readToEnd<Item extends Listed>(
  listing: Pick<Listing<Item>, 'subject' | 'itemOf'>,
  first: FetchPage,
  patience: PatienceWithPages,
): AsyncGenerator<readonly Item[], void, undefined> {
  const { subject } = listing;
  const seen = new Set<string>();
  let repeated = 0;
  let withoutNews = 0;
  let fetch: FetchPage | null = first;
  while (fetch !== null) {
    const page: FetchedPage = await fetch();
    const items = newItems(listing, page, seen);
    yield items;
    fetch = page.next();
    repeated = items.length > 0 ? 0 : repeated + (page.values.length > 0 ? 1 : 0);
    withoutNews = items.length > 0 ? 0 : withoutNews + 1;
    const isCircle = repeated === patience.repeated || withoutNews === patience.withoutNews;
    if (fetch !== null && isCircle) {
      throw malformed(subject, `gave ${withoutNews} pages in a row without anything new`);
    }
  }
}

function newItems<Item extends Listed>(
  { subject, itemOf }: Pick<Listing<Item>, 'subject' | 'itemOf'>,
  { values }: FetchedPage,
  seen: Set<string>,
): readonly Item[] {
  const items: Item[] = [];
  for (const value of values) {
    const listed = itemOf(value);
    if (listed === null) throw malformed(subject, 'gave an item that lacks its identity');
    if (seen.has(listed.item.key)) continue;
    seen.add(listed.item.key);
    items.push(listed);
  }
  return items;
}
