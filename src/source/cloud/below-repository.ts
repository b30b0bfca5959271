import type { HttpError } from '../../http/http-error.js';
import type { Page, RawItem, Scope } from '../../model/page.js';
import type { ResourceReference } from '../../model/resource.js';
import type { Problem } from '../../problems/problem.js';
import {
  readAhead,
  type OfParent,
  type ReadAheadBounds,
  type Several,
} from '../server/read-ahead.js';
import { incomplete, ReadingRecord, scopeKey } from '../server/reading-record.js';
import type { Count } from '../server/rest.js';
import type { Confirmation, Reading, ScopeEnd } from '../source.js';
import { endsReading, httpError, isOutOfRequests } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import { coverageOf } from './limits/coverage.js';
import { noNeed, type Need } from './limits/need.js';
import type { Demand, RequestPlan } from './limits/request-plan.js';
import { ListingRoot, repositoriesScope } from './listing-root.js';
import { PlaceProgress } from './place-progress.js';
import type { RepositoryFilter } from './repository-filter.js';
import type { RootListings } from './root-listings.js';

/** Some of what a repository holds. */
export interface RepositoryPage {
  readonly items: readonly RawItem[];
  readonly problems: readonly Problem[];
  /** How much of the window for reading ahead it takes; an item of ordinary size is 1. */
  readonly weight: number;
}

/** The reading of what one repository holds. */
export interface RepositoryListing {
  readonly pages: AsyncIterable<RepositoryPage, void, undefined>;
  /** After `pages` ended: in how many pages it was listed, as far as rows could move between them. */
  readonly pageCount: () => number;
}

/** What differs between the kinds below a repository. */
export interface BelowRepositoryOptions {
  readonly listings: RootListings;
  readonly plan: RequestPlan;
  readonly resource: ResourceReference;
  readonly filter: RepositoryFilter;
  readonly concurrency: number;
  /** Whether the resource is about the repository. */
  readonly keeps: (repository: ListedRepository) => boolean;
  /** What reading a repository takes at least. */
  readonly needOf: (repository: ListedRepository) => Need;
  /** @param known keys of items that need not be read again */
  readonly list: (
    repository: ListedRepository,
    count: Count,
    known: ReadonlySet<string>,
  ) => RepositoryListing;
  /** In the user's words: `pull requests of acme/api`. */
  readonly subject: (repositoryName: string) => string;
}

type RepositoryScope = Extract<Scope, { type: 'repository' }>;

/** A repository, and the scope that its items are in. */
interface Place {
  readonly repository: ListedRepository;
  readonly scope: RepositoryScope;
}

type Event =
  | { readonly type: 'page'; readonly page: RepositoryPage }
  | { readonly type: 'end'; readonly pages: number; readonly failure: HttpError | null };

type Events = AsyncGenerator<OfParent<Place, Event>, void, undefined>;

/** How many repositories may be open for each that is being read, waiting for their turn. */
const openPerReading = 4;

/** No further repository is opened while so much waits for its turn. */
const waitingWeight = 2_000;

const nothing: ReadonlySet<string> = new Set();

/** Reads one repository after the other, and ahead of what is consumed. */
export class BelowRepositoryReading implements Reading {
  readonly #options: BelowRepositoryOptions;
  readonly #record = new ReadingRecord();
  readonly #root: ListingRoot<ListedRepository>;
  readonly #demand: Demand;
  readonly #progress = new PlaceProgress();
  /** What was seen in each listing of several pages, which is confirmed when somebody asks. */
  readonly #severalPages = new Map<string, { place: Place; keys: ReadonlySet<string> }>();

  constructor(options: BelowRepositoryOptions) {
    this.#options = options;
    const { listings, filter } = options;
    const read = (from: RootListings, count: Count): ReturnType<RootListings['repositories']> =>
      from.repositories(filter, count);
    this.#root = new ListingRoot({ scope: repositoriesScope, listings, read }, this.#record);
    const { keeps, needOf, plan } = options;
    this.#demand = {
      filter,
      count: this.#record.count,
      needOf: (repository) => (keeps(repository) ? needOf(repository) : noNeed),
    };
    plan.join(this.#demand);
  }

  get requests(): number {
    return this.#record.requests;
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    let keys = new Set<string>();
    for await (const { parent, event } of this.#events(this.#places())) {
      const { scope } = parent;
      if (event.type === 'page') {
        const { items, problems } = event.page;
        for (const { key } of items) keys.add(key);
        for (const problem of problems) this.#record.addProblem(problem);
        if (items.length > 0) yield { scope, items };
        continue;
      }
      const { failure } = event;
      if (failure !== null && isOutOfRequests(failure)) this.#progress.leave(parent.repository);
      else this.#record.add(this.#endOf(scope, event));
      if (event.pages > 1) this.#severalPages.set(scopeKey(scope), { place: parent, keys });
      keys = new Set();
      if (failure === null || isOutOfRequests(failure) || !endsReading(failure)) continue;
      this.#record.stop(failure, [repositoriesScope]);
      return;
    }
    this.#options.plan.leave(this.#demand);
    this.#endLeft();
  }

