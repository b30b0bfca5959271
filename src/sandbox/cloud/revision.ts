import { branchesOf, type Revision, revisionAt } from '../company/branches.js';
import type { Repository } from '../company/company.js';
import { noSuchCommit } from './cloud-error.js';

/** A hash in full, or its first seven digits at least. */
const hash = /^[0-9a-f]{7,40}$/;

/**
 * The branch or commit of this name. Unless a commit says what it held, it shows what its branch
 * holds now.
 * @throws CloudError 404
 */
export function revisionOf(repository: Repository, name: string): Revision {
  const branches = branchesOf(repository);
  const branch = branches.find((each) => each.name === name);
  if (branch !== undefined) return branch;
  if (!hash.test(name)) throw noSuchCommit(name);
  const commit = repository.commits.find(({ id }) => id.startsWith(name));
  if (commit !== undefined) return revisionAt(repository, commit);
  const tip = branches.find((each) => each.commit.id.startsWith(name));
  if (tip === undefined) throw noSuchCommit(name);
  return tip;
}
