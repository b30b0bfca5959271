import { z } from 'zod';
import type { HttpAnswer } from '../../http/client.js';
import { malformed } from '../failure.js';
import { type FetchedPage, type Listed, listedValues } from '../listing/page.js';
import { readToEnd, type Listing } from '../listing/read-to-end.js';
import type { Count, Rest, RestRequest } from '../listing/rest.js';

/** A listing of Data Center. */
export interface ServerListing<Item extends Listed> extends Listing<Item> {
  /** A parameter of the URL that servers may not know: refused with 400, it is left out. */
  readonly optionalParameter?: string;
  /**
   * Called where a page and the next one leave positions out: rows that the credentials may not see,
   * or rows that are left out by mistake.
   */
  readonly onGap?: () => void;
  /** How its pages look, where they look otherwise. */
  readonly body?: z.ZodType<PageBody>;
  /** What its pages count as when it comes to their size; by default all listings are alike. */
  readonly sort?: string;
  /** Whether a request of it may be sent on to another address of the server; by default to any. */
  readonly mayFollow?: RestRequest['mayFollow'];
}

/**
 * An empty page, or one of items that moved here from an earlier page, is normal; so many of them are a
 * server that goes in circles.
 */
const patience = { repeated: 20, withoutNews: 20 };

/** What Data Center gives when nobody names a limit. */
const smallestPage = 25;

/** What is relied on of a page. Items pass through as they are. */
export const pageBody = z.object({
  values: listedValues,
  isLastPage: z.boolean(),
  // The last page has null here, or nothing.
  nextPageStart: z.unknown().optional(),
  // Rows of this page, not of all.
  size: z.unknown().optional(),
});

type PageBody = z.output<typeof pageBody>;

/**
 * Reads a listing to its end, a page at a time, each item once. Comes to its end only after a page
 * that says it is the last one.
 * @throws HttpError when that page is not reached; what was given until then stands
 */
export function readListing<Item extends Listed>(
  rest: Rest,
  listing: ServerListing<Item>,
  count: Count,
): AsyncGenerator<readonly Item[], void, undefined> {
  const { subject, sort = 'pages', mayFollow } = listing;
  const url = new URL(listing.url);
  const largest = Number(url.searchParams.get('limit'));
  const size = { sort, largest, smallest: Math.min(largest, smallestPage) };
  const fetchFrom = async (start: number): Promise<FetchedPage> => {
    if (start > 0) url.searchParams.set('start', String(start));
    else url.searchParams.delete('start');
    // The same position serves for a page of any size.
    const body = await rest.sizes.fitting(size, subject, (items, sizePatience) => {
      url.searchParams.set('limit', String(items));
      return fetchPage(rest, listing, { url, subject, count, sizePatience, mayFollow });
    });
    const { values } = body;
    const { next, contradiction } = nextStart(body, start);
    if (next !== null && values.length > 0 && next > start + values.length) listing.onGap?.();
    return { values, contradiction, next: next === null ? null : () => fetchFrom(next) };
  };
  return readToEnd(listing, () => fetchFrom(0), patience);
}

/** The page at `url`. Leaves the optional parameter out of `url` for good when it is refused. */
async function fetchPage(
  rest: Rest,
  { optionalParameter, body = pageBody }: Pick<ServerListing<Listed>, 'optionalParameter' | 'body'>,
  request: RestRequest,
): Promise<PageBody> {
  const { url, subject } = request;
  const ask = (accepted: readonly number[]): Promise<HttpAnswer<PageBody | null>> =>
    rest.json({ ...request, url: new URL(url), accepted }, body);
  const isOptional = optionalParameter !== undefined && url.searchParams.has(optionalParameter);
  let answer = await ask(isOptional ? [400] : []);
  if (isOptional && answer.status === 400) {
    url.searchParams.delete(optionalParameter);
    answer = await ask([]);
  }
  if (answer.body === null) throw malformed(subject, 'answered without a page');
  return answer.body;
}

/** The position of the page after one at `start`, as the server names it: it cannot be computed. */
function nextStart(
  { values, isLastPage, nextPageStart, size }: PageBody,
  start: number,
): { readonly next: number | null; readonly contradiction?: string } {
  const { data: next = null } = z.int().nonnegative().safeParse(nextPageStart);
  if (next === null) {
    if (!isLastPage) {
      return { next, contradiction: 'named no next page, on a page that is not the last' };
    }
  } else if (next <= start) {
    return { next: null, contradiction: 'named a page that was read before as the next' };
  } else if (isLastPage) {
    return { next, contradiction: 'named a next page, on a page that it called the last' };
  }
  return typeof size === 'number' && size > values.length
    ? { next, contradiction: `spoke of ${size} in a page and gave ${values.length}` }
    : { next };
}
