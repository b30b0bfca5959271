import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import { malformed } from '../failure.js';
import { type FetchedPage, type Listed, listedValues } from '../listing/page.js';
import {
  isSlow,
  isTooMuch,
  type AskForPage,
  type PageSize,
  type PageSizes,
} from '../listing/page-sizes.js';
import { readToEnd, type Listing } from '../listing/read-to-end.js';
import type { Count, Rest, RestRequest } from '../listing/rest.js';
import { toldFailure } from './describe-failure.js';
import { pageItems, type PageKind } from './kinds/kind.js';

/** The least that Bitbucket Cloud documents. */
const smallest = 10;

/** A listing of Bitbucket Cloud. Its URL says no page size. */
export interface CloudListing<Item extends Listed> extends Listing<Item> {
  readonly size: PageKind;
  /** Whether an answer may name no next page where there is one: it is asked for by its number. */
  readonly isNumbered?: boolean;
  /** Whether nobody knows that it names its next pages: a full page that names none may not be the last. */
  readonly isUnknown?: boolean;
  /** Statuses of the first page that would stay the same however often it is asked for. */
  readonly final?: readonly number[];
  /** How its pages look, where they look otherwise. */
  readonly body?: z.ZodType<PageBody>;
  /** Whether a page or a redirect may be asked for that Bitbucket names; by default any on its origin. */
  readonly mayFollow?: (target: URL) => boolean;
}

/** What reading listings takes. */
export interface Pager {
  readonly rest: Rest;
  readonly sizes: PageSizes;
}

/** A filter may empty many pages. */
const patience = { repeated: 20, withoutNews: 1_000 };

/** What is relied on of a page. Items pass through as they are. */
export const pageBody = z.object({
  values: listedValues,
  next: z.string().nullish(),
  // Of all pages. Where it is anything but a number, it promises nothing.
  size: z.int().nonnegative().optional().catch(undefined),
  // The length of its pages, which need not be the one asked for.
  pagelen: z.int().positive().optional().catch(undefined),
});

type PageBody = z.output<typeof pageBody>;

/**
 * Reads a listing to its end, a page at a time, each item once. Only a page that names no next one is
 * the last; the next one is asked for exactly as named. Where pages have numbers, one is the last only if it
 * is not full, or if there is nothing more by the number of all.
 * @throws HttpError when that page is not reached; what was given until then stands
 */
export function readListing<Item extends Listed>(
  pager: Pager,
  listing: CloudListing<Item>,
  count: Count,
): AsyncGenerator<readonly Item[], void, undefined> {
  return readToEnd(listing, () => new CloudPages(pager, listing, count).begin(), patience);
}

/** The pages of a listing, one after the other. */
class CloudPages {
  readonly #pager: Pager;
  readonly #listing: CloudListing<Listed>;
  readonly #count: Count;
  readonly #size: PageSize;
  readonly #followed = new Set<string>();
  /** How many items the page of now was asked for. */
  #items = 0;
  /** The number of the page of now. */
  #page = 0;
  /** How many values came since the listing was begun. */
  #given = 0;
  /** Where the listing was begun again, until it has come so far: why, and after how many values. */
  #again: { readonly failure: HttpError; readonly given: number } | null = null;
  #wasBegunAgain = false;

  constructor(pager: Pager, listing: CloudListing<Listed>, count: Count) {
    this.#pager = pager;
    this.#listing = listing;
    this.#count = count;
    const { size: sort, final } = listing;
    this.#size = { sort, largest: pageItems[sort], smallest, ...(final ? { final } : {}) };
  }

  /** The first page, in as large a page as Bitbucket gives. */
  async begin(): Promise<FetchedPage> {
    const { subject } = this.#listing;
    return this.#pageOf(await this.#pager.sizes.fitting(this.#size, subject, this.#first));
  }