  ends(): readonly ScopeEnd[] {
    return this.#record.ends();
  }

  async confirm(scopes: readonly Scope[]): Promise<Confirmation> {
    const root = await this.#root.confirm(scopes);
    const below = scopes.filter((scope) => scope.type === 'repository');
    const again = below.filter((scope) => this.#record.pagesOf(scope) > 1);
    const unchanged = below.filter((scope) => !again.includes(scope));
    const second = await this.#confirmBelow(again);
    const added = root.missed.filter(this.#options.keeps);
    return {
      missed: second.missed,
      ends: [
        ...root.ends,
        ...added.map((repository) => this.#newRepositoryEnd(repository)),
        ...unchanged.flatMap((scope) => this.#record.endOf(scope) ?? []),
        ...second.ends,
      ],
    };
  }

  takeProblems(): readonly Problem[] {
    return this.#record.takeProblems();
  }

  async #confirmBelow(scopes: readonly Scope[]): Promise<Confirmation> {
    const known = scopes.flatMap((scope) => this.#severalPages.get(scopeKey(scope)) ?? []);
    const missed: Page[] = [];
    const ends: ScopeEnd[] = [];
    for await (const { parent, event } of this.#events(known.map(({ place }) => place))) {
      const { scope } = parent;
      if (event.type === 'end') ends.push(this.#endOf(scope, event));
      else {
        const keys = this.#keysOf(scope);
        const items = event.page.items.filter(({ key }) => !keys.has(key));
        for (const problem of event.page.problems) this.#record.addProblem(problem);
        if (items.length > 0) missed.push({ scope, items });
      }
    }
    return { missed, ends };
  }

  /** In the order of the listing as long as there is room for all of them. */
  async *#places(): AsyncGenerator<Place, void, undefined> {
    const { keeps, plan, needOf } = this.#options;
    const listed: ListedRepository[] = [];
    for await (const page of this.#root.pages()) listed.push(...page.filter(keeps));
    const { reached, left } = await plan.choose(this.#demand, listed);
    const progress = this.#progress;
    progress.begin(listed.length, left);
    for (const [position, repository] of reached.entries()) {
      const hasRoom = (times: number): Promise<boolean> => plan.hasRoom(needOf(repository), times);
      if (!(await progress.mayOpen(hasRoom))) {
        reached.slice(position).forEach((one) => {
          progress.leave(one);
        });
        return;
      }
      yield placeOf(repository);
    }
  }

  /** What was not reached is not known: nothing of it is gone. */
  #endLeft(): void {
    const { left, total, failure } = this.#progress;
    if (left.length === 0) return;
    const { plan, resource } = this.#options;
    const reach = { total, left: left.length };
    const problem = coverageOf(resource, reach, failure, plan.why);
    for (const repository of left) {
      this.#record.add({ scope: placeOf(repository).scope, status: 'incomplete', problem });
    }
  }

  #events(places: Several<Place>): Events {
    const { concurrency } = this.#options;
    const bounds: ReadAheadBounds<Event> = {
      concurrency,
      parents: concurrency * openPerReading,
      size: waitingWeight,
      sizeOf: (event) => (event.type === 'page' ? event.page.weight : 0),
    };
    return readAhead(places, (place) => this.#eventsOf(place), bounds);
  }

  async *#eventsOf({ repository, scope }: Place): AsyncGenerator<Event, void, undefined> {
    const listing = this.#options.list(repository, this.#record.count, this.#keysOf(scope));
    let failure: HttpError | null = null;
    this.#progress.opened();
    try {
      for await (const page of listing.pages) yield { type: 'page', page };
    } catch (error) {
      failure = httpError(error);
      if (isOutOfRequests(failure)) this.#progress.stop(failure);
    }
    this.#progress.closed();
    yield { type: 'end', pages: listing.pageCount(), failure };
  }

  #keysOf(scope: Scope): ReadonlySet<string> {
    return this.#severalPages.get(scopeKey(scope))?.keys ?? nothing;
  }

  #endOf(scope: RepositoryScope, { failure, pages }: Extract<Event, { type: 'end' }>): ScopeEnd {
    if (failure === null) return { scope, status: 'complete', pages };
    return incomplete(scope, failure, this.#options.subject(scope.name));
  }

  /** A repository that only the second reading showed: nobody has looked into it. */
  #newRepositoryEnd(repository: ListedRepository): ScopeEnd {
    return {
      scope: placeOf(repository).scope,
      status: 'incomplete',
      problem: {
        code: 'listing-incomplete',
        listing: this.#options.subject(repository.name),
        reason: 'not read: the list of repositories showed it only when it was read again',
      },
    };
  }
}

function placeOf(repository: ListedRepository): Place {
  const { name, item } = repository;
  return { repository, scope: { type: 'repository', name, repository: item } };
}
