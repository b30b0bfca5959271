import {
  type Company,
  type PullRequest,
  PullRequestShelf,
  type Repository,
  type User,
} from './company.js';
import { commitId } from './identifiers.js';

/** How much of each. Repositories are dealt out over projects, pull requests over repositories. */
export interface CompanySize {
  readonly projects: number;
  readonly repositories: number;
  readonly pullRequests: number;
}

const userCount = 50;
/** 1 January 2025. */
const beginning = 1_735_689_600_000;
const minute = 60_000;

/** Of ten pull requests in a row, one is open and one declined. */
const states = [
  'MERGED',
  'MERGED',
  'MERGED',
  'DECLINED',
  'MERGED',
  'MERGED',
  'MERGED',
  'MERGED',
  'MERGED',
  'OPEN',
] as const;

/**
 * A company for load tests: dull, the same each time, and with pull requests as large as real ones
 * (about 4 KB of JSON each). They come into being when they are read, so that what a test measures
 * is the program and not the company.
 */
export function largeCompany(size: CompanySize): Company {
  const projects = count(size.projects, (index) => ({
    id: index + 1,
    key: `P${index + 1}`,
    name: `Project ${index + 1}`,
    description: `Services of team ${index + 1}`,
    public: false,
  }));
  const repositories = count(size.repositories, (index) => repository(index, size.projects));
  const share = Math.floor(size.pullRequests / Math.max(1, size.repositories));
  const remainder = size.pullRequests - share * size.repositories;
  const shelves = repositories.map((each, index) => {
    const generated = {
      count: share + (index < remainder ? 1 : 0),
      make: (position: number) => pullRequest(each, position),
    };
    return [each.id, new PullRequestShelf(generated)] as const;
  });
  return {
    users: count(userCount, user),
    projects,
    repositories,
    pullRequests: new Map(shelves),
  };
}

function count<Item>(length: number, make: (index: number) => Item): Item[] {
  return Array.from({ length }, (_, index) => make(index));
}

function user(index: number): User {
  const name = `user${index + 1}`;
  return {
    id: index + 1,
    name,
    slug: name,
    displayName: `User ${index + 1}`,
    emailAddress: `${name}@large.example`,
    active: true,
  };
}

function repository(index: number, projects: number): Repository {
  const slug = `service-${index + 1}`;
  return {
    id: index + 1,
    project: `P${(index % projects) + 1}`,
    slug,
    name: `Service ${index + 1}`,
    description: `Does the work of service ${index + 1}`,
    state: 'AVAILABLE',
    archived: false,
    public: false,
    forkable: true,
    defaultBranch: 'main',
    files: { 'README.md': `# Service ${index + 1}\n` },
    commits: [
      {
        id: commitId(slug),
        author: { name: 'User 1', emailAddress: 'user1@large.example' },
        at: beginning,
        message: 'Begin',
        parents: [],
      },
    ],
  };
}

function pullRequest({ id: repositoryId, slug }: Repository, position: number): PullRequest {
  const id = position + 1;
  const state = states[(position + repositoryId) % states.length] ?? 'OPEN';
  const createdDate = beginning + (position * 11 + repositoryId) * minute;
  const updatedDate = createdDate + 90 * minute;
  return {
    id,
    version: 1,
    title: `Change ${id} of ${slug}`,
    description: `What the change is about and how it was tested, in a sentence or two: ${id}.`,
    state,
    draft: false,
    createdDate,
    updatedDate,
    author: somebody(position),
    reviewers: [
      { user: somebody(position + 1), status: 'APPROVED' },
      { user: somebody(position + 2), status: 'UNAPPROVED' },
    ],
    participants: [{ user: somebody(position + 3), status: 'UNAPPROVED' }],
    from: { branch: `change/${id}`, commit: commitId(`${slug} from ${id}`) },
    to: { branch: 'main', commit: commitId(`${slug} to ${id}`) },
    commentCount: position % 7,
    ...(state === 'OPEN' ? {} : { closedDate: updatedDate }),
    ...(state === 'MERGED' ? { mergeCommit: commitId(`${slug} merge ${id}`) } : {}),
  };
}

function somebody(seed: number): string {
  return `user${(seed % userCount) + 1}`;
}
