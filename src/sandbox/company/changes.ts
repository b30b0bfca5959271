import type { Company, PullRequest, Repository } from './company.js';
import { commitId, slugOf } from './identifiers.js';
import { pullRequestsOf, requirePullRequest, requireRepository, requireUser } from './lookup.js';

/** Takes a repository away, with all its pull requests. */
export function removeRepository(company: Company, project: string, slug: string): void {
  const repository = requireRepository(company, project, slug);
  company.repositories.splice(company.repositories.indexOf(repository), 1);
  company.pullRequests.delete(repository.id);
}

/** Takes a project away, with all its repositories. */
export function removeProject(company: Company, key: string): void {
  const index = company.projects.findIndex((project) => project.key === key);
  if (index < 0) throw new RangeError(`there is no project ${key}`);
  for (const repository of company.repositories.filter((each) => each.project === key)) {
    removeRepository(company, key, repository.slug);
  }
  company.projects.splice(index, 1);
}

/** Puts changed fields into a repository. Returns what it is now. */
export function changeRepository(
  company: Company,
  project: string,
  slug: string,
  change: Partial<Omit<Repository, 'id'>>,
): Repository {
  const repository = requireRepository(company, project, slug);
  const changed = { ...repository, ...change };
  company.repositories[company.repositories.indexOf(repository)] = changed;
  return changed;
}

/** Renames a repository. In Data Center the slug follows the name; the id stays. */
export function renameRepository(
  company: Company,
  project: string,
  slug: string,
  name: string,
): Repository {
  const formerly = formerNames(company, project, slug);
  return changeRepository(company, project, slug, { name, slug: slugOf(name), formerly });
}

/** Moves a repository to another project. Its id and slug stay. */
export function moveRepository(
  company: Company,
  project: string,
  slug: string,
  to: string,
): Repository {
  const formerly = formerNames(company, project, slug);
  return changeRepository(company, project, slug, { project: to, formerly });
}

function formerNames(
  company: Company,
  project: string,
  slug: string,
): NonNullable<Repository['formerly']> {
  const { formerly = [] } = requireRepository(company, project, slug);
  return [...formerly, { project, slug }];
}

/** Opens a pull request; its id must be free. */
export function addPullRequest(
  company: Company,
  project: string,
  slug: string,
  pullRequest: PullRequest,
): void {
  pullRequestsOf(company, requireRepository(company, project, slug)).add(pullRequest);
}

/** Merges a pull request at `at`, in milliseconds. Returns what it is now. */
export function mergePullRequest(
  company: Company,
  project: string,
  slug: string,
  id: number,
  at: number,
): PullRequest {
  return closePullRequest(company, project, slug, id, at, {
    state: 'MERGED',
    mergeCommit: commitId(`merge of ${project}/${slug}#${id}`),
  });
}

/** Declines a pull request at `at`, in milliseconds. Returns what it is now. */
export function declinePullRequest(
  company: Company,
  project: string,
  slug: string,
  id: number,
  at: number,
): PullRequest {
  return closePullRequest(company, project, slug, id, at, { state: 'DECLINED' });
}

/** Somebody leaves: no longer listed among the users, still named where they took part. */
export function deactivateUser(company: Company, name: string): void {
  const user = requireUser(company, name);
  company.users[company.users.indexOf(user)] = { ...user, active: false };
}

function closePullRequest(
  company: Company,
  project: string,
  slug: string,
  id: number,
  at: number,
  outcome: { readonly state: 'MERGED' | 'DECLINED'; readonly mergeCommit?: string },
): PullRequest {
  const open = requirePullRequest(company, project, slug, id);
  if (open.state !== 'OPEN') throw new RangeError(`${project}/${slug}#${id} is ${open.state}`);
  const closed = {
    ...open,
    ...outcome,
    version: open.version + 1,
    draft: false,
    updatedDate: at,
    closedDate: at,
  };
  pullRequestsOf(company, requireRepository(company, project, slug)).replace(closed);
  return closed;
}
