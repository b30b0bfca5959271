import type { Repository } from '../company/company.js';
import { noDefaultBranch, noSuchCommit } from './api-error.js';

/** Whether a revision names the default branch, in its short or its full spelling. */
export function isDefaultBranch({ defaultBranch }: Repository, revision: string): boolean {
  return (
    defaultBranch !== null &&
    (revision === defaultBranch || revision === `refs/heads/${defaultBranch}`)
  );
}

/**
 * Text of the files, by path, at the revision of `at`, or on the default branch without one. The
 * company keeps no older state of a file, so every commit shows the same.
 * @throws ApiError 404 when there is no such revision, or nothing was pushed yet
 */
export function filesAt(repository: Repository, at: string | null): ReadonlyMap<string, string> {
  const { commits, files } = repository;
  if (at === null && commits.length === 0) throw noDefaultBranch();
  if (at !== null) {
    const namesTip = commits.length > 0 && isDefaultBranch(repository, at);
    if (!namesTip && !commits.some(({ id }) => id === at)) throw noSuchCommit(at);
  }
  return new Map(Object.entries(files));
}
