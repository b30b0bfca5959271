import type { HttpError } from '../../http/http-error.js';
import type { Scope } from '../../model/page.js';
import { httpError } from '../failure.js';
import type { Count } from '../listing/rest.js';
import {
  type ReadingRecord,
  recorded,
  type RootScope,
  scopeKey,
} from '../reading/reading-record.js';
import {
  projectsScope,
  repositoriesScope,
  type Root,
  type RootConfirmation,
} from '../reading/root.js';
import type { Problem } from '../../problems/problem.js';
import type { ScopeEnd } from '../source.js';
import { endsReading } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import type { ProjectFilter } from './project-filter.js';
import type { RootListings } from './root-listings.js';

/**
 * Up to so many projects are asked for their repositories one by one: at a page of 1,000 each, that is
 * at most four requests more than the list of all repositories needs, and mostly far fewer.
 */
const projectsAskedOneByOne = 5;

/** Where repositories are taken from. */
type Way = 'all' | 'one by one';

type Pages = AsyncGenerator<readonly ListedRepository[], void, undefined>;

/**
 * The repositories of the projects that a resource is about: those, and only those, of the projects
 * that the list of projects shows, in whichever way takes the fewest requests.
 */
export class RepositoryRoot implements Root<ListedRepository> {
  readonly scopes = [projectsScope, repositoriesScope];
  readonly #listings: RootListings;
  readonly #filter: ProjectFilter;
  readonly #record: ReadingRecord;
  readonly #projectKeys = new Set<string>();
  readonly #repositoryKeys = new Set<string>();
  readonly #onProject: (key: string) => void;
  readonly #unlisted = new Map<string, number>();
  #way: Way = 'all';

  /** @param onProject told of the key of each project that is there, whatever the filter */
  constructor(
    listings: RootListings,
    filter: ProjectFilter,
    record: ReadingRecord,
    onProject: (key: string) => void,
  ) {
    this.#listings = listings;
    this.#onProject = onProject;
    this.#filter = filter;
    this.#record = record;
    if (!filter.narrows) listings.announceRepositories();
  }

  async *pages(): Pages {
    const add = (end: ScopeEnd): void => {
      this.#record.add(end);
    };
    if (this.#takesAll) this.#askForBoth();
    for await (const key of this.#readProjectKeys(this.#listings, add)) this.#projectKeys.add(key);
    if (this.#record.endOf(projectsScope)?.status !== 'complete') return;
    this.#way = this.#chooseWay();
    const pages = this.#readRepositories(this.#listings, this.#projectKeys);
    for await (const page of recorded(pages, repositoriesScope, this.#record, add)) {
      // Read one by one, a repository that moves to another project meanwhile shows up twice.
      const items = page.filter(({ item }) => !this.#repositoryKeys.has(item.key));
      for (const { item } of items) this.#repositoryKeys.add(item.key);
      yield items;
    }
    const told = unlistedProblem(this.#unlisted);
    if (told !== null && this.#listings.isNews(told)) this.#record.addProblem(told);
  }

  /**
   * Reads again those of the named root listings that were read to their end, with the same filter. New
   * projects are reason enough to read the repositories again.
   */
  async confirm(scopes: readonly Scope[]): Promise<RootConfirmation<ListedRepository>> {
    const ends = new Map<string, ScopeEnd>();
    const add = (end: ScopeEnd): void => {
      ends.set(scopeKey(end.scope), end);
    };
    const named = this.scopes.filter((root) =>
      scopes.some((scope) => scopeKey(scope) === scopeKey(root)),
    );
    for (const root of named) {
      const first = this.#record.endOf(root);
      if (first !== undefined) add(first);
    }
    const isAgain = (root: RootScope): boolean =>
      named.includes(root) && this.#record.endOf(root)?.status === 'complete';

    const keys = new Set(this.#projectKeys);
    const listings = this.#listings.again();
    if (isAgain(projectsScope)) {
      for await (const key of this.#readProjectKeys(listings, add)) keys.add(key);
    }
    if (keys.size === this.#projectKeys.size && !isAgain(repositoriesScope)) {
      return { missed: [], ends: [...ends.values()] };
    }
    const missed: ListedRepository[] = [];
    const pages = this.#readRepositories(listings, keys);
    for await (const page of recorded(pages, repositoriesScope, this.#record, add)) {
      missed.push(...page.filter(({ item }) => !this.#repositoryKeys.has(item.key)));
    }
    return { missed, ends: [...ends.values()] };
  }

  async *#readProjectKeys(
    listings: RootListings,
    add: (end: ScopeEnd) => void,
  ): AsyncGenerator<string, void, undefined> {
    const pages = recorded(listings.projects(this.#record.count), projectsScope, this.#record, add);
    for await (const page of pages) {
      for (const [key = ''] of page.map(({ segments }) => segments)) {
        this.#onProject(key);
        if (this.#filter.matches(key)) yield key;
      }
    }
  }

  /** Whether the list of all repositories is read, however many projects there are. */
  get #takesAll(): boolean {
    return !this.#filter.narrows || this.#listings.readsAllRepositories;
  }

  /** Which projects there are decides what is taken of the repositories, not whether they are needed. */
  #askForBoth(): void {
    const { count } = this.#record;
    for (const listing of [this.#listings.projects(count), this.#listings.repositories(count)]) {
      listing.begin();
    }
  }

  #chooseWay(): Way {
    if (this.#takesAll) return 'all';
    return this.#projectKeys.size > projectsAskedOneByOne ? 'all' : 'one by one';
  }

  async *#readRepositories(listings: RootListings, keys: ReadonlySet<string>): Pages {
    if (this.#way === 'one by one') {
      yield* oneByOne(listings, keys, this.#record.count);
      return;
    }
    for await (const page of listings.repositories(this.#record.count)) {
      yield page.filter(({ projectKey }) => keys.has(projectKey));
      for (const { projectKey } of page) {
        if (keys.has(projectKey) || !this.#filter.matches(projectKey)) continue;
        this.#unlisted.set(projectKey, (this.#unlisted.get(projectKey) ?? 0) + 1);
      }
    }
  }
}

/**
 * Bitbucket lists repositories of projects that it does not list, the personal ones among them.
 * @param unlisted how many there are of each project
 */
function unlistedProblem(unlisted: ReadonlyMap<string, number>): Problem | null {
  if (unlisted.size === 0) return null;
  const count = [...unlisted.values()].reduce((sum, number) => sum + number, 0);
  return { code: 'repositories-unlisted', count, projects: [...unlisted.keys()].sort() };
}

/** Reads every project's repositories, then fails with the first failure, if any. */
async function* oneByOne(
  listings: RootListings,
  projectKeys: ReadonlySet<string>,
  count: Count,
): Pages {
  let failure: HttpError | null = null;
  for (const key of projectKeys) {
    try {
      yield* listings.repositoriesOf(key, count);
    } catch (error) {
      failure ??= httpError(error);
      if (endsReading(failure)) break;
    }
  }
  if (failure !== null) throw failure;
}
