import { type HttpError, requestOf } from '../../http/http-error.js';
import type { Scope } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import type { NamedRepository } from '../listing/page.js';
import type { ScopeEnd } from '../source.js';
import { httpError } from '../failure.js';

/** A scope whose listing shows what there is at the top. */
export type RootScope = Extract<Scope, { type: 'root' }>;

/** The scope of what one repository holds. */
export type RepositoryScope = Extract<Scope, { type: 'repository' }>;

/** Why a call failed, for a person. */
export type DescribeFailure = (failure: HttpError) => string;

/** A problem that says more of a failed listing than that it failed; null: there is none. */
export type NameFailure = (scope: Scope, failure: HttpError) => Problem | null;

/** What happened in one reading so far. */
export class ReadingRecord {
  readonly #describe: DescribeFailure;
  readonly #name: NameFailure;
  readonly #ends = new Map<string, ScopeEnd>();
  #problems: Problem[] = [];
  #stopped: HttpError | null = null;
  #requests = 0;

  constructor(describe: DescribeFailure, name: NameFailure = () => null) {
    this.#describe = describe;
    this.#name = name;
  }

  /** Counts a request. */
  readonly count = (): void => {
    this.#requests += 1;
  };

  get requests(): number {
    return this.#requests;
  }

  add(end: ScopeEnd): void {
    this.#ends.set(scopeKey(end.scope), end);
  }

  /** The reading goes no further: nothing below these roots counts as seen to its end. */
  stop(failure: HttpError, roots: readonly RootScope[]): void {
    this.#stopped ??= failure;
    for (const root of roots) {
      if (this.endOf(root) === undefined) this.add(this.incomplete(root, failure, root.name));
    }
  }

  /**
   * The end of a scope whose listing failed.
   * @param listing in the user's words
   */
  incomplete(scope: Scope, failure: HttpError, listing = failure.subject): ScopeEnd {
    const reason = this.#describe(failure);
    const problem: Problem =
      this.#name(scope, failure) ??
      (scope.type === 'root'
        ? { code: 'root-listing-incomplete', listing, reason, ...requestOf(failure) }
        : { code: 'listing-incomplete', listing, reason, ...requestOf(failure) });
    return { scope, status: 'incomplete', problem };
  }

  /** Root scopes first, then the others in the order in which they were consumed. */
  ends(): readonly ScopeEnd[] {
    const ends = [...this.#ends.values()].map((end) => this.#asKnown(end));
    return [
      ...ends.filter(({ scope }) => scope.type === 'root'),
      ...ends.filter(({ scope }) => scope.type !== 'root'),
    ];
  }

  endOf(scope: Scope): ScopeEnd | undefined {
    const end = this.#ends.get(scopeKey(scope));
    return end === undefined ? undefined : this.#asKnown(end);
  }

  addProblem(problem: Problem): void {
    this.#problems.push(problem);
  }

  takeProblems(): readonly Problem[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  /** What stands below a root was not read to the end when the reading stopped on its way. */
  #asKnown(end: ScopeEnd): ScopeEnd {
    const { scope } = end;
    if (this.#stopped === null || scope.type !== 'root' || end.status === 'incomplete') return end;
    return this.incomplete(scope, this.#stopped, scope.name);
  }
}

/** Identifies a scope. A repository counts by its id: another one may have taken its name. */
export function scopeKey(scope: Scope): string {
  return scope.type === 'root' ? scope.name : `repository ${scope.repository.key}`;
}

export function repositoryScope({ name, item, of }: NamedRepository): RepositoryScope {
  return { type: 'repository', name, repository: item, ...(of === undefined ? {} : { of }) };
}

/**
 * Pages of a root listing. How it ended goes to `add` instead of being thrown.
 * @param record words a failure
 */
export async function* recorded<Item>(
  pages: AsyncIterable<readonly Item[]>,
  scope: RootScope,
  record: Pick<ReadingRecord, 'incomplete'>,
  add: (end: ScopeEnd) => void,
): AsyncGenerator<readonly Item[], void, undefined> {
  let count = 0;
  let items = 0;
  try {
    for await (const page of pages) {
      count += 1;
      items += page.length;
      yield page;
    }
  } catch (error) {
    add(record.incomplete(scope, httpError(error)));
    return;
  }
  add({ scope, status: 'complete', pages: count, items });
}
