import { SharedListing } from './shared-listing.js';

/** Pages of a listing, to be read by several. */
export type SharedPages<Item> = AsyncIterable<readonly Item[], void, undefined>;

/** Listings of one sort of items, each read once, by the first that asks for it. */
export class SharedListings<Item> {
  readonly #listings = new Map<string, SharedListing<readonly Item[]>>();

  /**
   * The listing at a URL, which holds every parameter.
   * @param read called for the first that asks
   */
  at(url: URL, read: () => SharedPages<Item>): SharedListing<readonly Item[]> {
    const known = this.#listings.get(url.href);
    if (known !== undefined) return known;
    const pages = new SharedListing(read());
    this.#listings.set(url.href, pages);
    return pages;
  }
}
