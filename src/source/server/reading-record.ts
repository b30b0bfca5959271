import type { HttpError } from '../../http/http-error.js';
import type { Scope } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import type { ScopeEnd } from '../source.js';
import { describeFailure } from './describe-failure.js';

/** A scope whose listing shows what there is at the top. */
export type RootScope = Extract<Scope, { type: 'root' }>;

/** What happened in one reading so far. */
export class ReadingRecord {
  readonly #ends = new Map<string, ScopeEnd>();
  #problems: Problem[] = [];
  #stopped: HttpError | null = null;
  #requests = 0;

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
      if (this.endOf(root) === undefined) this.add(incomplete(root, failure, root.name));
    }
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

  /** Pages of a scope that was read to its end; 0 for any other. */
  pagesOf(scope: Scope): number {
    const end = this.endOf(scope);
    return end?.status === 'complete' ? end.pages : 0;
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
    return incomplete(scope, this.#stopped, scope.name);
  }
}

/**
 * The end of a scope whose listing failed.
 * @param listing in the user's words
 */
export function incomplete(scope: Scope, failure: HttpError, listing = failure.subject): ScopeEnd {
  const reason = describeFailure(failure);
  const problem: Problem =
    scope.type === 'root'
      ? { code: 'root-listing-incomplete', listing, reason }
      : { code: 'listing-incomplete', listing, reason };
  return { scope, status: 'incomplete', problem };
}

/** Identifies a scope. A repository counts by its id: another one may have taken its name. */
export function scopeKey(scope: Scope): string {
  return scope.type === 'root' ? scope.name : `repository ${scope.repository.key}`;
}
