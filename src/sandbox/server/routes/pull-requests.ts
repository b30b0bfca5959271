import type { PullRequest, PullRequestShelf } from '../../company/company.js';
import { pullRequestsOf } from '../../company/lookup.js';
import { noSuchPullRequest } from '../api-error.js';
import { pageParameters, type Listing } from '../paging.js';
import { activitiesOf } from '../payloads/activities.js';
import { pullRequestPayloads } from '../payloads/pull-request.js';
import { flag, ok, oneOf, page, repositoryOf, type Route } from '../route.js';

const below = '/projects/{projectKey}/repos/{repositorySlug}/pull-requests';

export const pullRequestRoutes: readonly Route[] = [
  {
    path: below,
    query: [
      'withAttributes',
      'withProperties',
      'at',
      'draft',
      'filterText',
      'state',
      'order',
      'direction',
      ...pageParameters,
    ],
    answer: (call) => {
      const repository = repositoryOf(call);
      const shelf = pullRequestsOf(call.site.company, repository);
      flag(call.query, 'withAttributes');
      const withProperties = flag(call.query, 'withProperties') ?? true;
      const { dates } = call.behaviour;
      const payload = pullRequestPayloads(call.site, repository, { withProperties, dates });
      return page(call, selected(shelf, call.query), payload);
    },
  },
  {
    path: `${below}/{pullRequestId}`,
    query: [],
    answer: (call) => {
      const repository = repositoryOf(call);
      const id = call.parameter('pullRequestId');
      const pullRequest = pullRequestsOf(call.site.company, repository).find(Number(id));
      if (pullRequest === undefined) throw noSuchPullRequest(id);
      const { dates } = call.behaviour;
      const payload = pullRequestPayloads(call.site, repository, { withProperties: true, dates });
      return ok(payload(pullRequest));
    },
  },
  {
    path: `${below}/{pullRequestId}/activities`,
    query: ['fromId', 'fromType', ...pageParameters],
    answer: (call) => {
      const repository = repositoryOf(call);
      const id = call.parameter('pullRequestId');
      const pullRequest = pullRequestsOf(call.site.company, repository).find(Number(id));
      if (pullRequest === undefined) throw noSuchPullRequest(id);
      return page(call, activitiesOf(call.site, pullRequest), (each) => each);
    },
  },
];

/** The shelf in the order asked for, with holes where a filter takes one out. */
function selected(shelf: PullRequestShelf, query: URLSearchParams): Listing<PullRequest> {
  // Only what comes in is built: OUTGOING is refused as unknown.
  oneOf(query, 'direction', ['INCOMING']);
  const newestFirst = oneOf(query, 'order', ['NEWEST', 'OLDEST']) !== 'OLDEST';
  const isWanted = filterOf(query);
  const { length } = shelf;
  return {
    length,
    at: (position) => {
      const pullRequest = shelf.at(newestFirst ? length - 1 - position : position);
      return pullRequest !== undefined && isWanted(pullRequest) ? pullRequest : undefined;
    },
  };
}

function filterOf(query: URLSearchParams): (pullRequest: PullRequest) => boolean {
  const state = oneOf(query, 'state', ['OPEN', 'MERGED', 'DECLINED', 'ALL']) ?? 'OPEN';
  const draft = flag(query, 'draft');
  const at = query.get('at');
  const words = query.get('filterText')?.toLowerCase() ?? '';
  return (pullRequest) =>
    (state === 'ALL' || pullRequest.state === state) &&
    (draft === undefined || pullRequest.draft === draft) &&
    (at === null || `refs/heads/${pullRequest.to.branch}` === at) &&
    `${pullRequest.title}\n${pullRequest.description ?? ''}`.toLowerCase().includes(words);
}
