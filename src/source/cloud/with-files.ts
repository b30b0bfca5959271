import type { RawItem } from '../../model/page.js';
import type { ResourceReference } from '../../model/resource.js';
import type { HttpError } from '../../http/http-error.js';
import type { Several } from '../reading/read-ahead.js';
import {
  type Furnished,
  furnished,
  furnishedPageItems,
  furnishedPages,
} from '../reading/furnished.js';
import type { ReadingRecord } from '../reading/reading-record.js';
import type { Count } from '../listing/rest.js';
import { httpError } from '../failure.js';
import { isOutOfRequests } from './describe-failure.js';
import type { AttachedFiles } from '../files/attached-files.js';
import type { ListedRepository } from './items.js';
import { coverageOf } from './budgeted-queue.js';
import type { Demand } from './limits/demand.js';
import type { RequestPlan } from './limits/request-plan.js';

/** What attaching files to repositories takes. */
export interface WithFilesOptions {
  readonly files: AttachedFiles<ListedRepository>;
  readonly plan: RequestPlan;
  readonly demand: Demand;
  readonly resource: ResourceReference;
  readonly concurrency: number;
  /** How many are wanted; undefined: all. */
  readonly enough: number | undefined;
}

/**
 * Repositories with the files of their main branches, read ahead and in the order of the plan. Those
 * that it does not reach come last, their files named as unread: what is mapped from them stays. The
 * record is told of problems with files as the page of their item is given.
 */
export async function* repositoriesWithFiles(
  repositories: Several<readonly ListedRepository[]>,
  options: WithFilesOptions,
  record: ReadingRecord,
): AsyncGenerator<readonly RawItem[], void, undefined> {
  const { plan, demand, files, resource } = options;
  const listed: ListedRepository[] = [];
  for await (const page of repositories) listed.push(...page);
  const { reached, left } = await plan.choose(demand, listed);
  const reading = new FilesOfRepositories(options, record.count);
  const { enough = furnishedPageItems } = options;
  yield* furnishedPages(reading.read(reached), Math.min(enough, furnishedPageItems), record);
  plan.leave(demand);
  const unread = [...reading.left, ...left];
  const without = unread.map(({ item }) => files.without(item));
  const [first, ...others] = without;
  if (first === undefined) return;
  const reach = { total: listed.length, left: unread };
  const coverage = coverageOf(resource, reach, reading.failure, plan);
  yield* furnishedPages(
    [{ ...first, problems: [coverage] }, ...others],
    furnishedPageItems,
    record,
  );
}

/** Reads until there is room or time for no further request. */
class FilesOfRepositories {
  readonly #options: WithFilesOptions;
  readonly #count: Count;
  readonly #left: ListedRepository[] = [];
  #failure: HttpError | null = null;

  constructor(options: WithFilesOptions, count: Count) {
    this.#options = options;
    this.#count = count;
  }

  get left(): readonly ListedRepository[] {
    return this.#left;
  }

  get failure(): HttpError | null {
    return this.#failure;
  }

  async *read(
    repositories: readonly ListedRepository[],
  ): AsyncGenerator<Furnished, void, undefined> {
    const { concurrency, files } = this.#options;
    const attach = (repository: ListedRepository): Promise<Furnished | null> =>
      this.#attach(repository);
    const { readsAtOnce } = files;
    for await (const { parent, event } of furnished(repositories, attach, {
      concurrency,
      readsAtOnce,
    })) {
      if (event === null) this.#left.push(parent);
      else yield event;
    }
  }

  /** Gives null for a repository that cannot be reached any more. */
  async #attach(repository: ListedRepository): Promise<Furnished | null> {
    const { item, mainBranch: branch } = repository;
    if (this.#failure !== null && branch !== null) return null;
    try {
      const place = { repository, branch, commit: null, folder: '' };
      return await this.#options.files.attach(item, place, this.#count);
    } catch (error) {
      const failure = httpError(error);
      if (!isOutOfRequests(failure)) throw failure;
      this.#failure ??= failure;
      return null;
    }
  }
}
