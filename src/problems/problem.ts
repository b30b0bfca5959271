import type { CredentialProblems } from './subjects/credentials.js';
import type { DeletionProblems } from './subjects/deletion.js';
import type { ItemProblems } from './subjects/items.js';
import type { LoadingProblems } from './subjects/loading.js';
import type { ReadingProblems } from './subjects/reading.js';
import type { RunProblems } from './subjects/run.js';
import type { SettingsProblems } from './subjects/settings.js';
import type { WebhookProblems } from './subjects/webhooks.js';

export type { Excerpt, Side } from './file-location.js';

/**
 * Everything that can go wrong, with what there is to know about it: a file for each subject holds
 * the facts and the words. A problem is data: it stays with what it happened to and never stops
 * the neighbours.
 */
export interface ProblemDetails
  extends
    SettingsProblems,
    CredentialProblems,
    ReadingProblems,
    ItemProblems,
    LoadingProblems,
    DeletionProblems,
    WebhookProblems,
    RunProblems {}

/** The name of a problem. */
export type ProblemCode = keyof ProblemDetails;

/** A problem of one code. */
export type ProblemOf<Code extends ProblemCode> = { readonly code: Code } & ProblemDetails[Code];

/** Any problem. */
export type Problem = { [Code in ProblemCode]: ProblemOf<Code> }[ProblemCode];

/** A problem that ends what it happened in, on its way to whoever records it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    /** In order of importance; at least one. */
    readonly problems: readonly [Problem, ...Problem[]],
    options?: ErrorOptions,
  ) {
    super(problems.map((problem) => problem.code).join(', '), options);
  }

  /** The error of a single problem. */
  static of(problem: Problem, cause?: unknown): ProblemError {
    return new ProblemError([problem], cause === undefined ? undefined : { cause });
  }
}
