import type { JsonObject } from '../../../model/json.js';
import type { BranchTip, PullRequest, Review } from '../../company/company.js';
import { shortHash, timestamp } from '../identifiers.js';
import type { Site } from '../route.js';
import type { HostedRepository } from '../workspace.js';
import { commitReference } from './commit.js';
import { links, repositoryApi, repositoryPage } from './links.js';
import { repositoryReference } from './repository.js';
import { existingUser, userPayload } from './user.js';

/** OPEN, MERGED, DECLINED or SUPERSEDED. */
export function stateOf({ state, superseded }: PullRequest): PullRequest['state'] | 'SUPERSEDED' {
  return state === 'DECLINED' && superseded === true ? 'SUPERSEDED' : state;
}

/**
 * How the pull requests of one repository are told, with `reviewers` and `participants`. Who left
 * is null as an author, and no longer among the others.
 */
export function pullRequestPayloads(
  site: Site,
  hosted: HostedRepository,
): (pullRequest: PullRequest) => JsonObject {
  const target = repositoryReference(site, hosted);
  const user = users(site);
  return (pullRequest) => ({
    type: 'pullrequest',
    ...summary(pullRequest),
    author: user(pullRequest.author),
    source: endpoint(site, hosted.slug, pullRequest.from, source(site, pullRequest, target)),
    destination: endpoint(
      site,
      hosted.slug,
      pullRequest.to,
      pullRequest.hidesDestination === true ? null : target,
    ),
    merge_commit:
      pullRequest.mergeCommit === undefined
        ? null
        : commitReference(site, hosted.slug, shortHash(pullRequest.mergeCommit)),
    closed_by: pullRequest.state === 'OPEN' ? null : user(closedBy(pullRequest)),
    reviewers: pullRequest.reviewers.map((review) => user(review.user)).filter(isThere),
    participants: participants(pullRequest, user),
    links: pullRequestLinks(site, hosted.slug, pullRequest.id),
  });
}

/** The model does not know who closed it: who approved it, else its author. */
export function closedBy({ author, reviewers }: PullRequest): string {
  return reviewers.find(({ status }) => status === 'APPROVED')?.user ?? author;
}

function summary(pullRequest: PullRequest): JsonObject {
  const { id, title, description = '', draft, commentCount } = pullRequest;
  return {
    id,
    title,
    description,
    summary: { type: 'rendered', raw: description, markup: 'markdown', html: '' },
    state: stateOf(pullRequest),
    draft,
    queued: false,
    close_source_branch: false,
    reason: '',
    comment_count: commentCount,
    task_count: 0,
    created_on: timestamp(pullRequest.createdDate),
    updated_on: timestamp(pullRequest.updatedDate),
  };
}

/** Null for a fork that is gone, or in nobody's workspace. */
function source(site: Site, { from }: PullRequest, target: JsonObject): JsonObject | null {
  if (from.repository === undefined) return target;
  const fork = site.workspace.byId(from.repository);
  return fork === undefined ? null : repositoryReference(site, fork);
}

function endpoint(
  site: Site,
  slug: string,
  { branch, commit }: BranchTip,
  repository: JsonObject | null,
): JsonObject {
  return {
    branch: { name: branch },
    commit: commitReference(site, slug, shortHash(commit)),
    repository,
  };
}

/** Payloads of users by login, each made once; null for who left. */
function users(site: Site): (login: string) => JsonObject | null {
  const made = new Map<string, JsonObject | null>();
  return (login) => {
    const known = made.get(login);
    if (known !== undefined) return known;
    const user = existingUser(site, login);
    const payload = user === undefined ? null : userPayload(site, user);
    made.set(login, payload);
    return payload;
  };
}

function participants(
  { reviewers, participants: others, updatedDate }: PullRequest,
  user: (login: string) => JsonObject | null,
): readonly JsonObject[] {
  return [
    ...reviewers.map((review) => ({ ...review, role: 'REVIEWER' })),
    ...others.map((review) => ({ ...review, role: 'PARTICIPANT' })),
  ].flatMap(({ user: login, status, role }) => {
    const account = user(login);
    if (account === null) return [];
    const approved = status === 'APPROVED';
    const state = participantStates[status];
    const participated_on = status === 'UNAPPROVED' ? null : timestamp(updatedDate);
    return [{ type: 'participant', user: account, role, approved, state, participated_on }];
  });
}

const participantStates = {
  APPROVED: 'approved',
  NEEDS_WORK: 'changes_requested',
  UNAPPROVED: null,
} as const satisfies Record<Review['status'], string | null>;

function pullRequestLinks(site: Site, slug: string, id: number): JsonObject {
  const self = `${repositoryApi(site, slug)}/pullrequests/${id}`;
  return links({
    self,
    html: `${repositoryPage(site, slug)}/pull-requests/${id}`,
    commits: `${self}/commits`,
    comments: `${self}/comments`,
    activity: `${self}/activity`,
    diffstat: `${self}/diffstat`,
    statuses: `${self}/statuses`,
  });
}

function isThere(payload: JsonObject | null): payload is JsonObject {
  return payload !== null;
}
