import {
  type Commit,
  type Company,
  type PullRequest,
  PullRequestShelf,
  type Repository,
} from '../../src/sandbox/company/company.js';

/** What Bitbucket truly holds, in the words of the model. All of it is plain data. */
export interface Truth {
  readonly projects: readonly TrueProject[];
  readonly repositories: readonly TrueRepository[];
  /** The first of them stays, as the author of all pull requests. */
  readonly users: readonly TrueUser[];
  /** How many projects and repositories ever were: no id is used twice. */
  readonly made: number;
}

export interface TrueProject {
  readonly id: number;
  readonly key: string;
  /** Whether credentials that see less than all see it. */
  readonly hidden: boolean;
}

export interface TrueRepository {
  readonly id: number;
  readonly project: string;
  /** Unique among all repositories. */
  readonly slug: string;
  /** Seen by everybody where a server has public access. */
  readonly public: boolean;
  readonly archived: boolean;
  readonly hidden: boolean;
  /** Where it was before, newest last. */
  readonly formerly: readonly { readonly project: string; readonly slug: string }[];
  readonly pullRequests: readonly TruePullRequest[];
  readonly branches: readonly TrueBranch[];
}

export interface TruePullRequest {
  readonly id: number;
  readonly state: PullRequest['state'];
  /** When it last changed, in milliseconds since the epoch. */
  readonly changed: number;
}

export interface TrueBranch {
  readonly name: string;
  /** When its newest commit was made, in milliseconds since the epoch. */
  readonly changed: number;
}

export interface TrueUser {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
}

/** Something that happens in Bitbucket. Numbers are places, counted round, so that it fits any truth. */
export type Edit =
  | { readonly do: 'add-project' }
  | { readonly do: 'remove-project'; readonly at: number }
  | {
      readonly do: 'add-repository';
      readonly project: number;
      readonly name: number;
      readonly pullRequests: number;
      readonly branches: number;
      readonly public: boolean;
      readonly archived: boolean;
    }
  | { readonly do: 'remove-repository'; readonly at: number }
  /** All but so many. */
  | { readonly do: 'remove-repositories'; readonly left: number }
  | { readonly do: 'rename-repository'; readonly at: number; readonly name: number }
  | { readonly do: 'move-repository'; readonly at: number; readonly project: number }
  | { readonly do: 'archive-repository'; readonly at: number }
  | { readonly do: 'open'; readonly at: number }
  | { readonly do: 'merge'; readonly at: number }
  | { readonly do: 'merge-all' }
  /** To a branch that is there, or to a new one. */
  | { readonly do: 'push'; readonly at: number }
  | { readonly do: 'remove-branch'; readonly at: number }
  | { readonly do: 'add-user'; readonly name: number }
  | { readonly do: 'remove-user'; readonly at: number }
  | { readonly do: 'deactivate-user'; readonly at: number }
  | { readonly do: 'hide-repository'; readonly at: number }
  /** From the credentials: each that is not one of every so many. */
  | { readonly do: 'hide-most'; readonly every: number }
  | { readonly do: 'hide-project'; readonly at: number }
  | { readonly do: 'show-all' };

/** Keys of projects, in the order in which they come into being. */
export const PROJECT_KEYS = ['PAY', 'WEB', 'OPS', 'LAB'] as const;
const USER_NAMES = ['ana', 'bo', 'cem', 'dia', 'eve', 'fay'] as const;

/** Names of repositories: the one that is a part of another is meant to be. */
function slugOf(name: number): string {
  return name % 7 === 6 ? `api-${name}` : `r${name}`;
}

/** A truth with nothing but a user. */
export const NOTHING: Truth = {
  projects: [],
  repositories: [],
  users: [{ id: 1, name: USER_NAMES[0], active: true }],
  made: 0,
};

const HOUR = 3_600_000;
/** How long ago things changed that are there from the beginning, one after the other. */
const AGES = [3 * HOUR, 96 * HOUR];
const BRANCH_NAMES = ['main', 'feature/one', 'release/2'] as const;

/**
 * What it is like after something happened; the same where it makes no sense.
 * @param now in milliseconds since the epoch
 */
