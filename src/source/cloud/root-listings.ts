import type { Listed } from '../server/items.js';
import type { Count } from '../server/rest.js';
import type { SharedPages } from '../server/root-listings.js';
import { SharedListing } from '../server/shared-listing.js';
import { projectOf, repositoryOf, type ListedRepository } from './items.js';
import { readListing, type Listing, type Pager } from './paging.js';
import type { RepositoryFilter } from './repository-filter.js';
import type { Routes } from './routes.js';

/**
 * The listings that everything else stands on. Each is read once, by the first that asks for it, and
 * shared with all others; its requests count for the first.
 */
export class RootListings {
  readonly #pager: Pager;
  readonly #routes: Routes;
  readonly #shared = {
    projects: new Map<string, SharedPages<Listed>>(),
    repositories: new Map<string, SharedPages<ListedRepository>>(),
  };
  #again: RootListings | null = null;

  constructor(pager: Pager, routes: Routes) {
    this.#pager = pager;
    this.#routes = routes;
  }

  projects(count: Count): SharedPages<Listed> {
    const url = this.#routes.projects();
    return this.#share(
      this.#shared.projects,
      { url, size: 'general', subject: 'projects', itemOf: projectOf },
      count,
    );
  }

  repositories(filter: RepositoryFilter, count: Count): SharedPages<ListedRepository> {
    const url = this.#routes.repositories(filter);
    return this.#share(
      this.#shared.repositories,
      { url, size: 'general', subject: 'repositories', itemOf: repositoryOf },
      count,
    );
  }

  /** The same listings, read a second time, and shared as well. */
  again(): RootListings {
    return (this.#again ??= new RootListings(this.#pager, this.#routes));
  }

  /** The key holds every parameter: it is the URL itself. */
  #share<Item extends Listed>(
    shared: Map<string, SharedPages<Item>>,
    listing: Listing<Item>,
    count: Count,
  ): SharedPages<Item> {
    const key = listing.url.href;
    const known = shared.get(key);
    if (known !== undefined) return known;
    const pages = new SharedListing(readListing(this.#pager, listing, count));
    shared.set(key, pages);
    return pages;
  }
}
