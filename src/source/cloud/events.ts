import type { JsonObject } from '../../model/json.js';
import {
  type EventSelection,
  type EventTable,
  type KindEvents,
  type Selector,
  untoldKey,
} from '../kind-events.js';

const base = 'https://bitbucket.org';
const html = (path: string): JsonObject => ({ links: { html: { href: `${base}/${path}` } } });

const account = (name: string): JsonObject => ({
  type: 'user',
  display_name: name,
  nickname: name,
  uuid: '{6b7df3a7-4c1b-4d23-9f52-1e8a2b6f1d01}',
  account_id: '557058:6b7df3a7',
  links: {},
});

const project: JsonObject = {
  type: 'project',
  key: 'PAY',
  uuid: '{0f3b6a52-9a0d-4c79-8e7e-5f1d6c2a9b11}',
  name: 'Payments',
  ...html('acme/workspace/projects/PAY'),
};

/** As events name the repository of a pull request. */
const reference: JsonObject = {
  type: 'repository',
  uuid: '{c2f1c5d0-3a55-4f4e-9a56-0d2b1f7e8c21}',
  name: 'api',
  full_name: 'acme/api',
  ...html('acme/api'),
};

/** As events of a repository tell it: without its slug, description, main branch and dates. */
const repository: JsonObject = {
  ...reference,
  website: '',
  scm: 'git',
  is_private: true,
  project,
  owner: { ...account('acme'), type: 'team', username: 'acme' },
  workspace: { type: 'workspace', slug: 'acme', name: 'acme', uuid: '{a-workspace}', links: {} },
};

const end = (name: string, hash: string): JsonObject => ({
  branch: { name },
  commit: { type: 'commit', hash, links: {} },
  repository: reference,
});

const mergedPullRequest: JsonObject = {
  type: 'pullrequest',
  id: 42,
  title: 'Round amounts to cents',
  description: 'As the bank does',
  summary: { type: 'rendered', raw: 'As the bank does', markup: 'markdown', html: '' },
  state: 'MERGED',
  draft: false,
  author: account('Ann'),
  source: end('round-amounts', '9e08604e14fa'),
  destination: end('main', 'e461aae894b6'),
  merge_commit: { type: 'commit', hash: '1cbccf99220b', links: {} },
  close_source_branch: true,
  closed_by: account('Ben'),
  reason: '',
  comment_count: 2,
  task_count: 0,
  reviewers: [account('Ben')],
  participants: [
    {
      type: 'participant',
      user: account('Ben'),
      role: 'REVIEWER',
      approved: true,
      state: 'approved',
      participated_on: '2025-11-30T10:40:00.000000+00:00',
    },
  ],
  created_on: '2025-11-30T10:20:00.000000+00:00',
  updated_on: '2025-11-30T11:20:00.000000+00:00',
  ...html('acme/api/pull-requests/42'),
};

/** A query that names nothing but states. */
const STATE = String.raw`state\s*=\s*"(OPEN|MERGED|DECLINED|SUPERSEDED)"`;
const STATES = new RegExp(String.raw`^\s*${STATE}(?:\s+OR\s+${STATE})*\s*$`, 'iu');

function ofPullRequests(selector: Selector): EventSelection {
  const { pullRequestQuery, states } = selector;
  const untold = untoldKey(selector, ['pullRequestQuery', 'states']);
  if (untold !== null) return { untold };
  const query = typeof pullRequestQuery === 'string' ? pullRequestQuery.trim() : '';
  if (query !== '' && !STATES.test(query)) return { untold: 'pullRequestQuery' };
  const inQuery = [...query.matchAll(new RegExp(STATE, 'giu'))].map(([, state = '']) =>
    state.toUpperCase(),
  );
  const listed = Array.isArray(states) ? states.map(String) : [];
  if (listed.length === 0) {
    return { conditions: [], states: inQuery.length > 0 ? inQuery : ['OPEN'] };
  }
  const both = inQuery.length > 0 ? listed.filter((state) => inQuery.includes(state)) : listed;
  return { conditions: [], states: both };
}

const whole: KindEvents['selection'] = (selector) => {
  const untold = untoldKey(selector, []);
  return untold === null ? { conditions: [], states: null } : { untold };
};

const pullRequest = (happened: string): { readonly name: string } => ({
  name: `pullrequest:${happened}`,
});

/** What Bitbucket Cloud posts. A header alone names the event; its letters come in any case. */
export const cloudEvents: EventTable = {
  eventName:
    '([.headers | to_entries[] | select(.key | ascii_downcase == "x-event-key") | .value][0])',
  kinds: {
    'pull-request': {
      events: [
        ...['created', 'updated', 'approved', 'unapproved'].map(pullRequest),
        ...['changes_request_created', 'changes_request_removed'].map(pullRequest),
        { ...pullRequest('fulfilled'), closes: true },
        { ...pullRequest('rejected'), closes: true },
      ],
      gone: null,
      path: '.body.pullrequest',
      sample: mergedPullRequest,
      selection: ofPullRequests,
    },
    repository: {
      events: [{ name: 'repo:created', levels: ['workspace'] }, { name: 'repo:updated' }],
      gone: null,
      path: '.body.repository',
      sample: repository,
      selection: whole,
    },
    project: {
      events: [{ name: 'project:updated', levels: ['workspace'] }],
      gone: null,
      path: '.body.project',
      sample: project,
      selection: whole,
    },
  },
};
