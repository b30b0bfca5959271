import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import type { JsonObject } from '../../model/json.js';
import type { Listed } from '../server/items.js';
import type { Count } from '../server/rest.js';
import { toldFailure } from './describe-failure.js';
import type { PageKind, PageSizes } from './page-sizes.js';
import type { Rest } from './rest.js';

/** A listing, and how to read what it lists. */
export interface Listing<Item extends Listed> {
  /** Its first page, without a size. */
  readonly url: URL;
  readonly size: PageKind;
  /** In the user's words: `pull requests of acme/api`. */
  readonly subject: string;
  /** Null for something that is not such an item. */
  readonly itemOf: (value: JsonObject) => Item | null;
  /** Statuses of the first page that would stay the same however often it is asked for. */
  readonly final?: readonly number[];
}

/** What reading listings takes. */
export interface Pager {
  readonly rest: Rest;
  readonly sizes: PageSizes;
}

/** Pages in a row that show only what was seen before: more of them are a server that goes in circles. */
const repeatedPages = 20;

/** Pages in a row that show nothing. A filter may empty many of them. */
const emptyPages = 1_000;

/** Any object. It passes through as it is. */
export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** What is relied on of a page. Items pass through as they are. */
export const pageBody = z.object({ values: z.array(jsonObject), next: z.string().nullish() });

type PageBody = z.output<typeof pageBody>;

/**
 * Reads a listing to its end, a page at a time, each item once. Only a page that names no next one is
 * the last; the next one is asked for exactly as named.
 * @throws HttpError when that page is not reached; what was given until then stands
 */
export async function* readListing<Item extends Listed>(
  pager: Pager,
  listing: Listing<Item>,
  count: Count,
): AsyncGenerator<readonly Item[], void, undefined> {
  const { subject } = listing;
  const seen = new Set<string>();
  const followed = new Set<string>();
  let body = await firstPage(pager, listing, count);
  let withoutNews = { repeated: 0, empty: 0 };
  for (;;) {
    const items = newItems(listing, body, seen);
    yield items;
    const next = body.next ?? null;
    if (next === null) return;
    if (!URL.canParse(next))
      throw malformed(subject, 'named something as the next page that is no URL');
    if (followed.has(next))
      throw malformed(subject, 'named a page that was read before as the next');
    followed.add(next);
    withoutNews = {
      repeated: items.length > 0 ? 0 : withoutNews.repeated + (body.values.length > 0 ? 1 : 0),
      empty: items.length > 0 ? 0 : withoutNews.empty + 1,
    };
    if (withoutNews.repeated === repeatedPages || withoutNews.empty === emptyPages) {
      throw malformed(subject, `gave ${withoutNews.empty} pages in a row without anything new`);
    }
    body = await fetchPage(pager.rest, { url: new URL(next), subject, count });
  }
}

/** The first page, in as large a page as Bitbucket gives. */
async function firstPage(
  { rest, sizes }: Pager,
  { url, size, subject, final = [] }: Listing<Listed>,
  count: Count,
): Promise<PageBody> {
  let pagelen = sizes.of(size);
  for (;;) {
    const sized = new URL(url);
    sized.searchParams.set('pagelen', String(pagelen));
    try {
      return await fetchPage(rest, { url: sized, subject, count, accepted: final });
    } catch (error) {
      const smaller = isSizeRefusal(error) ? sizes.afterRefusal(size, pagelen) : null;
      if (smaller === null) throw error;
      pagelen = smaller;
    }
  }
}

async function fetchPage(rest: Rest, request: Parameters<Rest['json']>[0]): Promise<PageBody> {
  const { subject, accepted = [] } = request;
  const { status, headers, body } = await rest.json(request, pageBody);
  if (accepted.includes(status)) {
    throw toldFailure(new HttpError('status', subject, `answered ${status}`, { status, headers }));
  }
  if (body === null) throw malformed(subject, 'answered without a page');
  return body;
}

/** Bitbucket says `Invalid pagelen`. */
function isSizeRefusal(error: unknown): boolean {
  return (
    error instanceof HttpError && error.details.status === 400 && /pagelen/i.test(error.reason)
  );
}

function newItems<Item extends Listed>(
  { subject, itemOf }: Listing<Item>,
  body: PageBody,
  seen: Set<string>,
): readonly Item[] {
  const items: Item[] = [];
  for (const value of body.values) {
    const listed = itemOf(value);
    if (listed === null) throw malformed(subject, 'gave an item that lacks its identity');
    if (seen.has(listed.item.key)) continue;
    seen.add(listed.item.key);
    items.push(listed);
  }
  return items;
}

function malformed(subject: string, reason: string): HttpError {
  return new HttpError('malformed', subject, reason);
}
