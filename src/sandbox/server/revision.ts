import { branchesOf, revisionAt } from '../company/branches.js';
import type { Repository } from '../company/company.js';
import type { Tree } from '../company/tree.js';
import { noDefaultBranch, noSuchCommit } from './api-error.js';

/** Whether a revision names the default branch, in its short or its full spelling. */
export function isDefaultBranch({ defaultBranch }: Repository, revision: string): boolean {
  return defaultBranch !== null && shortName(revision) === defaultBranch;
}

/**
 * What is at the revision of `at`, a branch or a commit, or on the default branch without one.
 * @throws ApiError 404 when there is no such revision, or nothing was pushed yet
 */
export function treeAt(repository: Repository, at: string | null): Tree {
  const { commits, defaultBranch } = repository;
  const branches = branchesOf(repository);
  const name = at === null ? defaultBranch : shortName(at);
  const branch = branches.find((each) => each.name === name);
  if (branch !== undefined) return branch.tree;
  if (at === null) throw noDefaultBranch();
  const commit = commits.find(({ id }) => id === at);
  if (commit !== undefined) return revisionAt(repository, commit).tree;
  const tip = branches.find((each) => each.commit.id === at);
  if (tip === undefined) throw noSuchCommit(at);
  return tip.tree;
}

function shortName(revision: string): string {
  return revision.replace(/^refs\/heads\//, '');
}
