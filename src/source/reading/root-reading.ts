import type { HttpError } from '../../http/http-error.js';
import type { Page, RawItem, Scope } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import { httpError } from '../failure.js';
import type { Listed } from '../listing/page.js';
import type { Absent, Address, AddressAnswer, Confirmation, Reading, ScopeEnd } from '../source.js';
import type { Several } from './read-ahead.js';
import type { AbsentNames } from './absent-names.js';
import type { ReadingRecord, RootScope } from './reading-record.js';
import type { Root } from './root.js';

/**
 * What becomes of the items of a root on their way into pages. May fail only where nothing more can be
 * read in this run.
 */
export type Furnish<Item> = (pages: Several<readonly Item[]>) => AsyncIterable<readonly RawItem[]>;

/** What a reading of items at the root is about. */
export interface RootReadingOptions<Item extends Listed> {
  /** Where the pages belong. */
  readonly scope: RootScope;
  /** Writes to `record`. */
  readonly root: Root<Item>;
  readonly record: ReadingRecord;
  readonly ask: Reading['ask'];
  /** Told of what the selector names; without it, it names nothing. */
  readonly absent?: AbsentNames;
  /** By default items pass as they are. */
  readonly furnish?: Furnish<Item>;
}

/** Reads items of root listings, which are what a resource is about. */
export class RootReading<Item extends Listed> implements Reading {
  readonly repositories = null;
  readonly #scope: RootScope;
  readonly #root: Root<Item>;
  readonly #record: ReadingRecord;
  readonly #ask: Reading['ask'];
  readonly #absent: AbsentNames | undefined;
  readonly #furnish: Furnish<Item>;

  constructor(options: RootReadingOptions<Item>) {
    this.#scope = options.scope;
    this.#root = options.root;
    this.#record = options.record;
    this.#ask = options.ask;
    this.#absent = options.absent;
    this.#furnish = options.furnish ?? itemsOf;
  }

  get requests(): number {
    return this.#record.requests;
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    try {
      yield* this.#pagesOf(this.#root.pages());
    } catch (error) {
      this.#record.stop(httpError(error), this.#root.scopes);
      return;
    }
    this.#absent?.warn(this.#record);
  }

  ends(): readonly ScopeEnd[] {
    return this.#record.ends();
  }

  async confirm(scopes: readonly Scope[]): Promise<Confirmation> {
    const { missed, ends } = await this.#root.confirm(scopes);
    const pages: Page[] = [];
    try {
      for await (const page of this.#pagesOf([missed])) pages.push(page);
    } catch (error) {
      return { missed: pages, ends: this.#allIncomplete(ends, httpError(error)) };
    }
    return { missed: pages, ends };
  }

  ask(address: Address): Promise<AddressAnswer> {
    return this.#ask(address);
  }

  absent(): readonly Absent[] {
    return this.#absent?.found() ?? [];
  }

  takeProblems(): readonly Problem[] {
    return this.#record.takeProblems();
  }

  async *#pagesOf(pages: Several<readonly Item[]>): AsyncGenerator<Page, void, undefined> {
    const scope = this.#scope;
    for await (const items of this.#furnish(pages)) {
      if (items.length > 0) yield { scope, items };
    }
  }

  #allIncomplete(ends: readonly ScopeEnd[], failure: HttpError): readonly ScopeEnd[] {
    return ends.map((end) =>
      end.status === 'incomplete'
        ? end
        : this.#record.incomplete(end.scope, failure, this.#scope.name),
    );
  }
}

async function* itemsOf(
  pages: Several<readonly Listed[]>,
): AsyncGenerator<readonly RawItem[], void, undefined> {
  for await (const page of pages) yield page.map(({ item }) => item);
}
