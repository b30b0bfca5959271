import type { HttpError } from '../../../http/http-error.js';
import type { ResourceReference } from '../../../model/resource.js';
import type { ProblemOf } from '../../../problems/problem.js';
import type { ListedRepository } from '../items.js';
import type { RequestPlan } from './request-plan.js';

/** Repositories that a reading reached, of all that it is about. */
export interface Reach {
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
