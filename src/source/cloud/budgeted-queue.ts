import type { HttpError } from '../../http/http-error.js';
import type { ResourceReference } from '../../model/resource.js';
import type { RepositoryQueue } from '../reading/repository-listing.js';
import { type ReadingRecord, repositoryScope } from '../reading/reading-record.js';
import { isOutOfRequests } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import type { Demand } from './limits/demand.js';
import type { RequestPlan } from './limits/request-plan.js';
import { Change } from '../reading/read-ahead.js';
import type { ProblemOf } from '../../problems/problem.js';

/** Whose queue it is. */
export interface BudgetedQueueOptions {
  readonly plan: RequestPlan;
  /** What is planned for. It joins the plan. */
  readonly demand: Demand;
  readonly resource: ResourceReference;
  /** Told of the repositories that are not reached. */
  readonly record: ReadingRecord;
}

/** The repositories that the plan has requests for, as long as there is room for another one. */
export class BudgetedQueue implements RepositoryQueue<ListedRepository> {
  readonly #options: BudgetedQueueOptions;
  readonly #progress = new QueueProgress();

  constructor(options: BudgetedQueueOptions) {
    this.#options = options;
    options.plan.join(options.demand);
  }

  /** In the order of the listing as long as there is room for all of them. */
  async *repositories(
    pages: AsyncIterable<readonly ListedRepository[]>,
  ): AsyncGenerator<ListedRepository, void, undefined> {
    const { plan, demand } = this.#options;
    const progress = this.#progress;
    const listed: ListedRepository[] = [];
    for await (const page of pages) listed.push(...page);
    const { reached, left } = await plan.choose(demand, listed);
    progress.begin(listed.length, left);
    for (const [position, repository] of reached.entries()) {
      const need = demand.needOf(repository);
      if (!(await progress.mayOpen((times) => plan.hasRoom(need, times)))) {
        for (const one of reached.slice(position)) progress.leave(one);
        return;
      }
      yield repository;
    }
  }

  opened(): void {
    this.#progress.opened();
  }

  closed(failure: HttpError | null): void {
    if (failure !== null && isOutOfRequests(failure)) this.#progress.stop(failure);
    this.#progress.closed();
  }

  leaves(repository: ListedRepository, failure: HttpError): boolean {
    if (!isOutOfRequests(failure)) return false;
    this.#progress.leave(repository);
    return true;
  }

  /** What was not reached is not known: nothing of it is gone. */
  finish(): void {
    const { plan, demand, resource, record } = this.#options;
    plan.leave(demand);
    const { left, total, failure } = this.#progress;
    if (left.length === 0) return;
    const problem = coverageOf(resource, { total, left }, failure, plan);
    for (const repository of left) {
      record.add({ scope: repositoryScope(repository), status: 'incomplete', problem });
    }
  }
}

/** How far a reading of one repository after the other has come, and whether it goes on. */
class QueueProgress {
  readonly #left: ListedRepository[] = [];
  #total = 0;
  #open = 0;
  #failure: HttpError | null = null;
  readonly #change = new Change();

  /** Repositories that the reading is about. */
  get total(): number {
    return this.#total;
  }

  /** Those that it did not reach. */
  get left(): readonly ListedRepository[] {
    return this.#left;
  }

  /** Of the first request for which there was neither room nor time; null: none. */
  get failure(): HttpError | null {
    return this.#failure;
  }

  /** @param left those that are not to be reached */
  begin(total: number, left: readonly ListedRepository[]): void {
    this.#total = total;
    this.#left.push(...left);
  }

  leave(repository: ListedRepository): void {
    this.#left.push(repository);
  }

  opened(): void {
    this.#open += 1;
  }

  closed(): void {
    this.#open -= 1;
    this.#change.told();
  }

  /** There is no room or time for any further request. */
  stop(failure: HttpError): void {
    this.#failure ??= failure;
    this.#change.told();
  }

  /**
   * Whether another repository may be opened. One that is opened is read wholly: the open ones may still
   * take as much as this one, so that it waits for them where room is scarce.
   * @param hasRoom whether there is room for so many of its kind
   */
  async mayOpen(hasRoom: (times: number) => Promise<boolean>): Promise<boolean> {
    for (;;) {
      if (this.#failure !== null) return false;
      const open = this.#open;
      if (await hasRoom(open + 1)) return true;
      if (open === 0) return false;
      if (open !== this.#open) continue;
      await this.#change.next();
    }
  }
}

/** Repositories that a reading reached, of all that it is about. */
interface Reach {
  readonly total: number;
  readonly left: readonly ListedRepository[];
}

/**
 * What a reading that did not reach every repository has to say about it.
 * @param failure that of the first request for which there was neither room nor time; null: none
 * @param plan told of them; it says why where the requests were shared out beforehand
 */
export function coverageOf(
  resource: ResourceReference,
  { total, left }: Reach,
  failure: HttpError | null,
  plan: RequestPlan,
): ProblemOf<'coverage'> {
  const reason = failure?.reason ?? plan.why;
  const staleness = plan.leaveUnread(left);
  return {
    code: 'coverage',
    resource,
    reached: total - left.length,
    total,
    reason,
    ...(staleness === null ? {} : { staleness }),
  };
}
