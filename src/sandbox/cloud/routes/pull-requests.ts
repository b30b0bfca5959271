import type { PullRequest } from '../../company/company.js';
import { pullRequestsOf } from '../../company/lookup.js';
import { noSuchPullRequest, unknownToContract } from '../cloud-error.js';
import { pageParameters } from '../paging.js';
import { activityOf } from '../payloads/activity.js';
import { pullRequestPayloads, stateOf } from '../payloads/pull-request.js';
import { pullRequestFields } from '../pull-request-fields.js';
import { document, page, repositoryOf, selected, type Call, type Route } from '../route.js';

const below = '/repositories/{workspace}/{repo_slug}/pullrequests';

export const pullRequestRoutes: readonly Route[] = [
  {
    path: below,
    query: ['state', 'q', 'sort', ...pageParameters],
    needs: 'pullrequest',
    hidden: ['values.reviewers', 'values.participants'],
    answer: (call) => {
      const hosted = repositoryOf(call);
      const newestFirst = [...pullRequestsOf(call.site.company, hosted.repository)].reverse();
      const found = selected(
        call,
        newestFirst.filter(hasWantedState(call)),
        pullRequestFields(call.site),
      );
      const style = { rows: 'pull-requests', pages: 'numbers' } as const;
      return page(call, found, pullRequestPayloads(call.site, hosted), style);
    },
  },
  {
    path: `${below}/activity`,
    query: [...pageParameters],
    needs: 'pullrequest',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const all = pullRequestsOf(call.site.company, hosted.repository);
      return page(call, activityOf(call.site, hosted, all), (each) => each, logStyle);
    },
  },
  {
    path: `${below}/{pull_request_id}/activity`,
    query: [...pageParameters],
    needs: 'pullrequest',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const id = call.parameter('pull_request_id');
      const found = pullRequestsOf(call.site.company, hosted.repository).find(Number(id));
      if (found === undefined) throw noSuchPullRequest(id);
      return page(call, activityOf(call.site, hosted, [found]), (each) => each, logStyle);
    },
  },
  {
    path: `${below}/{pull_request_id}`,
    query: [],
    needs: 'pullrequest',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const id = call.parameter('pull_request_id');
      const found = pullRequestsOf(call.site.company, hosted.repository).find(Number(id));
      if (found === undefined) throw noSuchPullRequest(id);
      return document(pullRequestPayloads(call.site, hosted)(found));
    },
  },
];

/** A log counts nothing, and names its pages by hashes. */
const logStyle = { rows: 'pull-requests', pages: 'hashes' } as const;

const states: readonly string[] = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'];

/** Open ones unless asked for others. A `q`, even one without a state, makes `state` mean nothing. */
function hasWantedState({ request: { query } }: Call): (pullRequest: PullRequest) => boolean {
  const asked = query.getAll('state');
  const unknown = asked.find((state) => !states.includes(state));
  if (unknown !== undefined) throw unknownToContract(`state=${unknown} is not known`);
  if (query.has('q')) return () => true;
  const wanted = asked.length === 0 ? ['OPEN'] : asked;
  return (pullRequest) => wanted.includes(stateOf(pullRequest));
}
