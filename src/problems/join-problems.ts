import type { Problem } from './problem.js';

/**
 * Two problems that say the same of some entities, as one that says it of all of them; null for any
 * others. Entities are told one by one as Port answers, and a person wants their number.
 */
export function joinedProblem(one: Problem, other: Problem): Problem | null {
  if (!isCountOfEntities(one) || !isCountOfEntities(other)) return null;
  const isSame =
    one.code === other.code && one.blueprint === other.blueprint && one.reason === other.reason;
  return isSame ? { ...one, count: one.count + other.count } : null;
}

type CountOfEntities = Extract<
  Problem,
  { readonly count: number; readonly blueprint: string; readonly reason: string }
>;

/** Whether it may be told in several parts, of which each has the number of its own entities. */
export function isCountOfEntities(problem: Problem): problem is CountOfEntities {
  return 'count' in problem && 'blueprint' in problem && 'reason' in problem;
}
