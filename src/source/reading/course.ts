import type { HttpError } from '../../http/http-error.js';

/** Which repositories of its root a reading goes through, and in which order. */
export interface Course<Repository> {
  /** @param pages of the root */
  repositories(
    pages: AsyncIterable<readonly Repository[]>,
  ): AsyncIterable<Repository, void, undefined>;
  /** Told as the reading of a repository begins. */
  opened(): void;
  /** Told as it ends, with its failure if it failed. */
  closed(failure: HttpError | null): void;
  /** Whether a repository whose reading failed so was not reached, which is told at the end. */
  leaves(repository: Repository, failure: HttpError): boolean;
  /** Told after the last repository, when nothing ended the reading before. */
  finish(): void;
}

/** All repositories, as they are listed. */
export function everyRepository<Repository>(): Course<Repository> {
  return {
    repositories: async function* repositories(pages) {
      for await (const page of pages) yield* page;
    },
    opened: () => undefined,
    closed: () => undefined,
    leaves: () => false,
    finish: () => undefined,
  };
}
