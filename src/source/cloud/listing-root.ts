import type { Scope } from '../../model/page.js';
import type { ScopeEnd } from '../source.js';
import type { Listed } from '../server/items.js';
import { scopeKey, type ReadingRecord, type RootScope } from '../server/reading-record.js';
import { recorded } from '../server/recorded.js';
import type { Count } from '../server/rest.js';
import type { SharedPages } from '../server/root-listings.js';
import type { RootListings } from './root-listings.js';

export const projectsScope: RootScope = { type: 'root', name: 'projects' };
export const repositoriesScope: RootScope = { type: 'root', name: 'repositories' };

/** Which root listing, and of which items. */
export interface ListingRootOptions<Item extends Listed> {
  readonly scope: RootScope;
  readonly listings: RootListings;
  readonly read: (listings: RootListings, count: Count) => SharedPages<Item>;
}

/** What a second reading of a root listing found. */
export interface RootConfirmation<Item> {
  readonly missed: readonly Item[];
  readonly ends: readonly ScopeEnd[];
}

/** A root listing in one reading: what it showed, and how it ended. */
export class ListingRoot<Item extends Listed> {
  readonly #options: ListingRootOptions<Item>;
  readonly #record: ReadingRecord;
  readonly #keys = new Set<string>();

  constructor(options: ListingRootOptions<Item>, record: ReadingRecord) {
    this.#options = options;
    this.#record = record;
  }

  /** Never throws for a failed call: the record tells how the listing ended. */
  async *pages(): AsyncGenerator<readonly Item[], void, undefined> {
    const { listings, read, scope } = this.#options;
    const pages = recorded(read(listings, this.#record.count), scope, (end) => {
      this.#record.add(end);
    });
    for await (const page of pages) {
      for (const { item } of page) this.#keys.add(item.key);
      yield page;
    }
  }

  /** Reads the listing again when it is one of `scopes` and took several pages. */
  async confirm(scopes: readonly Scope[]): Promise<RootConfirmation<Item>> {
    const { listings, read, scope } = this.#options;
    const first = this.#record.endOf(scope);
    if (first === undefined || !scopes.some((named) => scopeKey(named) === scopeKey(scope))) {
      return { missed: [], ends: [] };
    }
    if (this.#record.pagesOf(scope) <= 1) return { missed: [], ends: [first] };
    const missed: Item[] = [];
    const ends: ScopeEnd[] = [];
    const pages = recorded(read(listings.again(), this.#record.count), scope, (end) => {
      ends.push(end);
    });
    for await (const page of pages) {
      missed.push(...page.filter(({ item }) => !this.#keys.has(item.key)));
    }
    return { missed, ends };
  }
}
