import { type Addressed, told } from '../listing/page.js';
import type { Count } from '../listing/rest.js';
import { SharedListings, type SharedPages } from '../listing/shared-listing.js';
import { itemOf, repositoryOf, type ListedRepository } from './items.js';
import type { Parameters } from '../kind.js';
import type { CloudKind } from './kinds/kind.js';
import { repository } from './kinds/repository.js';
import { readListing, type CloudListing, type Pager } from './paging.js';
import type { RepositoryFilter } from './repository-filter.js';
import type { Routes } from './routes.js';

/** What reading root listings takes. */
export interface RootListingTools {
  readonly pager: Pager;
  readonly routes: Routes;
  /** Told of each item that is read: it is alive. */
  readonly onListed: (kind: string, listed: Addressed) => void;
}

/**
 * The listings that everything else stands on. Each is read once, by the first that asks for it, and
 * shared with all others; its requests count for the first.
 */
export class RootListings {
  readonly #tools: RootListingTools;
  readonly #listings = new SharedListings<Addressed>();
  readonly #repositories = new SharedListings<ListedRepository>();
  #again: RootListings | null = null;

  constructor(tools: RootListingTools) {
    this.#tools = tools;
  }

  /** The listing of a kind at the root; repositories have their own. */
  of(kind: CloudKind, query: Parameters, count: Count): SharedPages<Addressed> {
    const { pager, routes } = this.#tools;
    const listing: CloudListing<Addressed> = {
      url: routes.listing(kind.path, query),
      size: kind.pageSize,
      subject: kind.plural,
      itemOf: told(kind.name, (value) => itemOf(kind, value), this.#tools.onListed),
    };
    return this.#listings.at(listing.url, () => readListing(pager, listing, count));
  }

  repositories(filter: RepositoryFilter, count: Count): SharedPages<ListedRepository> {
    const { pager, routes } = this.#tools;
    const listing: CloudListing<ListedRepository> = {
      url: routes.repositories(filter),
      size: repository.pageSize,
      subject: repository.plural,
      itemOf: told(repository.name, repositoryOf, this.#tools.onListed),
    };
    return this.#repositories.at(listing.url, () => readListing(pager, listing, count));
  }

  /** The same listings, read a second time, and shared as well. */
  again(): RootListings {
    return (this.#again ??= new RootListings(this.#tools));
  }
}
