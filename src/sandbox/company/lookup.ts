import {
  type Commit,
  type Company,
  type Project,
  type PullRequest,
  PullRequestShelf,
  type Repository,
  type Tag,
  type User,
} from './company.js';

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * The project of this key, whatever its case, as Data Center looks it up. A personal one is also known
 * by its owner's slug.
 */
export function findProject(company: Company, key: string): Project | undefined {
  return company.projects.find(
    (project) => same(project.key, key) || same(personalKey(company, project), key),
  );
}

function personalKey(company: Company, { owner }: Project): string {
  return owner === undefined ? '' : `~${findUser(company, owner)?.slug ?? ''}`;
}

/** The repository of this slug in this project, whatever the case of either. */
export function findRepository(
  company: Company,
  project: string,
  slug: string,
): Repository | undefined {
  return company.repositories.find(
    (repository) => same(repository.project, project) && same(repository.slug, slug),
  );
}

/** The repository that was once called so, and is called otherwise now. */
export function findMoved(company: Company, project: string, slug: string): Repository | undefined {
  if (findRepository(company, project, slug) !== undefined) return undefined;
  return company.repositories.find(({ formerly = [] }) =>
    formerly.some((name) => same(name.project, project) && same(name.slug, slug)),
  );
}

/** A branch or a tag, and the commit that it names. */
export interface Ref {
  readonly name: string;
  readonly commit: Commit;
}

/** All tags by name. */
export function tagsOf({ tags = {} }: Repository): readonly (Ref & Tag)[] {
  return Object.entries(tags)
    .map(([name, tag]) => ({ name, ...tag }))
    .sort(byName);
}

function byName(one: Ref, other: Ref): number {
  return one.name < other.name ? -1 : 1;
}

/** The user who logs in with this name. */
export function findUser(company: Company, name: string): User | undefined {
  return company.users.find((user) => user.name === name);
}

/** @throws RangeError when there is none. */
export function requireUser(company: Company, name: string): User {
  const user = findUser(company, name);
  if (user === undefined) throw new RangeError(`there is no user ${name}`);
  return user;
}

/** @throws RangeError when there is none. */
export function requireRepository(company: Company, project: string, slug: string): Repository {
  const repository = findRepository(company, project, slug);
  if (repository === undefined) throw new RangeError(`there is no repository ${project}/${slug}`);
  return repository;
}

/** The pull requests of a repository; an empty shelf is put up where there is none yet. */
export function pullRequestsOf(company: Company, repository: Repository): PullRequestShelf {
  const shelf = company.pullRequests.get(repository.id) ?? new PullRequestShelf();
  company.pullRequests.set(repository.id, shelf);
  return shelf;
}

/** @throws RangeError when there is none. */
export function requirePullRequest(
  company: Company,
  project: string,
  slug: string,
  id: number,
): PullRequest {
  const repository = requireRepository(company, project, slug);
  const pullRequest = pullRequestsOf(company, repository).find(id);
  if (pullRequest === undefined) {
    throw new RangeError(`there is no pull request ${project}/${slug}#${id}`);
  }
  return pullRequest;
}
