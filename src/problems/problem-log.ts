import type { Problem } from './problem.js';
import { type ExitCode, exitCodeOf, type RunFacts } from './exit-code.js';

/** Problems of one sort, counted, with the first few as samples. */
export interface ProblemGroup {
  readonly count: number;
  /** In the order they came; never empty. */
  readonly samples: readonly [Problem, ...Problem[]];
}

/** How many of a group are kept: a run may meet the same problem on each of 100,000 items. */
const SAMPLES_PER_GROUP = 3;

/**
 * The one list of problems of a run. Summary, annotations, report and exit code are computed from
 * it. Memory does not grow with the number of problems of one sort.
 */
export class ProblemLog {
  readonly #groups = new Map<string, { count: number; samples: [Problem, ...Problem[]] }>();

  /** The list of problems that are all known already. */
  static of(problems: Iterable<Problem>): ProblemLog {
    const log = new ProblemLog();
    for (const problem of problems) log.add(problem);
    return log;
  }

  add(problem: Problem): void {
    const key = groupKey(problem);
    const group = this.#groups.get(key);
    if (group === undefined) {
      this.#groups.set(key, { count: 1, samples: [problem] });
      return;
    }
    if (joinInto(group.samples, problem)) return;
    group.count += 1;
    // What refuses a filter in one repository does so in all of them.
    const most = problem.code === 'filter-refused' ? 1 : SAMPLES_PER_GROUP;
    if (group.samples.length < most) group.samples.push(problem);
  }

  /**
   * All groups: what concerns no single resource, then resource by resource, each in the order of
   * its first problem. Which resource was read faster does not tell.
   */
  groups(): readonly ProblemGroup[] {
    return [...this.#groups.values()].sort(
      (one, other) => resourceIndex(one.samples[0]) - resourceIndex(other.samples[0]),
    );
  }

  exitCode(facts: RunFacts): ExitCode {
    return exitCodeOf(this.#firsts(), facts);
  }

  *#firsts(): Iterable<Problem> {
    for (const group of this.#groups.values()) yield group.samples[0];
  }
}

function resourceIndex(problem: Problem): number {
  return 'resource' in problem ? problem.resource.index : -1;
}

/** Adds the problem's number to a sample that says the same, if there is one. */
function joinInto(samples: [Problem, ...Problem[]], problem: Problem): boolean {
  for (const [index, sample] of samples.entries()) {
    const joined = joinedProblem(sample, problem);
    if (joined === null) continue;
    samples[index] = joined;
    return true;
  }
  return false;
}

/** Problems of one code differ in what they are about: these parts tell sorts of them apart. */
export function groupKey(problem: Problem): string {
  const parts: unknown[] = [problem.code];
  if ('resource' in problem) parts.push(problem.resource.index);
  if ('field' in problem) parts.push(problem.field);
  if ('fields' in problem) parts.push(problem.fields);
  if ('blueprint' in problem) parts.push(problem.blueprint);
  if (problem.code === 'deletions-withheld') parts.push(problem.reason);
  if (problem.code === 'deletion-stopped') parts.push(problem.guard);
  if ('side' in problem) parts.push(problem.side);
  if ('signal' in problem) parts.push(problem.signal);
  if ('path' in problem) parts.push(problem.path);
  if (problem.code === 'mapping-invalid') parts.push(problem.reason);
  if ('setting' in problem) parts.push(problem.setting);
  if ('spelling' in problem) parts.push(problem.spelling);
  if ('spellings' in problem) parts.push(problem.spellings);
  if ('key' in problem) parts.push(problem.key);
  if ('subject' in problem) parts.push(problem.subject);
  if (problem.code === 'entity-refused') parts.push(problem.entity.blueprint, problem.status);
  if (problem.code === 'relation-target-missing') {
    parts.push(problem.entity.blueprint, problem.missing[0]?.blueprint);
  }
  return JSON.stringify(parts);
}

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
