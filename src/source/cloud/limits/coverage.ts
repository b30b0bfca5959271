import type { HttpError } from '../../../http/http-error.js';
import type { ResourceReference } from '../../../model/resource.js';
import type { ProblemOf } from '../../../problems/problem.js';

/** Repositories that a reading reached, of all that it is about. */
export interface Reach {
  readonly total: number;
  readonly left: number;
}

/**
 * What a reading that did not reach every repository has to say about it.
 * @param failure that of the first request for which there was neither room nor time; null: none
 * @param why the same in words where the requests were shared out beforehand
 */
export function coverageOf(
  resource: ResourceReference,
  { total, left }: Reach,
  failure: HttpError | null,
  why: string,
): ProblemOf<'coverage'> {
  const reason = failure?.reason ?? why;
  return { code: 'coverage', resource, reached: total - left, total, reason };
}
