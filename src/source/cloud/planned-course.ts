import type { HttpError } from '../../http/http-error.js';
import type { ResourceReference } from '../../model/resource.js';
import type { Course } from '../reading/course.js';
import { repositoryScope, type ReadingRecord } from '../reading/reading-record.js';
import { isOutOfRequests } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import { coverageOf } from './limits/coverage.js';
import type { Demand } from './limits/demand.js';
import type { RequestPlan } from './limits/request-plan.js';
import { PlaceProgress } from './place-progress.js';

/** Whose course it is. */
export interface PlannedCourseOptions {
  readonly plan: RequestPlan;
  /** What is planned for. It joins the plan. */
  readonly demand: Demand;
  readonly resource: ResourceReference;
  /** Told of the repositories that are not reached. */
  readonly record: ReadingRecord;
}

/** The repositories that the plan has requests for, as long as there is room for another one. */
export class PlannedCourse implements Course<ListedRepository> {
  readonly #options: PlannedCourseOptions;
  readonly #progress = new PlaceProgress();

  constructor(options: PlannedCourseOptions) {
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
