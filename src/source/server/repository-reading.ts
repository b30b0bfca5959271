import type { HttpError } from '../../http/http-error.js';
import type { Page, RawItem, Scope } from '../../model/page.js';
import type { ResourceReference } from '../../model/resource.js';
import type { Problem } from '../../problems/problem.js';
import type { Confirmation, Reading, ScopeEnd } from '../source.js';
import { attachmentFields, type Attached, type AttachmentName } from './attachments.js';
import { httpError } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import type { ServerContext } from './kinds/kind.js';
import type { ProjectFilter } from './project-filter.js';
import { readAhead, type Several } from './read-ahead.js';
import { incomplete, ReadingRecord } from './reading-record.js';
import { RepositoryRoot, repositoriesScope, repositoryRoots } from './repository-root.js';

/** What a resource of kind repository asks for. */
export interface RepositoryReadingOptions {
  readonly filter: ProjectFilter;
  /** Those that the resource mentions. */
  readonly attachments: readonly AttachmentName[];
  readonly resource: ResourceReference;
}

type Repositories = Several<readonly ListedRepository[]>;

/** How many repositories with attachments make a page: readmes may be long, a page stays small. */
const attachedPageItems = 25;

/** How many repositories with attachments wait for their turn, for each that is being read. */
const waitingPerReading = 4;

/** Reads repositories, with their attachments where the resource mentions them. */
export class RepositoryReading implements Reading {
  readonly #context: ServerContext;
  readonly #options: RepositoryReadingOptions;
  readonly #record = new ReadingRecord();
  readonly #root: RepositoryRoot;

  constructor(context: ServerContext, options: RepositoryReadingOptions) {
    this.#context = context;
    this.#options = options;
    context.attachments.announce(options.attachments);
    this.#root = new RepositoryRoot(context.listings, options.filter, this.#record);
  }

  get requests(): number {
    return this.#record.requests;
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    try {
      for await (const items of this.#items(this.#root.pages())) {
        if (items.length > 0) yield { scope: repositoriesScope, items };
      }
    } catch (error) {
      this.#record.stop(httpError(error), repositoryRoots);
    }
  }

  ends(): readonly ScopeEnd[] {
    return this.#record.ends();
  }

  async confirm(scopes: readonly Scope[]): Promise<Confirmation> {
    const { missed, ends } = await this.#root.confirm(scopes);
    const pages: Page[] = [];
    try {
      for await (const items of this.#items([missed])) {
        if (items.length > 0) pages.push({ scope: repositoriesScope, items });
      }
    } catch (error) {
      return { missed: pages, ends: allIncomplete(ends, httpError(error)) };
    }
    return { missed: pages, ends };
  }

  takeProblems(): readonly Problem[] {
    return this.#record.takeProblems();
  }

  #items(repositories: Repositories): AsyncIterable<readonly RawItem[]> {
    return this.#options.attachments.length === 0
      ? plain(repositories)
      : this.#attached(repositories);
  }

  async *#attached(
    repositories: Repositories,
  ): AsyncGenerator<readonly RawItem[], void, undefined> {
    const { attachments: names } = this.#options;
    const { attachments, concurrency } = this.#context;
    const count = this.#record.count;
    const reading = Math.max(1, Math.floor(concurrency / names.length));
    const bounds = {
      concurrency: reading,
      parents: reading * (1 + waitingPerReading),
      size: Infinity,
      sizeOf: () => 1,
    };
    async function* open(repository: ListedRepository): AsyncGenerator<Attached, void, undefined> {
      yield await attachments.attach(repository, names, count);
    }
    let items: RawItem[] = [];
    for await (const { event } of readAhead(each(repositories), open, bounds)) {
      this.#recordFailures(event);
      items.push(event.item);
      if (items.length < attachedPageItems) continue;
      yield items;
      items = [];
    }
    yield items;
  }

  #recordFailures({ item, failures }: Attached): void {
    for (const { attachment, reason } of failures) {
      this.#record.addProblem({
        code: 'attachment-unreadable',
        resource: this.#options.resource,
        item: item.link ?? item.key,
        attachment: attachmentFields[attachment],
        reason,
      });
    }
  }
}

async function* plain(
  repositories: Repositories,
): AsyncGenerator<readonly RawItem[], void, undefined> {
  for await (const page of repositories) yield page.map(({ item }) => item);
}

/** The repositories of pages, one by one. */
async function* each(
  repositories: Repositories,
): AsyncGenerator<ListedRepository, void, undefined> {
  for await (const page of repositories) yield* page;
}

function allIncomplete(ends: readonly ScopeEnd[], failure: HttpError): readonly ScopeEnd[] {
  return ends.map((end) =>
    end.status === 'incomplete' ? end : incomplete(end.scope, failure, 'repositories'),
  );
}
