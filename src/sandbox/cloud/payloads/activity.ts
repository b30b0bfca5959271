import type { JsonObject } from '../../../model/json.js';
import type { Happening, PullRequest } from '../../company/company.js';
import { commitId } from '../../company/identifiers.js';
import { shortHash, timestamp } from '../identifiers.js';
import type { Site } from '../route.js';
import type { HostedRepository } from '../workspace.js';
import { commitReference } from './commit.js';
import { links, repositoryApi, repositoryPage } from './links.js';
import { closedBy, stateOf } from './pull-request.js';
import { existingUser, userPayload } from './user.js';

/** What is logged of a pull request. */
interface Logged {
  readonly pullRequest: PullRequest;
  readonly at: number;
  readonly payload: JsonObject;
}

/** What is logged of several pull requests, the newest first. */
export function activityOf(
  site: Site,
  hosted: HostedRepository,
  pullRequests: Iterable<PullRequest>,
): readonly JsonObject[] {
  return [...pullRequests]
    .flatMap((one) => logOf(site, hosted, one))
    .sort((one, other) => other.at - one.at)
    .map(({ pullRequest, payload }) => ({
      ...payload,
      pull_request: reference(site, hosted, pullRequest),
    }));
}

function logOf(site: Site, hosted: HostedRepository, pullRequest: PullRequest): readonly Logged[] {
  const { author, createdDate, closedDate, state, activity = [] } = pullRequest;
  const update = (at: number, by: string, commit: string, stateThen: string): Logged => ({
    pullRequest,
    at,
    payload: {
      update: {
        state: stateThen,
        title: pullRequest.title,
        author: person(site, by),
        date: timestamp(at),
        source: { commit: commitReference(site, hosted.slug, shortHash(commit)) },
      },
    },
  });
  const pushes = activity.filter(({ what }) => what === 'push');
  const first =
    pushes.length === 0 ? pullRequest.from.commit : commitId(`${pullRequest.title} at first`);
  const tipAfter = (push: Happening): string =>
    push === pushes.at(-1)
      ? pullRequest.from.commit
      : commitId(`${pullRequest.title} at ${push.at}`);
  return [
    update(createdDate, author, first, 'OPEN'),
    ...activity.map((one, index): Logged => {
      if (one.what === 'push') return update(one.at, one.by, tipAfter(one), 'OPEN');
      return {
        pullRequest,
        at: one.at,
        payload: happening(site, one, pullRequest.id * 1_000 + index),
      };
    }),
    ...(state === 'OPEN' || closedDate === undefined
      ? []
      : [update(closedDate, closedBy(pullRequest), pullRequest.from.commit, stateOf(pullRequest))]),
  ];
}

function happening(site: Site, { what, at, by }: Happening, id: number): JsonObject {
  const user = person(site, by);
  const date = timestamp(at);
  if (what === 'approval') return { approval: { date, user } };
  if (what === 'changes') return { changes_requested: { date, user } };
  const content = { type: 'rendered', raw: 'Why?', markup: 'markdown', html: '' };
  return { comment: { id, created_on: date, updated_on: date, deleted: false, user, content } };
}

function person(site: Site, login: string): JsonObject | null {
  const user = existingUser(site, login);
  return user === undefined ? null : userPayload(site, user);
}

function reference(site: Site, { slug }: HostedRepository, { id, title }: PullRequest): JsonObject {
  return {
    type: 'pullrequest',
    id,
    title,
    links: links({
      self: `${repositoryApi(site, slug)}/pullrequests/${id}`,
      html: `${repositoryPage(site, slug)}/pull-requests/${id}`,
    }),
  };
}
