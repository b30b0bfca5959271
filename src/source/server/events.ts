import type { JsonObject } from '../../model/json.js';
import {
  type BitbucketEvent,
  type EventSelection,
  type EventTable,
  isOneOf,
  type KindEvents,
  type Selector,
  untoldKey,
} from '../kind-events.js';
import type { SelectorOverrides } from './kinds/kind.js';
import { pullRequestStates } from './kinds/pull-request.js';
import { projectFilter, pythonMatch } from './project-filter.js';

const base = 'https://bitbucket.example.com';
const self = (path: string): JsonObject => ({ links: { self: [{ href: `${base}/${path}` }] } });

const person = (name: string, id: number): JsonObject => ({
  name,
  emailAddress: `${name}@example.com`,
  active: true,
  displayName: name,
  id,
  slug: name,
  type: 'NORMAL',
  ...self(`users/${name}`),
});

/** As events of a project tell it: without its description and its address. */
const project: JsonObject = { key: 'PAY', id: 1, name: 'Payments', public: false, type: 'NORMAL' };

/** As events of a repository tell it: without its description and its address. */
const repository: JsonObject = {
  slug: 'api',
  id: 7,
  name: 'api',
  hierarchyId: '24cfae4b0dd7bade7edc',
  scmId: 'git',
  state: 'AVAILABLE',
  statusMessage: 'Available',
  forkable: true,
  project,
  public: false,
};

const branch = (name: string, commit: string): JsonObject => ({
  id: `refs/heads/${name}`,
  displayId: name,
  latestCommit: commit,
  type: 'BRANCH',
  repository: {
    ...repository,
    description: 'What customers pay with',
    archived: false,
    project: { ...project, description: 'All about money', ...self('projects/PAY') },
    ...self('projects/PAY/repos/api/browse'),
  },
});

const participant = (name: string, id: number, role: string): JsonObject => ({
  user: person(name, id),
  role,
  approved: false,
  status: 'UNAPPROVED',
});

const mergedPullRequest: JsonObject = {
  id: 42,
  version: 3,
  title: 'Round amounts to cents',
  description: 'As the bank does',
  state: 'MERGED',
  open: false,
  closed: true,
  locked: false,
  createdDate: 1_732_962_000_000,
  updatedDate: 1_732_965_600_000,
  closedDate: 1_732_965_600_000,
  fromRef: branch('round-amounts', '9e08604e14fa72265d65696608725c2b8f7850f2'),
  toRef: branch('main', 'e461aae894b6dc951f405dca027a3f5567ea6bee'),
  author: participant('ann', 2, 'AUTHOR'),
  reviewers: [participant('ben', 3, 'REVIEWER')],
  participants: [participant('eve', 4, 'PARTICIPANT')],
  properties: {
    mergeCommit: { displayId: '1cbccf99220', id: '1cbccf99220b23f89624c7c604f630663a1aaf8e' },
  },
  ...self('projects/PAY/repos/api/pull-requests/42'),
};

/** What a selector of a kind in projects comes to. */
function inProjects(key: string, answered: readonly string[] = []): KindEvents['selection'] {
  return (selector, { projectsFilter }) => {
    const untold = untoldKey(selector, ['projects', 'projectFilterRegex', ...answered]);
    if (untold !== null) return { untold };
    const filter = projectFilter(selector, projectsFilter);
    const { projectFilterRegex: pattern } = selector;
    const conditions = [
      ...(filter.named.length > 0 ? [isOneOf(key, filter.named)] : []),
      ...(typeof pattern === 'string' && pattern !== '' ? [isMatch(key, pattern)] : []),
    ];
    return { conditions, states: null, takesProject: (of) => filter.matches(of) };
  };
}

/**
 * As jq spells the pattern, whose ignorance of case knows no look behind. Keys of projects are ASCII on one
 * line: of the flags, the one for the case of letters counts alone.
 */
function isMatch(key: string, pattern: string): string {
  const { source, ignoreCase } = pythonMatch(pattern);
  const spelled = source.replaceAll('(?<![\\s\\S])', '\\A').replaceAll('(?![\\s\\S])', '\\z');
  const flags = ignoreCase ? '; "i"' : '';
  return `(${key} | test(${JSON.stringify(spelled)}${flags}))`;
}

function ofPullRequests(selector: Selector, overrides: SelectorOverrides): EventSelection {
  const selection = inProjects('.toRef.repository.project.key', ['state', 'states'])(
    selector,
    overrides,
  );
  return 'untold' in selection
    ? selection
    : { ...selection, states: pullRequestStates(selector, overrides) };
}

const reviews = ['updated', 'approved', 'unapproved', 'needs_work'];

/** What Data Center posts. The name of an event stands in the body as well, which is signed. */
export const serverEvents: EventTable = {
  eventName: '.body.eventKey',
  kinds: {
    'pull-request': {
      events: [
        { name: 'pr:opened' },
        { name: 'pr:modified' },
        { name: 'pr:from_ref_updated', since: [7, 0] },
        ...reviews.map((review): BitbucketEvent => ({ name: `pr:reviewer:${review}` })),
        { name: 'pr:merged', closes: true },
        { name: 'pr:declined', closes: true },
      ],
      gone: { name: 'pr:deleted' },
      path: '.body.pullRequest',
      sample: mergedPullRequest,
      selection: ofPullRequests,
    },
    repository: {
      events: [{ name: 'repo:modified' }],
      gone: null,
      path: '.body.new',
      sample: repository,
      selection: inProjects('.project.key'),
    },
    project: {
      events: [{ name: 'project:modified', levels: ['project'], since: [8, 8] }],
      gone: null,
      path: '.body.new',
      sample: project,
      selection: inProjects('.key'),
    },
  },
};
