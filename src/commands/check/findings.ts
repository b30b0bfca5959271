import { HttpError } from '../../http/http-error.js';
import type { CheckFinding, CheckSection } from '../../model/check.js';
import { ProblemError, type Problem } from '../../problems/problem.js';

/** Findings of one section, gathered as they come. */
export class Findings {
  readonly all: CheckFinding[] = [];

  constructor(private readonly section: CheckSection) {}

  ok(message: string): void {
    this.all.push({ section: this.section, status: 'ok', message });
  }

  note(message: string): void {
    this.all.push({ section: this.section, status: 'note', message });
  }

  problem(problem: Problem): void {
    this.all.push({ section: this.section, status: 'problem', problem });
  }

  /**
   * What the action gives; null when it ended in problems, which are found then, or the check was
   * stopped, which is told elsewhere.
   * @throws whatever else the action throws
   */
  async attempt<Value>(action: () => Promise<Value>): Promise<Value | null> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof HttpError && error.failure === 'aborted') return null;
      if (!(error instanceof ProblemError)) throw error;
      for (const problem of error.problems) this.problem(problem);
      return null;
    }
  }
}
