/**
 * Pages that are read once and given to everybody who asks, from the first one on, as they arrive.
 * One page is read ahead of whoever is furthest. Pages are kept: others may still come for them.
 */
export class SharedListing<Page> implements AsyncIterable<Page> {
  readonly #source: AsyncIterator<Page, void, undefined>;
  readonly #results: Promise<IteratorResult<Page, void>>[] = [];

  /** Reads nothing yet. */
  constructor(source: AsyncIterable<Page, void, undefined>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Asks for the first page, for those who will come for it. */
  begin(): void {
    void this.#result(0);
  }

  /** Fails where the source failed, for everybody alike. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Page, void, undefined> {
    for (let position = 0; ; position += 1) {
      const result = await this.#result(position);
      if (result.done === true) return;
      void this.#result(position + 1);
      yield result.value;
    }
  }

  #result(position: number): Promise<IteratorResult<Page, void>> {
    const known = this.#results[position];
    if (known !== undefined) return known;
    const result = this.#source.next();
    // Whoever comes to this page sees the failure; that nobody has come yet is no crash.
    result.catch(() => undefined);
    this.#results[position] = result;
    return result;
  }
}

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