export function after(truth: Truth, edit: Edit, now: number): Truth {
  const { projects, repositories, users } = truth;
  const change = (at: number, next: (one: TrueRepository) => Partial<TrueRepository>): Truth =>
    repositories.length === 0
      ? truth
      : {
          ...truth,
          repositories: repositories.map((one, index) =>
            index === at % repositories.length ? { ...one, ...next(one) } : one,
          ),
        };
  switch (edit.do) {
    case 'add-project': {
      const key = PROJECT_KEYS.find((each) => projects.every((one) => one.key !== each));
      if (key === undefined) return truth;
      const added = { id: truth.made + 1, key, hidden: false };
      return { ...truth, projects: [...projects, added], made: truth.made + 1 };
    }
    case 'remove-project': {
      const gone = projects[edit.at % projects.length]?.key;
      return {
        ...truth,
        projects: projects.filter(({ key }) => key !== gone),
        repositories: repositories.filter(({ project }) => project !== gone),
      };
    }
    case 'add-repository': {
      const project = projects[edit.project % projects.length]?.key;
      const slug = slugOf(edit.name);
      if (project === undefined || isTaken(repositories, slug)) return truth;
      const added: TrueRepository = {
        id: truth.made + 1,
        project,
        slug,
        public: edit.public,
        archived: edit.archived,
        hidden: false,
        formerly: [],
        pullRequests: Array.from({ length: edit.pullRequests }, (_, index) => ({
          id: index + 1,
          state: 'OPEN' as const,
          changed: now - (AGES[index % AGES.length] ?? 0),
        })),
        branches: BRANCH_NAMES.slice(0, edit.branches).map((name, index) => ({
          name,
          changed: now - (AGES[index % AGES.length] ?? 0),
        })),
      };
      return { ...truth, repositories: [...repositories, added], made: truth.made + 1 };
    }
    case 'remove-repository': {
      const gone = edit.at % repositories.length;
      return { ...truth, repositories: repositories.filter((_, index) => index !== gone) };
    }
    case 'remove-repositories':
      return { ...truth, repositories: repositories.slice(0, edit.left) };
    case 'rename-repository': {
      const slug = slugOf(edit.name);
      if (isTaken(repositories, slug)) return truth;
      return change(edit.at, (one) => ({ slug, formerly: [...one.formerly, addressOf(one)] }));
    }
    case 'move-repository': {
      const project = projects[edit.project % projects.length]?.key;
      if (project === undefined) return truth;
      return change(edit.at, (one) =>
        one.project === project ? {} : { project, formerly: [...one.formerly, addressOf(one)] },
      );
    }
    case 'archive-repository':
      return change(edit.at, ({ archived }) => ({ archived: !archived }));
    case 'open':
      return change(edit.at, ({ pullRequests }) => ({
        pullRequests: [...pullRequests, { id: nextId(pullRequests), state: 'OPEN', changed: now }],
      }));
    case 'merge':
      return change(edit.at, ({ pullRequests }) => {
        const open = pullRequests.find(({ state }) => state === 'OPEN');
        return {
          pullRequests: pullRequests.map((one) =>
            one === open
              ? { ...one, state: edit.at % 2 === 0 ? 'MERGED' : 'DECLINED', changed: now }
              : one,
          ),
        };
      });
    case 'merge-all':
      return {
        ...truth,
        repositories: repositories.map((one) => ({
          ...one,
          pullRequests: one.pullRequests.map((each) =>
            each.state === 'OPEN' ? { ...each, state: 'MERGED', changed: now } : each,
          ),
        })),
      };
    case 'push':
      return change(edit.at, ({ branches }) => {
        const name = BRANCH_NAMES[edit.at % BRANCH_NAMES.length] ?? 'main';
        return {
          branches: [...branches.filter((one) => one.name !== name), { name, changed: now }],
        };
      });
    case 'remove-branch':
      return change(edit.at, ({ branches }) => ({ branches: branches.slice(1) }));
    case 'add-user': {
      const name = USER_NAMES[edit.name % USER_NAMES.length];
      if (name === undefined || users.some((user) => user.name === name)) return truth;
      return { ...truth, users: [...users, { id: nextId(users), name, active: true }] };
    }
    case 'remove-user': {
      const gone = 1 + (edit.at % Math.max(1, users.length - 1));
      return { ...truth, users: users.filter((_, index) => index !== gone) };
    }
    case 'deactivate-user':
      return {
        ...truth,
        users: users.map((user, index) =>
          index === 1 + (edit.at % Math.max(1, users.length - 1))
            ? { ...user, active: false }
            : user,
        ),
      };
    case 'hide-repository':
      return change(edit.at, () => ({ hidden: true }));
    case 'hide-most':
      return {
        ...truth,
        repositories: repositories.map((one, index) => ({
          ...one,
          hidden: index % edit.every !== 0,
        })),
      };
    case 'hide-project': {
      const hidden = projects[edit.at % projects.length]?.key;
      return {
        ...truth,
        projects: projects.map((one) => (one.key === hidden ? { ...one, hidden: true } : one)),
      };
    }
    case 'show-all':
      return {
        ...truth,
        projects: projects.map((one) => ({ ...one, hidden: false })),
        repositories: repositories.map((one) => ({ ...one, hidden: false })),
      };
  }
}

