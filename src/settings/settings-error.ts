import { ProblemError, type Problem } from '../problems/problem.js';

/** Settings that cannot be used: every problem at once, and what may explain them. */
export class SettingsError extends ProblemError {
  constructor(
    problems: readonly [Problem, ...Problem[]],
    /** Sentences such as `PORT_CLIENT_ID is empty`. They hold no values. */
    readonly notices: readonly string[],
  ) {
    super(problems);
  }
}