  readonly #first: AskForPage<PageBody> = (items, sizePatience) => {
    this.#items = items;
    this.#page = 0;
    const { final = [] } = this.#listing;
    return this.#fetch({ url: this.#url(), accepted: final, sizePatience });
  };

  #url(): URL {
    const url = new URL(this.#listing.url);
    url.searchParams.set('pagelen', String(this.#items));
    return url;
  }

  async #follow(url: URL): Promise<FetchedPage> {
    const sizePatience = this.#pager.sizes.patience(this.#size, this.#items);
    try {
      return this.#pageOf(await this.#fetch({ url, sizePatience }));
    } catch (error) {
      if (!isTooMuch(error, this.#size) || sizePatience === undefined) throw error;
      // An error that no size cures would have a long listing read over and over.
      if (this.#wasBegunAgain && !isSlow(error)) throw error;
      return await this.#beginAgain(error);
    }
  }

  #fetch(request: Omit<RestRequest, 'subject' | 'count'>): Promise<PageBody> {
    const { subject, body = pageBody, mayFollow } = this.#listing;
    const asked = { ...request, subject, count: this.#count, mayFollow };
    return fetchPage(this.#pager.rest, asked, body);
  }

  /**
   * In smaller pages, after one that cannot be had in the size that it was asked for in: its address is
   * Bitbucket's own, and says no other.
   */
  async #beginAgain(failure: HttpError): Promise<FetchedPage> {
    this.#followed.clear();
    this.#again = { failure, given: Math.max(this.#given, this.#again?.given ?? 0) };
    this.#wasBegunAgain = true;
    this.#given = 0;
    const refused = { items: this.#items, failure };
    const { page } = await this.#pager.sizes.below(refused, this.#size, this.#first);
    return this.#pageOf(page);
  }

  #pageOf({ values, next: named, size, pagelen }: PageBody): FetchedPage {
    const { subject, isNumbered, isUnknown } = this.#listing;
    this.#given += values.length;
    this.#page += 1;
    // Some listings give shorter pages than they are asked for, and say so.
    const most = Math.min(this.#items, pagelen ?? this.#items);
    const hasMore = size === undefined ? values.length >= most : this.#given < size;
    const isNextMissing = hasMore && values.length > 0 && typeof named !== 'string';
    const isRepeat = this.#again !== null && this.#given <= this.#again.given;
    if (this.#again !== null && !isRepeat) {
      this.#pager.sizes.keepTo(this.#size, this.#items, subject, this.#again.failure);
      this.#again = null;
    }
    return {
      values,
      isRepeat,
      ...(size === undefined ? {} : { total: size }),
      ...(isNextMissing && isUnknown === true && size === undefined
        ? { next: null, contradiction: 'gave a full page that names no next one' }
        : this.#after(isNextMissing && isNumbered === true ? this.#numbered() : named)),
    };
  }

  /** Where the page after that of now is. */
  #numbered(): string {
    const url = this.#url();
    url.searchParams.set('page', String(this.#page + 1));
    return url.href;
  }

  /** The page after one that names it so. */
  #after(named: string | null | undefined): Pick<FetchedPage, 'next' | 'contradiction'> {
    if (typeof named !== 'string') return { next: null };
    if (!URL.canParse(named)) {
      return { next: null, contradiction: 'named something as the next page that is no URL' };
    }
    if (this.#followed.has(named)) {
      return { next: null, contradiction: 'named a page that was read before as the next' };
    }
    this.#followed.add(named);
    const url = new URL(named);
    if (this.#listing.mayFollow?.(url) === false) {
      return { next: null, contradiction: 'named a next page that may not be asked for' };
    }
    return { next: () => this.#follow(url) };
  }
}

async function fetchPage(
  rest: Rest,
  request: RestRequest,
  schema: z.ZodType<PageBody>,
): Promise<PageBody> {
  const { subject, accepted = [] } = request;
  const { status, headers, body } = await rest.json(request, schema);
  if (accepted.includes(status)) {
    throw toldFailure(new HttpError('status', subject, `answered ${status}`, { status, headers }));
  }
  if (body === null) throw malformed(subject, 'answered without a page');
  return body;
}
