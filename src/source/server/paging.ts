import { z } from 'zod';
import type { HttpAnswer } from '../../http/client.js';
import { malformed } from '../failure.js';
import type { Listed } from '../listing/listed.js';
import { listedValues, type FetchedPage } from '../listing/page.js';
import { readToEnd, type Listing } from '../listing/read-to-end.js';
import type { Count, Rest, RestRequest } from '../listing/rest.js';

/** A listing of Data Center. */
export interface ServerListing<Item extends Listed> extends Listing<Item> {
  /** A parameter of the URL that servers may not know: refused with 400, it is left out. */
  readonly optionalParameter?: string;
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
  // Looked at only when there is a next page: the last one may hold anything here.
  nextPageStart: z.unknown().optional(),
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
  const { subject } = listing;
  const url = new URL(listing.url);
  const largest = Number(url.searchParams.get('limit'));
  const size = { sort: 'pages', largest, smallest: Math.min(largest, smallestPage) };
  const fetchFrom = async (start: number): Promise<FetchedPage> => {
    if (start > 0) url.searchParams.set('start', String(start));
    // The same position serves for a page of any size.
    const body = await rest.sizes.fitting(size, subject, (items, sizePatience) => {
      url.searchParams.set('limit', String(items));
      return fetchPage(rest, listing, { url, subject, count, sizePatience });
    });
    return {
      values: body.values,
      next: () => {
        if (body.isLastPage) return null;
        const next = nextStart(subject, body, start);
        return () => fetchFrom(next);
      },
    };
  };
  return readToEnd(listing, () => fetchFrom(0), patience);
}

/** The page at `url`. Leaves the optional parameter out of `url` for good when it is refused. */
async function fetchPage(
  rest: Rest,
  { optionalParameter }: Pick<ServerListing<Listed>, 'optionalParameter'>,
  request: RestRequest,
): Promise<PageBody> {
  const { url, subject } = request;
  const ask = (accepted: readonly number[]): Promise<HttpAnswer<PageBody | null>> =>
    rest.json({ ...request, url: new URL(url), accepted }, pageBody);
  const isOptional = optionalParameter !== undefined && url.searchParams.has(optionalParameter);
  let answer = await ask(isOptional ? [400] : []);
  if (isOptional && answer.status === 400) {
    url.searchParams.delete(optionalParameter);
    answer = await ask([]);
  }
  if (answer.body === null) throw malformed(subject, 'answered without a page');
  return answer.body;
}

/** Exactly what the server names: positions have gaps, so it cannot be computed. */
function nextStart(subject: string, body: PageBody, start: number): number {
  const next = z.int().nonnegative().safeParse(body.nextPageStart);
  if (!next.success) throw malformed(subject, 'named no next page, on a page that is not the last');
  if (next.data <= start) throw malformed(subject, 'named a page that was read before as the next');
  return next.data;
}
