import type { HttpError } from '../../http/http-error.js';
import type { RepositoryProgress } from '../../model/event.js';
import type { Page, Scope } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import { httpError } from '../failure.js';
import type { NamedRepository } from '../listing/page.js';
import type { Absent, Address, AddressAnswer, Confirmation, Reading, ScopeEnd } from '../source.js';
import type { AbsentNames } from './absent-names.js';
import type { RepositoryQueue, RepositoryListing, RepositoryPage } from './repository-listing.js';
import { readAhead, type OfParent, type ReadAheadBounds, type Several } from './read-ahead.js';
import { repositoryScope, scopeKey, type ReadingRecord } from './reading-record.js';
import type { RepositoryScope } from './reading-record.js';
import type { Root } from './root.js';

/** What a resource of a kind below a repository is about. */
export interface BelowRepositoryOptions<Repository extends NamedRepository> {
  /** Writes to `record`. */
  readonly root: Root<Repository>;
  readonly record: ReadingRecord;
  readonly queue: RepositoryQueue<Repository>;
  readonly ask: Reading['ask'];
  /** Told of what the selector names; without it, it names nothing. */
  readonly absent?: AbsentNames;
  /** How many repositories are read at the same time. */
  readonly concurrency: number;
  /** @param known keys of items that need not be read again */
  readonly list: (repository: Repository, known: ReadonlySet<string>) => RepositoryListing;
  /** In the user's words: `pull requests of acme/api`. */
  readonly subject: (repositoryName: string) => string;
  /** Whether nothing more can be read in this run after such a failure. */
  readonly endsReading: (failure: HttpError) => boolean;
  readonly keepsOutdated: boolean;
}

/** A repository, and the scope that its items are in. */
interface Place<Repository> {
  readonly repository: Repository;
  readonly scope: RepositoryScope;
}

type Event =
  | { readonly type: 'page'; readonly page: RepositoryPage }
  | {
      readonly type: 'end';
      readonly pages: number;
      readonly items: number;
      readonly hasGaps: boolean;
      readonly failure: HttpError | null;
    };

type Events<Repository> = AsyncGenerator<OfParent<Place<Repository>, Event>, void, undefined>;

/** How many repositories may be open for each that is being read, waiting for their turn. */
const openPerReading = 4;

/** No further repository is opened while so much waits for its turn. */
const waitingWeight = 500;

const nothing: ReadonlySet<string> = new Set();

/** Reads one repository after the other, and ahead of what is consumed. */
export class BelowRepositoryReading<Repository extends NamedRepository> implements Reading {
  readonly #options: BelowRepositoryOptions<Repository>;
  readonly #record: ReadingRecord;
  /** Each listing that was read to its end, and of one of several pages what was seen in it. */
  readonly #read = new Map<string, { place: Place<Repository>; keys: ReadonlySet<string> }>();
  #done = 0;
  /** Null until the list of them was read to its end. */
  #total: number | null = null;

  constructor(options: BelowRepositoryOptions<Repository>) {
    this.#options = options;
    this.#record = options.record;
  }

  get requests(): number {
    return this.#record.requests;
  }

  get keepsOutdated(): boolean {
    return this.#options.keepsOutdated;
  }

