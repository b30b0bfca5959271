import type { Page, RawItem, Scope } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import type { Confirmation, Reading, ScopeEnd } from '../source.js';
import { endsReading } from './describe-failure.js';
import { pullRequestOf, type Listed, type ListedRepository } from './items.js';
import type { ServerContext } from './kinds/kind.js';
import { listingEvents, type ListingEvent } from './listing-events.js';
import { readListing } from './paging.js';
import type { ProjectFilter } from './project-filter.js';
import { readAhead, type OfParent, type ReadAheadBounds, type Several } from './read-ahead.js';
import { incomplete, ReadingRecord, scopeKey } from './reading-record.js';
import { RepositoryRoot, repositoryRoots } from './repository-root.js';
import type { PullRequestState } from './routes.js';

/** What a resource of kind pull-request asks for. */
export interface PullRequestReadingOptions {
  readonly filter: ProjectFilter;
  readonly state: PullRequestState;
}

type RepositoryScope = Extract<Scope, { type: 'repository' }>;

/** A repository, and the scope that its pull requests are in. */
interface Place {
  readonly repository: ListedRepository;
  readonly scope: RepositoryScope;
}

type Event = ListingEvent<Listed>;

/** How many repositories may be open for each that is being read, waiting for their turn. */
const openPerReading = 4;

/** No further repository is opened while so many pull requests wait for their turn. */
const waitingPullRequests = 2_000;

/** Reads the pull requests of one repository after the other, and ahead of what is consumed. */
export class PullRequestReading implements Reading {
  readonly #context: ServerContext;
  readonly #state: PullRequestState;
  readonly #record = new ReadingRecord();
  readonly #root: RepositoryRoot;
  /** What was seen in each listing of several pages, which is confirmed when somebody asks. */
  readonly #severalPages = new Map<string, { place: Place; keys: ReadonlySet<string> }>();

  constructor(context: ServerContext, { filter, state }: PullRequestReadingOptions) {
    this.#context = context;
    this.#state = state;
    this.#root = new RepositoryRoot(context.listings, filter, this.#record);
  }

  get requests(): number {
    return this.#record.requests;
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    let keys = new Set<string>();
    for await (const { parent, event } of this.#events(this.#places())) {
      if (event.type === 'page') {
        for (const { item } of event.items) keys.add(item.key);
        if (event.items.length > 0) yield { scope: parent.scope, items: itemsOf(event.items) };
        continue;
      }
      this.#record.add(endOf(parent.scope, event));
      if (event.pages > 1) this.#severalPages.set(scopeKey(parent.scope), { place: parent, keys });
      keys = new Set();
      if (event.failure === null || !endsReading(event.failure)) continue;
      this.#record.stop(event.failure, repositoryRoots);
      return;
    }
  }

  ends(): readonly ScopeEnd[] {
    return this.#record.ends();
  }

  async confirm(scopes: readonly Scope[]): Promise<Confirmation> {
    const root = await this.#root.confirm(scopes);
    const below = scopes.filter((scope) => scope.type === 'repository');
    const again = below.filter((scope) => this.#record.pagesOf(scope) > 1);
    const unchanged = below.filter((scope) => !again.includes(scope));
    const second = await this.#confirmPullRequests(again);
    return {
      missed: second.missed,
      ends: [
        ...root.ends,
        ...root.missed.map(newRepositoryEnd),
        ...unchanged.flatMap((scope) => this.#record.endOf(scope) ?? []),
        ...second.ends,
      ],
    };
  }

  takeProblems(): readonly Problem[] {
    return this.#record.takeProblems();
  }

  async #confirmPullRequests(scopes: readonly Scope[]): Promise<Confirmation> {
    const known = scopes.flatMap((scope) => this.#severalPages.get(scopeKey(scope)) ?? []);
    const missed: Page[] = [];
    const ends: ScopeEnd[] = [];
    for await (const { parent, event } of this.#events(known.map(({ place }) => place))) {
      const { scope } = parent;
      if (event.type === 'end') ends.push(endOf(scope, event));
      else {
        const keys = this.#severalPages.get(scopeKey(scope))?.keys;
        const items = itemsOf(event.items).filter(({ key }) => keys?.has(key) !== true);
        if (items.length > 0) missed.push({ scope, items });
      }
    }
    return { missed, ends };
  }

  async *#places(): AsyncGenerator<Place, void, undefined> {
    for await (const page of this.#root.pages()) yield* page.map(placeOf);
  }

  #events(places: Several<Place>): AsyncGenerator<OfParent<Place, Event>, void, undefined> {
    const { concurrency } = this.#context;
    const bounds: ReadAheadBounds<Event> = {
      concurrency,
      parents: concurrency * openPerReading,
      size: waitingPullRequests,
      sizeOf: (event) => (event.type === 'page' ? event.items.length : 0),
    };
    return readAhead(places, ({ repository }) => this.#listing(repository), bounds);
  }

  #listing({ projectKey, slug, name, item }: ListedRepository): AsyncGenerator<Event> {
    const { rest, routes } = this.#context;
    const listing = {
      url: routes.pullRequests(projectKey, slug, this.#state),
      subject: subjectOf(name),
      itemOf: (value: RawItem['value']) => pullRequestOf(item.key, value),
    };
    return listingEvents(readListing(rest, listing, this.#record.count));
  }
}

function subjectOf(repositoryName: string): string {
  return `pull requests of ${repositoryName}`;
}

function placeOf(repository: ListedRepository): Place {
  const { name, item } = repository;
  return { repository, scope: { type: 'repository', name, repository: item } };
}

function itemsOf(listed: readonly Listed[]): readonly RawItem[] {
  return listed.map(({ item }) => item);
}

function endOf(scope: RepositoryScope, event: Extract<Event, { type: 'end' }>): ScopeEnd {
  if (event.failure !== null) return incomplete(scope, event.failure);
  return { scope, status: 'complete', pages: event.pages };
}

/** A repository that only the second reading showed: nobody has looked into it. */
function newRepositoryEnd(repository: ListedRepository): ScopeEnd {
  return {
    scope: placeOf(repository).scope,
    status: 'incomplete',
    problem: {
      code: 'listing-incomplete',
      listing: subjectOf(repository.name),
      reason: 'not read: the list of repositories showed it only when it was read again',
    },
  };
}
