import type { RawItem, Scope } from '../model/page.js';
import type { WithholdingReason } from '../problems/problem.js';
import type { BlueprintDeletions } from '../reconcile/deletion-threshold.js';
import type { DueEntity } from '../reconcile/keep-related.js';
import type { KeptEntities } from './kept-entities.js';
import type { ResourceRun } from './resource-run.js';
import type { ScopeProtection } from './scope-protection.js';

/**
 * What is due in one blueprint. The list only ever gets shorter: each check takes off what it
 * protects, and remembers why.
 */
export class DueList {
  readonly #staying: DueEntity[] = [];
  #due: readonly DueEntity[];

  constructor(
    readonly blueprint: string,
    private readonly owned: number,
    /** Identifiers that came into the blueprint in this run. */
    private readonly appeared: readonly string[],
    due: readonly DueEntity[],
    readonly feeding: readonly ResourceRun[],
    private readonly protection: ScopeProtection,
    private readonly kept: KeptEntities,
  ) {
    this.#due = due;
  }

  get due(): readonly DueEntity[] {
    return this.#due;
  }

  /** What was taken off the list and is still in Port. */
  get staying(): readonly DueEntity[] {
    return this.#staying;
  }

  /** Keeps those for which there is a reason. */
  keep(reasonFor: (entity: DueEntity) => WithholdingReason | null): void {
    this.#due = this.#due.filter((entity) => {
      const reason = reasonFor(entity);
      if (reason === null) return true;
      this.kept.add(this.blueprint, reason);
      this.#staying.push(entity);
      return false;
    });
  }

  /** Keeps what belongs to a repository that was not read to the end, or may do so. */
  keepOfRepositories(unread: readonly RawItem[]): void {
    this.keep(this.protection.judge(unread));
  }

  /** Whether anything on the list may have come from the scope of the run. */
  restsOn(run: ResourceRun, scope: Scope): boolean {
    return (
      this.#due.length > 0 &&
      this.feeding.includes(run) &&
      this.protection.mayRestOn(scope, this.#due)
    );
  }

  /** For the threshold. */
  deletions(): BlueprintDeletions {
    return {
      blueprint: this.blueprint,
      owned: this.owned,
      due: this.#due,
      appeared: this.appeared,
      isFed: this.feeding.length > 0,
    };
  }
}
