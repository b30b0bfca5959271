import { z } from 'zod';
import type { HttpAnswer } from '../../http/client.js';
import { HttpError } from '../../http/http-error.js';
import type { JsonObject } from '../../model/json.js';
import type { Count, Rest } from './rest.js';
import type { Listed } from './items.js';

/** A listing, and how to read what it lists. */
export interface Listing<Item extends Listed> {
  /** Its first page. */
  readonly url: URL;
  /** In the user's words: `pull requests of PAY/api`. */
  readonly subject: string;
  /** Null for something that is not such an item. */
  readonly itemOf: (value: JsonObject) => Item | null;
  /** A parameter of the URL that servers may not know: refused with 400, it is left out. */
  readonly optionalParameter?: string;
}

/**
 * How many pages in a row may show nothing new. An empty page, or one of items that moved here from an
 * earlier page, is normal; so many of them are a server that goes in circles.
 */
const pagesWithoutNews = 20;

const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** What is relied on of a page. Items pass through as they are. */
export const pageBody = z.object({
  values: z.array(jsonObject),
  isLastPage: z.boolean(),
  // Looked at only when there is a next page: the last one may hold anything here.
  nextPageStart: z.unknown().optional(),
});

type PageBody = z.output<typeof pageBody>;

/**
 * Reads a listing to its end, a page at a time, each item once. Comes to its end only after a page
 * that says it is the last one.
 * @throws HttpError when that page is not reached; what was given until then stands
 */
export async function* readListing<Item extends Listed>(
  rest: Rest,
  listing: Listing<Item>,
  count: Count,
): AsyncGenerator<readonly Item[], void, undefined> {
  const seen = new Set<string>();
  const url = new URL(listing.url);
  let start = 0;
  let withoutNews = 0;
  for (;;) {
    const body = await fetchPage(rest, listing, url, count);
    const items = newItems(listing, body, seen);
    yield items;
    if (body.isLastPage) return;
    start = nextStart(listing.subject, body, start);
    url.searchParams.set('start', String(start));
    withoutNews = items.length > 0 ? 0 : withoutNews + 1;
    if (withoutNews === pagesWithoutNews) {
      throw malformed(
        listing.subject,
        `gave ${pagesWithoutNews} pages in a row without anything new`,
      );
    }
  }
}

/** The page at `url`. Leaves the optional parameter out of `url` for good when it is refused. */
async function fetchPage(
  rest: Rest,
  { subject, optionalParameter }: Pick<Listing<Listed>, 'subject' | 'optionalParameter'>,
  url: URL,
  count: Count,
): Promise<PageBody> {
  const ask = (accepted: readonly number[]): Promise<HttpAnswer<PageBody | null>> =>
    rest.json({ url: new URL(url), subject, count, accepted }, pageBody);
  const isOptional = optionalParameter !== undefined && url.searchParams.has(optionalParameter);
  let answer = await ask(isOptional ? [400] : []);
  if (isOptional && answer.status === 400) {
    url.searchParams.delete(optionalParameter);
    answer = await ask([]);
  }
  if (answer.body === null) throw malformed(subject, 'answered without a page');
  return answer.body;
}

function newItems<Item extends Listed>(
  listing: Listing<Item>,
  body: PageBody,
  seen: Set<string>,
): readonly Item[] {
  const items: Item[] = [];
  for (const value of body.values) {
    const listed = listing.itemOf(value);
    if (listed === null) throw malformed(listing.subject, 'gave an item that lacks its identity');
    if (seen.has(listed.item.key)) continue;
    seen.add(listed.item.key);
    items.push(listed);
  }
  return items;
}

/** Exactly what the server names: positions have gaps, so it cannot be computed. */
function nextStart(subject: string, body: PageBody, start: number): number {
  const next = z.int().nonnegative().safeParse(body.nextPageStart);
  if (!next.success) throw malformed(subject, 'named no next page, on a page that is not the last');
  if (next.data <= start) throw malformed(subject, 'named a page that was read before as the next');
  return next.data;
}

function malformed(subject: string, reason: string): HttpError {
  return new HttpError('malformed', subject, reason);
}
