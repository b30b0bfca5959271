import type { Problem } from '../../problems/problem.js';
import { type Addressed, told } from '../listing/page.js';
import type { Count, Rest } from '../listing/rest.js';
import { type SharedListing, SharedListings } from '../listing/shared-listing.js';
import { type AllWanted, itemOf } from '../kind.js';
import { repositoryOf, type ListedRepository } from './items.js';
import type { ServerKind } from './kinds/kind.js';
import { project } from './kinds/project.js';
import { repository } from './kinds/repository.js';
import { readListing, type ServerListing } from './paging.js';
import type { Routes } from './routes.js';

/** What reading root listings takes. */
export interface RootListingTools {
  readonly rest: Rest;
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
  readonly #problems = new Set<string>();
  #readsAll = false;

  constructor(tools: RootListingTools) {
    this.#tools = tools;
  }

  /** Whether nobody who reads the listings has told this yet. */
  isNews(problem: Problem): boolean {
    const text = JSON.stringify(problem);
    const isNews = !this.#problems.has(text);
    this.#problems.add(text);
    return isNews;
  }

  /** The listing of a kind at the root; repositories have their own. */
  of(
    kind: ServerKind,
    { path, query }: Pick<AllWanted, 'path' | 'query'>,
    count: Count,
  ): SharedListing<readonly Addressed[]> {
    const listing = {
      url: this.#tools.routes.listing(path, query),
      subject: kind.plural,
      itemOf: told(kind.name, (value) => itemOf(kind, value), this.#tools.onListed),
    };
    return this.#read(this.#listings, listing, count);
  }

  projects(count: Count): SharedListing<readonly Addressed[]> {
    return this.of(project, { path: project.path, query: project.widest }, count);
  }

  /** Those of every project, also of projects that the list of projects does not show. */
  repositories(count: Count): SharedListing<readonly ListedRepository[]> {
    const listing = {
      url: this.#tools.routes.listing(repository.path, repository.widest),
      subject: repository.plural,
      itemOf: told(repository.name, repositoryOf, this.#tools.onListed),
      optionalParameter: 'archived',
    };
    return this.#read(this.#repositories, listing, count);
  }

  repositoriesOf(projectKey: string, count: Count): SharedListing<readonly ListedRepository[]> {
    const listing = {
      url: this.#tools.routes.repositoriesOf(projectKey),
      subject: `repositories of ${projectKey}`,
      itemOf: told(repository.name, repositoryOf, this.#tools.onListed),
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
    return (this.#again ??= new RootListings(this.#tools));
  }

  #read<Item extends Addressed>(
    shared: SharedListings<Item>,
    listing: ServerListing<Item>,
    count: Count,
  ): SharedListing<readonly Item[]> {
    return shared.at(listing.url, () => readListing(this.#tools.rest, listing, count));
  }
}
