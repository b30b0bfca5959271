import {
  emptyCompany,
  type Commit,
  type Company,
  type Project,
  type PullRequest,
  type Repository,
  type Review,
  type User,
} from '../../src/sandbox/company/company.js';
import { commitId } from '../../src/sandbox/company/identifiers.js';
import {
  findProject,
  findRepository,
  findUser,
  pullRequestsOf,
  requireRepository,
} from '../../src/sandbox/company/lookup.js';

/** 20 May 2025, 12:37:29 UTC: when everything of a test's company happened. */
export const aMoment = 1_747_744_649_000;

/** What is different about a user; without an e-mail address: null. */
export interface UserDifference extends Partial<Omit<User, 'name' | 'emailAddress'>> {
  readonly name: string;
  readonly emailAddress?: string | null;
}

/** What is different about a repository. `empty`: nothing was ever pushed. */
export interface RepositoryDifference extends Partial<Omit<Repository, 'project' | 'slug'>> {
  readonly empty?: boolean;
}

/** What is different about a pull request. A reviewer's name alone means: did not say yet. */
export interface PullRequestDifference extends Partial<
  Omit<PullRequest, 'reviewers' | 'participants'>
> {
  readonly reviewers?: readonly (string | Review)[];
  readonly participants?: readonly (string | Review)[];
}

/**
 * A small valid company; a test says what is different about its own. What is named and missing
 * (a repository's project, a reviewer) comes into being. Ids count from 1 in the order of calls.
 */
export class CompanyBuilder {
  readonly #company = emptyCompany();

  constructor() {
    this.withUser({ name: 'admin', displayName: 'Admin' });
  }

  withUser({ emailAddress, ...difference }: UserDifference): this {
    const { users } = this.#company;
    const { name } = difference;
    const address = emailAddress === undefined ? `${name}@example.com` : emailAddress;
    const user: User = {
      id: users.length + 1,
      slug: name.toLowerCase(),
      displayName: name,
      active: true,
      ...(address === null ? {} : { emailAddress: address }),
      ...difference,
    };
    const index = users.findIndex((other) => other.name === name);
    if (index < 0) users.push(user);
    else users[index] = { ...user, id: difference.id ?? index + 1 };
    return this;
  }

  /** A key with a tilde makes a personal project, of the user whom it names. */
  withProject(key: string, difference: Partial<Omit<Project, 'key'>> = {}): this {
    const { projects } = this.#company;
    const owner = key.startsWith('~') ? key.slice(1).toLowerCase() : undefined;
    if (owner !== undefined) this.#know(owner);
    const index = projects.findIndex((project) => project.key === key);
    const project: Project = {
      id: index < 0 ? projects.length + 1 : index + 1,
      key,
      name: `Project ${key}`,
      public: false,
      ...(owner === undefined ? {} : { owner }),
      ...difference,
    };
    if (index < 0) projects.push(project);
    else projects[index] = project;
    return this;
  }

  withRepository(
    project: string,
    slug: string,
    { empty = false, ...difference }: RepositoryDifference = {},
  ): this {
    if (findProject(this.#company, project) === undefined) this.withProject(project);
    if (findRepository(this.#company, project, slug) !== undefined) {
      throw new RangeError(`${project}/${slug} is there already`);
    }
    this.#company.repositories.push({
      id: this.#company.repositories.length + 1,
      project,
      slug,
      name: slug,
      state: 'AVAILABLE',
      archived: false,
      public: false,
      forkable: true,
      defaultBranch: empty ? null : 'main',
      files: {},
      commits: empty ? [] : [aCommit({ id: commitId(`${project}/${slug}`) })],
      ...difference,
    });
    return this;
  }

  withPullRequest(project: string, slug: string, difference: PullRequestDifference = {}): this {
    const repository = requireRepository(this.#company, project, slug);
    const shelf = pullRequestsOf(this.#company, repository);
    const pullRequest = aPullRequest({ id: shelf.length + 1, ...difference });
    const reviews = [...pullRequest.reviewers, ...pullRequest.participants];
    for (const name of [pullRequest.author, ...reviews.map(({ user }) => user)]) this.#know(name);
    shelf.add(pullRequest);
    return this;
  }

  build(): Company {
    return this.#company;
  }

  #know(name: string): void {
    if (findUser(this.#company, name) === undefined) this.withUser({ name });
  }
}

/** Begins a company that has one user, `admin`, and nothing else. */
export function aCompany(): CompanyBuilder {
  return new CompanyBuilder();
}

/** A commit by `admin`. */
export function aCommit(difference: Partial<Commit> = {}): Commit {
  return {
    id: commitId('a commit'),
    author: { name: 'Admin', emailAddress: 'admin@example.com' },
    at: aMoment,
    message: 'Begin',
    parents: [],
    ...difference,
  };
}

/** An open pull request by `admin`; a closed state brings its date and its merge commit along. */
export function aPullRequest(difference: PullRequestDifference = {}): PullRequest {
  const { reviewers = [], participants = [], ...rest } = difference;
  const { id = 1, state = 'OPEN' } = rest;
  return {
    id,
    version: 0,
    title: `Change ${id}`,
    state,
    draft: false,
    createdDate: aMoment,
    updatedDate: aMoment,
    author: 'admin',
    from: { branch: `change-${id}`, commit: commitId(`change ${id}`) },
    to: { branch: 'main', commit: commitId('main') },
    commentCount: 0,
    ...(state === 'OPEN' ? {} : { closedDate: aMoment }),
    ...(state === 'MERGED' ? { mergeCommit: commitId(`merge ${id}`) } : {}),
    ...rest,
    reviewers: reviewers.map(aReview),
    participants: participants.map(aReview),
  };
}

function aReview(given: string | Review): Review {
  return typeof given === 'string' ? { user: given, status: 'UNAPPROVED' } : given;
}
