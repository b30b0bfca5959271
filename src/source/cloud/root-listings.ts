import type { Listed } from '../listing/listed.js';
import type { Count } from '../listing/rest.js';
import { SharedListings, type SharedPages } from '../listing/shared-listings.js';
import { projectOf, repositoryOf, type ListedRepository } from './items.js';
import { readListing, type CloudListing, type Pager } from './paging.js';
import type { RepositoryFilter } from './repository-filter.js';
import type { Routes } from './routes.js';

/**
 * The listings that everything else stands on. Each is read once, by the first that asks for it, and
 * shared with all others; its requests count for the first.
 */
export class RootListings {
  readonly #pager: Pager;
  readonly #routes: Routes;
  readonly #projects = new SharedListings<Listed>();
  readonly #repositories = new SharedListings<ListedRepository>();
  #again: RootListings | null = null;

  constructor(pager: Pager, routes: Routes) {
    this.#pager = pager;
    this.#routes = routes;
  }

  projects(count: Count): SharedPages<Listed> {
    const url = this.#routes.projects();
    const listing: CloudListing<Listed> = {
      url,
      size: 'general',
      subject: 'projects',
      itemOf: projectOf,
    };
    return this.#projects.at(url, () => readListing(this.#pager, listing, count));
  }

  repositories(filter: RepositoryFilter, count: Count): SharedPages<ListedRepository> {
    const url = this.#routes.repositories(filter);
    const listing: CloudListing<ListedRepository> = {
      url,
      size: 'general',
      subject: 'repositories',
      itemOf: repositoryOf,
    };
    return this.#repositories.at(url, () => readListing(this.#pager, listing, count));
  }

  /** The same listings, read a second time, and shared as well. */
  again(): RootListings {
    return (this.#again ??= new RootListings(this.#pager, this.#routes));
  }
}
