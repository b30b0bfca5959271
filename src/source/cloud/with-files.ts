import type { RawItem } from '../../model/page.js';
import type { ResourceReference } from '../../model/resource.js';
import type { HttpError } from '../../http/http-error.js';
import { readAhead, type Several } from '../reading/read-ahead.js';
import type { ReadingRecord } from '../reading/reading-record.js';
import type { Count } from '../listing/rest.js';
import { httpError } from '../failure.js';
import { isOutOfRequests } from './describe-failure.js';
import type { AttachedFiles, WithFiles } from './files/attached-files.js';
import type { ListedRepository } from './items.js';
import { coverageOf } from './budgeted-queue.js';
import type { Demand } from './limits/demand.js';
import type { RequestPlan } from './limits/request-plan.js';

/** What attaching files to repositories takes. */
export interface WithFilesOptions {
  readonly files: AttachedFiles;
  readonly plan: RequestPlan;
  readonly demand: Demand;
  readonly resource: ResourceReference;
  readonly concurrency: number;
  /** How many are wanted; undefined: all. */
  readonly enough: number | undefined;
}

/** How many repositories with files make a page: files may be long, a page stays small. */
const pageItems = 25;

/** How many repositories with files wait for their turn, for each that is being read. */
const waitingPerReading = 4;

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
  const { enough = pageItems } = options;
  yield* inPages(reading.read(reached), Math.min(enough, pageItems), record);
  plan.leave(demand);
  const unread = [...reading.left, ...left];
  const without = unread.map(({ item }) => files.without(item));
  const [first, ...others] = without;
  if (first === undefined) return;
  const reach = { total: listed.length, left: unread };
  const coverage = coverageOf(resource, reach, reading.failure, plan);
  yield* inPages([{ ...first, problems: [coverage] }, ...others], pageItems, record);
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
  ): AsyncGenerator<WithFiles, void, undefined> {
    const { concurrency, files } = this.#options;
    const reading = Math.max(1, Math.floor(concurrency / Math.max(1, files.readsAtOnce)));
    const bounds = {
      concurrency: reading,
      parents: reading * (1 + waitingPerReading),
      size: Infinity,
      sizeOf: () => 1,
    };
    const open = (repository: ListedRepository): AsyncGenerator<WithFiles | null> =>
      this.#attach(repository);
    for await (const { parent, event } of readAhead(repositories, open, bounds)) {
      if (event === null) this.#left.push(parent);
      else yield event;
    }
  }

  /** Gives null for a repository that cannot be reached any more. */
  async *#attach(repository: ListedRepository): AsyncGenerator<WithFiles | null, void, undefined> {
    const { item, mainBranch: branch } = repository;
    if (this.#failure !== null && branch !== null) {
      yield null;
      return;
    }
    try {
      const place = { repository, branch, commit: null, folder: '' };
      yield await this.#options.files.attach(item, place, this.#count);
    } catch (error) {
      const failure = httpError(error);
      if (!isOutOfRequests(failure)) throw failure;
      this.#failure ??= failure;
      yield null;
    }
  }
}

async function* inPages(
  items: Several<WithFiles>,
  size: number,
  record: ReadingRecord,
): AsyncGenerator<readonly RawItem[], void, undefined> {
  const given = (page: readonly WithFiles[]): readonly RawItem[] => {
    for (const problem of page.flatMap(({ problems }) => problems)) record.addProblem(problem);
    return page.map(({ item }) => item);
  };
  let page: WithFiles[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield given(page);
    page = [];
  }
  if (page.length > 0) yield given(page);
}