/** What credentials with their rights see of it. */
export function visible(truth: Truth): Truth {
  const projects = truth.projects.filter(({ hidden }) => !hidden);
  const keys = new Set(projects.map(({ key }) => key));
  return {
    ...truth,
    projects,
    repositories: truth.repositories.filter(({ hidden, project }) => !hidden && keys.has(project)),
  };
}

/** What a server with public access shows to everybody. */
export function publicPart(truth: Truth): Truth {
  const repositories = truth.repositories.filter((one) => one.public);
  const keys = new Set(repositories.map(({ project }) => project));
  return { ...truth, projects: truth.projects.filter(({ key }) => keys.has(key)), repositories };
}

/** Puts it into a company that a server shows. */
export function put(truth: Truth, company: Company): void {
  company.users.splice(
    0,
    Infinity,
    ...truth.users.map(({ id, name, active }) => ({
      id,
      name,
      slug: name,
      displayName: name,
      emailAddress: `${name}@example.com`,
      active,
    })),
  );
  company.projects.splice(
    0,
    Infinity,
    ...truth.projects.map(({ id, key }) => ({ id, key, name: `Project ${key}`, public: false })),
  );
  company.repositories.splice(0, Infinity, ...truth.repositories.map(asServed));
  company.pullRequests.clear();
  for (const { id, pullRequests } of truth.repositories) {
    const shelf = new PullRequestShelf();
    for (const one of pullRequests) shelf.add(served(one));
    company.pullRequests.set(id, shelf);
  }
}

/** 20 May 2025: when all that there is was made. It may have changed since. */
const MOMENT = 1_747_744_649_000;
const COMMIT = '0'.repeat(40);

function asServed({ id, project, slug, archived, formerly, ...rest }: TrueRepository): Repository {
  const [first, ...others] = rest.branches;
  return {
    id,
    project,
    slug,
    name: slug,
    state: 'AVAILABLE',
    archived,
    public: rest.public,
    forkable: true,
    formerly,
    defaultBranch: first?.name ?? null,
    files: {},
    commits: first === undefined ? [] : [commitAt(first.changed)],
    branches: Object.fromEntries(
      others.map(({ name, changed }) => [name, { files: {}, commit: commitAt(changed) }]),
    ),
  };
}

function commitAt(at: number): Commit {
  const author = { name: 'Ana', emailAddress: 'ana@example.com' };
  return { id: at.toString(16).padStart(40, '0'), author, at, message: 'Change', parents: [] };
}

function served({ id, state, changed }: TruePullRequest): PullRequest {
  return {
    id,
    version: 0,
    title: `Change ${id}`,
    state,
    draft: false,
    createdDate: MOMENT,
    updatedDate: changed,
    author: 'ana',
    reviewers: [],
    participants: [],
    from: { branch: `change-${id}`, commit: COMMIT },
    to: { branch: 'main', commit: COMMIT },
    commentCount: 0,
    ...(state === 'OPEN' ? {} : { closedDate: changed }),
    ...(state === 'MERGED' ? { mergeCommit: COMMIT } : {}),
  };
}

function addressOf({ project, slug }: TrueRepository): { project: string; slug: string } {
  return { project, slug };
}

function isTaken(repositories: readonly TrueRepository[], slug: string): boolean {
  return repositories.some((one) => one.slug === slug);
}

function nextId(rows: readonly { readonly id: number }[]): number {
  return Math.max(0, ...rows.map(({ id }) => id)) + 1;
}
