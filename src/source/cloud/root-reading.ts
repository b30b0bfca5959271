import type { HttpError } from '../../http/http-error.js';
import type { Page, RawItem, Scope } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import type { Listed } from '../server/items.js';
import type { Several } from '../server/read-ahead.js';
import { incomplete, ReadingRecord } from '../server/reading-record.js';
import type { Count } from '../server/rest.js';
import type { Confirmation, Reading, ScopeEnd } from '../source.js';
import { httpError } from './describe-failure.js';
import type { WithFiles } from './files/attached-files.js';
import { ListingRoot, type ListingRootOptions } from './listing-root.js';

/** What becomes of the items of a root listing on their way into pages. */
export type Furnish<Item> = (
  pages: Several<readonly Item[]>,
) => AsyncIterable<readonly WithFiles[]>;

/** Reads a root listing whose items are what a resource is about. */
export class RootReading<Item extends Listed> implements Reading {
  readonly #options: ListingRootOptions<Item>;
  readonly #furnish: Furnish<Item>;
  readonly #record = new ReadingRecord();
  readonly #root: ListingRoot<Item>;

  /** @param furnish given what counts the requests of the reading */
  constructor(
    options: ListingRootOptions<Item>,
    furnish: (count: Count) => Furnish<Item> = () => unchanged,
  ) {
    this.#options = options;
    this.#furnish = furnish(this.#record.count);
    this.#root = new ListingRoot(options, this.#record);
  }

  get requests(): number {
    return this.#record.requests;
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    try {
      yield* this.#pagesOf(this.#root.pages());
    } catch (error) {
      this.#record.stop(httpError(error), [this.#options.scope]);
    }
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
      return { missed: pages, ends: allIncomplete(ends, httpError(error)) };
    }
    return { missed: pages, ends };
  }

  takeProblems(): readonly Problem[] {
    return this.#record.takeProblems();
  }

  async *#pagesOf(pages: Several<readonly Item[]>): AsyncGenerator<Page, void, undefined> {
    const { scope } = this.#options;
    for await (const furnished of this.#furnish(pages)) {
      const items: RawItem[] = [];
      for (const { item, problems } of furnished) {
        items.push(item);
        for (const problem of problems) this.#record.addProblem(problem);
      }
      if (items.length > 0) yield { scope, items };
    }
  }
}

async function* unchanged(
  pages: Several<readonly Listed[]>,
): AsyncGenerator<readonly WithFiles[], void, undefined> {
  for await (const page of pages) yield page.map(({ item }) => ({ item, problems: [] }));
}

function allIncomplete(ends: readonly ScopeEnd[], failure: HttpError): readonly ScopeEnd[] {
  return ends.map((end) =>
    end.status === 'incomplete' ? end : incomplete(end.scope, failure, 'repositories'),
  );
}
