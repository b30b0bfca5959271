import type { JsonObject, JsonValue } from '../../../model/json.js';
import type { BranchTip, PullRequest, Repository, Review } from '../../company/company.js';
import { findUser } from '../../company/lookup.js';
import type { Behaviour, Site } from '../route.js';
import { commitReference } from './commit.js';
import { repositoryHref, selfLinks } from './links.js';
import { repositoryPayload, requireProject } from './repository.js';
import { userPayload } from './user.js';

/** What a server, or who asks, may want otherwise. */
export interface PullRequestTelling {
  readonly withProperties: boolean;
  readonly dates: Behaviour['dates'];
}

/**
 * How the pull requests of one repository are told. The payloads of the repository, which stands
 * twice in each of them, and of the people are made once.
 */
export function pullRequestPayloads(
  site: Site,
  repository: Repository,
  { withProperties, dates }: PullRequestTelling,
): (pullRequest: PullRequest) => JsonObject {
  const target = repositoryPayload(site, repository);
  const href = repositoryHref(site, requireProject(site, repository), repository);
  const participant = participants(site);
  return (pullRequest) => ({
    ...summary(pullRequest, dates === 'text' ? isoText : Number),
    fromRef: reference(pullRequest.from, sourceRepository(site, pullRequest) ?? target),
    toRef: reference(pullRequest.to, target),
    locked: false,
    author: participant({ user: pullRequest.author, status: 'UNAPPROVED' }, 'AUTHOR'),
    reviewers: pullRequest.reviewers.map((review) =>
      participant(review, 'REVIEWER', pullRequest.from.commit),
    ),
    participants: pullRequest.participants.map((review) =>
      participant(review, 'PARTICIPANT', pullRequest.from.commit),
    ),
    ...(withProperties ? { properties: properties(pullRequest) } : {}),
    links: selfLinks(`${href}/pull-requests/${pullRequest.id}`),
  });
}

function summary(pullRequest: PullRequest, moment: (at: number) => JsonValue): JsonObject {
  const { id, version, title, description, state, draft, createdDate } = pullRequest;
  const { updatedDate, closedDate } = pullRequest;
  return {
    id,
    version,
    title,
    ...(description === undefined ? {} : { description }),
    state,
    open: state === 'OPEN',
    closed: state !== 'OPEN',
    draft,
    createdDate: moment(createdDate),
    updatedDate: moment(updatedDate),
    ...(closedDate === undefined ? {} : { closedDate: moment(closedDate) }),
  };
}

/** `2018-07-05T19:33:14+0000` */
export function isoText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+0000`;
}

/** The fork that it comes from, as long as it is there. */
function sourceRepository(site: Site, { from }: PullRequest): JsonObject | undefined {
  const fork = site.company.repositories.find(({ id }) => id === from.repository);
  return fork === undefined ? undefined : repositoryPayload(site, fork);
}

function reference({ branch, commit }: BranchTip, repository: JsonObject): JsonObject {
  return {
    id: `refs/heads/${branch}`,
    displayId: branch,
    latestCommit: commit,
    type: 'BRANCH',
    repository,
  };
}

/** How a person's part is told; `reviewed` is the commit that they had before them. */
function participants(site: Site): (review: Review, role: string, reviewed?: string) => JsonObject {
  const people = new Map<string, JsonObject>();
  const person = (name: string): JsonObject => {
    const known = people.get(name);
    if (known !== undefined) return known;
    const user = findUser(site.company, name);
    if (user === undefined) throw new RangeError(`a pull request names the unknown ${name}`);
    const payload = userPayload(site, user);
    people.set(name, payload);
    return payload;
  };
  return ({ user, status }, role, reviewed) => ({
    user: person(user),
    ...(reviewed === undefined || status === 'UNAPPROVED' ? {} : { lastReviewedCommit: reviewed }),
    role,
    approved: status === 'APPROVED',
    status,
  });
}

function properties({ state, mergeCommit, commentCount }: PullRequest): JsonObject {
  return {
    ...(state === 'OPEN' ? { mergeResult: { outcome: 'CLEAN', current: false } } : {}),
    ...(mergeCommit === undefined ? {} : { mergeCommit: commitReference(mergeCommit) }),
    resolvedTaskCount: 0,
    commentCount,
    openTaskCount: 0,
  };
}
