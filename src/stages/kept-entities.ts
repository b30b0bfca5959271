import type { Problem, WithholdingReason } from '../problems/problem.js';

/** Counts of what was due and kept all the same, by blueprint and reason. */
export class KeptEntities {
  readonly #counts = new Map<string, Map<WithholdingReason, number>>();

  add(blueprint: string, reason: WithholdingReason, count = 1): void {
    if (count === 0) return;
    const reasons = this.#counts.get(blueprint) ?? new Map<WithholdingReason, number>();
    this.#counts.set(blueprint, reasons);
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }

  /**
   * One problem, a notice, for each blueprint and reason. What stays because something relates to it
   * is the normal case of a relation to what is not exported, and told to nobody.
   */
  report(report: (problem: Problem) => void): void {
    for (const [blueprint, reasons] of this.#counts) {
      for (const [reason, count] of reasons) {
        if (reason === 'related to') continue;
        report({ code: 'deletions-withheld', blueprint, count, reason });
      }
    }
  }
}
