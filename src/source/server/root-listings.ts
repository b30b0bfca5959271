import type { Listed } from '../listing/listed.js';
import type { Count, Rest } from '../listing/rest.js';
import { SharedListings, type SharedPages } from '../listing/shared-listings.js';
import {
  projectOf,
  repositoryOf,
  userOf,
  type ListedProject,
  type ListedRepository,
} from './items.js';
import { readListing, type ServerListing } from './paging.js';
import type { Routes } from './routes.js';

/**
 * The listings that everything else stands on. Each is read once, by the first that asks for it, and
 * shared with all others; its requests count for the first.
 */
export class RootListings {
  readonly #rest: Rest;
  readonly #routes: Routes;
  readonly #projects = new SharedListings<ListedProject>();
  readonly #users = new SharedListings<Listed>();
  readonly #repositories = new SharedListings<ListedRepository>();
  #again: RootListings | null = null;
  #readsAll = false;

  constructor(rest: Rest, routes: Routes) {
    this.#rest = rest;
    this.#routes = routes;
  }

  projects(count: Count): SharedPages<ListedProject> {
    const url = this.#routes.projects();
    return this.#read(this.#projects, { url, subject: 'projects', itemOf: projectOf }, count);
  }

  users(count: Count): SharedPages<Listed> {
    const url = this.#routes.users();
    return this.#read(this.#users, { url, subject: 'users', itemOf: userOf }, count);
  }

  /** Those of every project, also of projects that the list of projects does not show. */
  repositories(count: Count): SharedPages<ListedRepository> {
    const listing = {
      url: this.#routes.repositories(),
      subject: 'repositories',
      itemOf: repositoryOf,
      optionalParameter: 'archived',
    };
    return this.#read(this.#repositories, listing, count);
  }

  repositoriesOf(projectKey: string, count: Count): SharedPages<ListedRepository> {
    const listing = {
      url: this.#routes.repositoriesOf(projectKey),
      subject: `repositories of ${projectKey}`,
      itemOf: repositoryOf,
    };
    return this.#read(this.#repositories, listing, count);
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

  #read<Item extends Listed>(
    shared: SharedListings<Item>,
    listing: ServerListing<Item>,
    count: Count,
  ): SharedPages<Item> {
    return shared.at(listing.url, () => readListing(this.#rest, listing, count));
  }
}
