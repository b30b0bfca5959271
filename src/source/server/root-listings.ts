import {
  projectOf,
  repositoryOf,
  userOf,
  type Listed,
  type ListedProject,
  type ListedRepository,
} from './items.js';
import { readListing, type Listing } from './paging.js';
import type { Count, Rest } from './rest.js';
import type { Routes } from './routes.js';
import { SharedListing } from './shared-listing.js';

/** Pages of a listing, to be read by several. */
export type SharedPages<Item> = AsyncIterable<readonly Item[], void, undefined>;

/**
 * The listings that everything else stands on. Each is read once, by the first that asks for it, and
 * shared with all others; its requests count for the first.
 */
export class RootListings {
  readonly #rest: Rest;
  readonly #routes: Routes;
  readonly #shared = {
    projects: new Map<string, SharedPages<ListedProject>>(),
    users: new Map<string, SharedPages<Listed>>(),
    repositories: new Map<string, SharedPages<ListedRepository>>(),
  };
  #again: RootListings | null = null;
  #readsAll = false;

  constructor(rest: Rest, routes: Routes) {
    this.#rest = rest;
    this.#routes = routes;
  }

  projects(count: Count): SharedPages<ListedProject> {
    const url = this.#routes.projects();
    const listing = { url, subject: 'projects', itemOf: projectOf };
    return this.#share(this.#shared.projects, listing, count);
  }

  users(count: Count): SharedPages<Listed> {
    const listing = { url: this.#routes.users(), subject: 'users', itemOf: userOf };
    return this.#share(this.#shared.users, listing, count);
  }

  /** Those of every project, also of projects that the list of projects does not show. */
  repositories(count: Count): SharedPages<ListedRepository> {
    const listing = {
      url: this.#routes.repositories(),
      subject: 'repositories',
      itemOf: repositoryOf,
      optionalParameter: 'archived',
    };
    return this.#share(this.#shared.repositories, listing, count);
  }

  repositoriesOf(projectKey: string, count: Count): SharedPages<ListedRepository> {
    const listing = {
      url: this.#routes.repositoriesOf(projectKey),
      subject: `repositories of ${projectKey}`,
      itemOf: repositoryOf,
    };
    return this.#share(this.#shared.repositories, listing, count);
  }

  /** Tells ahead that `repositories` will be read, so that those who need some take them from there. */
  announceRepositories(): void {
    this.#readsAll = true;
  }

  /** Whether `repositories` is read anyway. */
  get readsAllRepositories(): boolean {
    return this.#readsAll;
  }

  /** The same listings, read a second time, and shared as well. */
  again(): RootListings {
    return (this.#again ??= new RootListings(this.#rest, this.#routes));
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
    const pages = new SharedListing(readListing(this.#rest, listing, count));
    shared.set(key, pages);
    return pages;
  }
}
