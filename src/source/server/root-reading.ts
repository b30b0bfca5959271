import type { Page, Scope } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import type { Confirmation, Reading, ScopeEnd } from '../source.js';
import type { Listed } from './items.js';
import { ReadingRecord, scopeKey, type RootScope } from './reading-record.js';
import { recorded } from './recorded.js';
import type { Count } from './rest.js';
import type { RootListings, SharedPages } from './root-listings.js';

/** A root listing whose items are what a resource is about. */
export interface RootReadingOptions<Item extends Listed> {
  readonly scope: RootScope;
  readonly listings: RootListings;
  readonly read: (listings: RootListings, count: Count) => SharedPages<Item>;
  /** Whether the resource is about the item. */
  readonly keep: (item: Item) => boolean;
}

/** Reads a root listing and nothing besides. */
export class RootReading<Item extends Listed> implements Reading {
  readonly #options: RootReadingOptions<Item>;
  readonly #record = new ReadingRecord();
  readonly #keys = new Set<string>();

  constructor(options: RootReadingOptions<Item>) {
    this.#options = options;
  }

  get requests(): number {
    return this.#record.requests;
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    const add = (end: ScopeEnd): void => {
      this.#record.add(end);
    };
    for await (const page of this.#read(this.#options.listings, add)) {
      for (const { key } of page.items) this.#keys.add(key);
      yield page;
    }
  }

  ends(): readonly ScopeEnd[] {
    return this.#record.ends();
  }

  async confirm(scopes: readonly Scope[]): Promise<Confirmation> {
    const { scope, listings } = this.#options;
    const first = this.#record.endOf(scope);
    if (first === undefined || !scopes.some((named) => scopeKey(named) === scopeKey(scope))) {
      return { missed: [], ends: [] };
    }
    if (this.#record.pagesOf(scope) <= 1) return { missed: [], ends: [first] };
    const missed: Page[] = [];
    const ends: ScopeEnd[] = [];
    const add = (end: ScopeEnd): void => {
      ends.push(end);
    };
    for await (const page of this.#read(listings.again(), add)) {
      const items = page.items.filter(({ key }) => !this.#keys.has(key));
      if (items.length > 0) missed.push({ scope, items });
    }
    return { missed, ends };
  }

  takeProblems(): readonly Problem[] {
    return this.#record.takeProblems();
  }

  async *#read(
    listings: RootListings,
    add: (end: ScopeEnd) => void,
  ): AsyncGenerator<Page, void, undefined> {
    const { scope, read, keep } = this.#options;
    for await (const page of recorded(read(listings, this.#record.count), scope, add)) {
      const items = page.filter(keep).map(({ item }) => item);
      if (items.length > 0) yield { scope, items };
    }
  }
}
