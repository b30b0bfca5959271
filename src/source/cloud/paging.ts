import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import { malformed } from '../failure.js';
import type { Listed } from '../listing/listed.js';
import { listedValues, type FetchedPage } from '../listing/page.js';
import { readToEnd, type Listing } from '../listing/read-to-end.js';
import type { Count, Rest, RestRequest } from '../listing/rest.js';
import { toldFailure } from './describe-failure.js';
import type { PageKind, PageSizes } from './page-sizes.js';

/** A listing of Bitbucket Cloud. Its URL says no page size. */
export interface CloudListing<Item extends Listed> extends Listing<Item> {
  readonly size: PageKind;
  /** Statuses of the first page that would stay the same however often it is asked for. */
  readonly final?: readonly number[];
}

/** What reading listings takes. */
export interface Pager {
  readonly rest: Rest;
  readonly sizes: PageSizes;
}

/** A filter may empty many pages. */
const patience = { repeated: 20, withoutNews: 1_000 };

/** What is relied on of a page. Items pass through as they are. */
const pageBody = z.object({ values: listedValues, next: z.string().nullish() });

type PageBody = z.output<typeof pageBody>;

/**
 * Reads a listing to its end, a page at a time, each item once. Only a page that names no next one is
 * the last; the next one is asked for exactly as named.
 * @throws HttpError when that page is not reached; what was given until then stands
 */
export function readListing<Item extends Listed>(
  pager: Pager,
  listing: CloudListing<Item>,
  count: Count,
): AsyncGenerator<readonly Item[], void, undefined> {
  const { subject } = listing;
  const followed = new Set<string>();
  const pageOf = ({ values, next: named }: PageBody): FetchedPage => ({
    values,
    next: () => {
      if (typeof named !== 'string') return null;
      const url = nextUrl(subject, named, followed);
      return async () => pageOf(await fetchPage(pager.rest, { url, subject, count }));
    },
  });
  return readToEnd(listing, async () => pageOf(await firstPage(pager, listing, count)), patience);
}

/** The first page, in as large a page as Bitbucket gives. */
async function firstPage(
  { rest, sizes }: Pager,
  { url, size, subject, final = [] }: CloudListing<Listed>,
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

async function fetchPage(rest: Rest, request: RestRequest): Promise<PageBody> {
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

/** @param followed what was named before, to which this is added */
function nextUrl(subject: string, named: string, followed: Set<string>): URL {
  if (!URL.canParse(named)) {
    throw malformed(subject, 'named something as the next page that is no URL');
  }
  if (followed.has(named)) {
    throw malformed(subject, 'named a page that was read before as the next');
  }
  followed.add(named);
  return new URL(named);
}
