import type { Scope } from '../../model/page.js';
import type { Listed } from '../listing/page.js';
import type { Count } from '../listing/rest.js';
import type { SharedPages } from '../listing/shared-listing.js';
import type { ScopeEnd } from '../source.js';
import { type ReadingRecord, recorded, type RootScope, scopeKey } from './reading-record.js';
import type { Root, RootConfirmation } from './root.js';

/** Root listings that can be read a second time. */
export interface Rereadable<Listings> {
  again(): Listings;
}

/** Which root listing, and of which items. */
export interface ListingRootOptions<Item extends Listed, Listings extends Rereadable<Listings>> {
  readonly scope: RootScope;
  readonly listings: Listings;
  readonly read: (listings: Listings, count: Count) => SharedPages<Item>;
}

/** One root listing: what it showed, and how it ended. */
export class ListingRoot<
  Item extends Listed,
  Listings extends Rereadable<Listings>,
> implements Root<Item> {
  readonly #options: ListingRootOptions<Item, Listings>;
  readonly #record: ReadingRecord;
  readonly #keys = new Set<string>();

  constructor(options: ListingRootOptions<Item, Listings>, record: ReadingRecord) {
    this.#options = options;
    this.#record = record;
  }

  get scopes(): readonly RootScope[] {
    return [this.#options.scope];
  }

  async *pages(): AsyncGenerator<readonly Item[], void, undefined> {
    const pages = this.#read(this.#options.listings, (end) => {
      this.#record.add(end);
    });
    for await (const page of pages) {
      for (const { item } of page) this.#keys.add(item.key);
      yield page;
    }
  }

  async confirm(scopes: readonly Scope[]): Promise<RootConfirmation<Item>> {
    const { listings, scope } = this.#options;
    const first = this.#record.endOf(scope);
    if (first === undefined || !scopes.some((named) => scopeKey(named) === scopeKey(scope))) {
      return { missed: [], ends: [] };
    }
    if (first.status === 'incomplete') return { missed: [], ends: [first] };
    const missed: Item[] = [];
    const ends: ScopeEnd[] = [];
    const pages = this.#read(listings.again(), (end) => {
      ends.push(end);
    });
    for await (const page of pages) {
      missed.push(...page.filter(({ item }) => !this.#keys.has(item.key)));
    }
    return { missed, ends };
  }

  #read(listings: Listings, add: (end: ScopeEnd) => void): SharedPages<Item> {
    const { read, scope } = this.#options;
    return recorded(read(listings, this.#record.count), scope, this.#record, add);
  }
}
