import type { RawItem } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import type { Listed } from '../listing/page.js';
import type { HttpError } from '../../http/http-error.js';

/** Which repositories of its root a reading goes through, and in which order. */
export interface RepositoryQueue<Repository> {
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
export function everyRepository<Repository>(): RepositoryQueue<Repository> {
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

/** Some of what a repository holds. */
export interface RepositoryPage {
  readonly items: readonly RawItem[];
  readonly problems: readonly Problem[];
  /** How much of the window for reading ahead it takes; an item of ordinary size is 1. */
  readonly weight: number;
}

/** The reading of what one repository holds. */
export interface RepositoryListing {
  readonly pages: AsyncIterable<RepositoryPage, void, undefined>;
  /** After `pages` ended: in how many pages it was listed, as far as rows could move between them. */
  readonly pageCount: () => number;
  /** After `pages` ended: whether there may be rows that the pages left out. */
  readonly hasGaps?: () => boolean;
}

/** A listing whose items are taken as they are. */
export function plainListing(pages: AsyncIterable<readonly Listed[]>): RepositoryListing {
  let count = 0;
  async function* read(): RepositoryListing['pages'] {
    for await (const page of pages) {
      count += 1;
      const items = page.map(({ item }) => item);
      yield { items, problems: [], weight: items.length };
    }
  }
  return { pages: read(), pageCount: () => count };
}