  get repositories(): RepositoryProgress | null {
    return this.#total === null ? null : { done: this.#done, total: this.#total };
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    const { root, queue, endsReading } = this.#options;
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
      const isLeft = failure !== null && queue.leaves(parent.repository, failure);
      if (!isLeft) {
        this.#done += 1;
        this.#record.add(this.#endOf(scope, event));
      }
      const seen = event.pages > 1 ? keys : nothing;
      if (failure === null) this.#read.set(scopeKey(scope), { place: parent, keys: seen });
      keys = new Set();
      if (isLeft || failure === null || !endsReading(failure)) continue;
      this.#record.stop(failure, root.scopes);
      return;
    }
    queue.finish();
    this.#options.absent?.warn(this.#record);
  }

  ends(): readonly ScopeEnd[] {
    return this.#record.ends();
  }

  async confirm(scopes: readonly Scope[]): Promise<Confirmation> {
    const root = await this.#options.root.confirm(scopes);
    const below = scopes.filter((scope) => scope.type === 'repository');
    const again = below.filter((scope) => this.#record.endOf(scope)?.status === 'complete');
    const unchanged = below.filter((scope) => !again.includes(scope));
    const second = await this.#confirmBelow(again);
    return {
      missed: second.missed,
      ends: [
        ...root.ends,
        ...root.missed.map((repository) => this.#newRepositoryEnd(repository)),
        ...unchanged.flatMap((scope) => this.#record.endOf(scope) ?? []),
        ...second.ends,
      ],
    };
  }

  ask(address: Address): Promise<AddressAnswer> {
    return this.#options.ask(address);
  }

  absent(): readonly Absent[] {
    return this.#options.absent?.found() ?? [];
  }

  takeProblems(): readonly Problem[] {
    return this.#record.takeProblems();
  }

  async #confirmBelow(scopes: readonly Scope[]): Promise<Confirmation> {
    const known = scopes.flatMap((scope) => this.#read.get(scopeKey(scope)) ?? []);
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

  async *#places(): AsyncGenerator<Place<Repository>, void, undefined> {
    const { queue } = this.#options;
    for await (const repository of queue.repositories(this.#listed())) {
      yield { repository, scope: repositoryScope(repository) };
    }
  }

  /** The pages of the root. Their number of repositories is that of all, if they came to their end. */
  async *#listed(): AsyncGenerator<readonly Repository[], void, undefined> {
    const { root } = this.#options;
    let count = 0;
    let isOfRepositories = true;
    for await (const page of root.pages()) {
      count += page.length;
      // What is told as progress is how many repositories were read.
      isOfRepositories &&= page.every(({ of }) => of === undefined);
      yield page;
    }
    const isWhole = root.scopes.every((scope) => this.#record.endOf(scope)?.status === 'complete');
    if (isWhole && isOfRepositories) this.#total = count;
  }

  #events(places: Several<Place<Repository>>): Events<Repository> {
    const { concurrency } = this.#options;
    const bounds: ReadAheadBounds<Event> = {
      concurrency,
      parents: concurrency * openPerReading,
      size: waitingWeight,
      sizeOf: (event) => (event.type === 'page' ? event.page.weight : 0),
    };
    return readAhead(places, (place) => this.#eventsOf(place), bounds);
  }

  async *#eventsOf({
    repository,
    scope,
  }: Place<Repository>): AsyncGenerator<Event, void, undefined> {
    const { list, queue } = this.#options;
    const listing = list(repository, this.#keysOf(scope));
    let failure: HttpError | null = null;
    let items = 0;
    queue.opened();
    try {
      for await (const page of listing.pages) {
        items += page.items.length;
        yield { type: 'page', page };
      }
    } catch (error) {
      failure = httpError(error);
    }
    queue.closed(failure);
    const hasGaps = listing.hasGaps?.() ?? false;
    yield { type: 'end', pages: listing.pageCount(), items, hasGaps, failure };
  }

  #keysOf(scope: Scope): ReadonlySet<string> {
    return this.#read.get(scopeKey(scope))?.keys ?? nothing;
  }

  #endOf(
    scope: RepositoryScope,
    { failure, pages, items, hasGaps }: Extract<Event, { type: 'end' }>,
  ): ScopeEnd {
    if (failure === null) return { scope, status: 'complete', pages, items, hasGaps };
    return this.#record.incomplete(scope, failure, this.#options.subject(scope.name));
  }

  /** A repository that only the second reading showed: nobody has looked into it. */
  #newRepositoryEnd(repository: Repository): ScopeEnd {
    return {
      scope: repositoryScope(repository),
      status: 'incomplete',
      problem: {
        code: 'listing-incomplete',
        listing: this.#options.subject(repository.name),
        reason: 'not read: the list of repositories showed it only when it was read again',
      },
    };
  }
}
