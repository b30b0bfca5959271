import type { JsonObject } from '../../model/json.js';
import type { DefaultBlueprint } from '../../model/blueprint.js';

/** Shown beside a property that has no icon of its own. */
const DEFAULT_ICON = 'DefaultProperty';

const TEXT = { type: 'string', icon: DEFAULT_ICON } as const;
const FLAG = { type: 'boolean', icon: DEFAULT_ICON } as const;
const MARKDOWN = { ...TEXT, format: 'markdown' } as const;
const MOMENT = { ...TEXT, format: 'date-time' } as const;

/** Identifiers, types and titles are those that catalogs of today have: nothing here is renamed. */
const project = blueprint('bitbucketProject', 'Bitbucket Project', 'project', {
  properties: {
    public: { title: 'Public', ...FLAG },
    description: { title: 'Description', ...TEXT },
    type: { title: 'Type', ...TEXT },
    link: { title: 'Link', ...TEXT },
  },
});

const repository = blueprint('bitbucketRepository', 'Bitbucket Repository', 'repositories', {
  properties: {
    forkable: { title: 'Is Forkable', ...FLAG },
    description: { title: 'Description', ...TEXT },
    public: { title: 'Is Public', ...FLAG },
    state: { title: 'State', ...TEXT },
    link: { title: 'Link', ...TEXT },
    documentation: { title: 'Documentation', ...MARKDOWN },
    swagger_url: { title: 'Swagger URL', ...TEXT, format: 'url', spec: 'async-api' },
    readme: { title: 'Readme', ...MARKDOWN },
  },
  relations: {
    latestCommitAuthor: {
      title: 'Latest Commit By',
      description: 'The user that made the most recent commit to the base branch',
      ...one('bitbucketUser'),
    },
    project: { title: 'Project', ...one('bitbucketProject') },
  },
});

const STATE_COLORS = {
  OPEN: 'yellow',
  MERGED: 'green',
  DECLINED: 'red',
  SUPERSEDED: 'purple',
} as const;

const pullRequest = blueprint('bitbucketPullRequest', 'Bitbucket Pull Request', 'pull requests', {
  properties: {
    created_on: { title: 'Created On', ...MOMENT },
    updated_on: { title: 'Updated On', ...MOMENT },
    description: { title: 'Description', ...TEXT },
    state: { title: 'State', ...TEXT, enum: Object.keys(STATE_COLORS), enumColors: STATE_COLORS },
    owner: { title: 'Owner', ...TEXT },
    link: { title: 'Link', ...TEXT },
    destination: { title: 'Destination Branch', ...TEXT },
    source: { title: 'Source Branch', ...TEXT },
    reviewers: {
      title: 'Reviewers',
      type: 'array',
      items: { type: 'string' },
      icon: DEFAULT_ICON,
    },
    merge_commit: { title: 'Merge Commit', ...TEXT },
    mergedAt: { title: 'Merged At', ...MOMENT },
  },
  relations: {
    participants: {
      title: 'Participants',
      description: 'Users that contributed to the PR',
      ...one('bitbucketUser'),
      many: true,
    },
    repository: { title: 'Repository', ...one('bitbucketRepository') },
  },
});

const user = blueprint('bitbucketUser', 'Bitbucket User', 'users', {
  properties: {
    username: { type: 'string', title: 'Username', description: 'The username of the user' },
    url: {
      title: 'URL',
      description: 'The link to the user profile',
      icon: 'BitBucket',
      type: 'string',
    },
    portUser: { title: 'Port User', ...TEXT, format: 'user' },
  },
  required: ['username'],
});

/** What the default mapping of Data Center fills. Those that others relate to come first. */
export const serverBlueprints: readonly DefaultBlueprint[] = [
  user,
  project,
  repository,
  pullRequest,
];

function blueprint(
  identifier: string,
  title: string,
  subject: string,
  {
    properties,
    relations = {},
    required = [],
  }: {
    readonly properties: JsonObject;
    readonly relations?: JsonObject;
    readonly required?: readonly string[];
  },
): DefaultBlueprint {
  return {
    identifier,
    title,
    description: `A software catalog to represent Bitbucket ${subject}`,
    icon: 'BitBucket',
    schema: { properties, required },
    mirrorProperties: {},
    calculationProperties: {},
    aggregationProperties: {},
    relations,
  };
}

/** A relation to at most one entity, which may be missing. */
function one(target: string): { target: string; required: false; many: false } {
  return { target, required: false, many: false };
}
