import type { JsonObject } from '../../model/json.js';
import type { DefaultBlueprint } from '../../model/blueprint.js';

/** Shown beside a property that has no icon of its own. */
const DEFAULT_ICON = 'DefaultProperty';

const TEXT = { type: 'string' } as const;
const ADDRESS = { ...TEXT, format: 'url' } as const;
const MARKDOWN = { ...TEXT, format: 'markdown' } as const;
const MOMENT = { ...TEXT, format: 'date-time' } as const;

/** Identifiers, types and titles are those that catalogs of today have: nothing here is renamed. */
const project = blueprint('bitbucketProject', 'Bitbucket Project', 'BitBucket', {
  description: 'A project of a Bitbucket Cloud workspace',
  properties: {
    private: { title: 'Private', type: 'boolean', icon: DEFAULT_ICON },
    description: { title: 'Description', ...TEXT, icon: DEFAULT_ICON },
    type: { title: 'Type', ...TEXT, icon: DEFAULT_ICON },
    url: { title: 'Url', ...TEXT, icon: DEFAULT_ICON },
  },
});

const repository = blueprint('bitbucketRepository', 'Repository', 'Microservice', {
  properties: {
    readme: { title: 'README', ...MARKDOWN },
    codeowners: { title: 'CODEOWNERS', ...MARKDOWN },
    url: { title: 'Repository URL', ...ADDRESS },
    defaultBranch: { title: 'Default branch', ...TEXT },
  },
  relations: { project: { title: 'Project', ...one('bitbucketProject') } },
});

const STATUS_COLORS = {
  MERGED: 'purple',
  OPEN: 'green',
  DECLINED: 'red',
  SUPERSEDED: 'lightGray',
} as const;

/** Days from the creation of a merged pull request to its last change. Times are cut to the second. */
const LEAD_TIME =
  'if .properties.status == "MERGED" then [.properties.updatedAt, .properties.createdAt] | ' +
  'map(.[0:19] + "Z" | fromdateiso8601) | (.[0] - .[1]) / 86400 else null end';

const pullRequest = blueprint('bitbucketPullRequest', 'Pull Request', 'GitVersion', {
  properties: {
    creator: { title: 'Creator', ...TEXT, format: 'user' },
    assignees: { title: 'Assignees', type: 'array' },
    reviewers: { title: 'Reviewers', type: 'array' },
    status: {
      title: 'Status',
      ...TEXT,
      enum: Object.keys(STATUS_COLORS),
      enumColors: STATUS_COLORS,
    },
    createdAt: { title: 'Created At', ...MOMENT },
    updatedAt: { title: 'Updated At', ...MOMENT },
    link: { title: 'Link', ...ADDRESS },
  },
  calculations: {
    lead_time_days: { title: 'Lead time (Days)', type: 'number', calculation: LEAD_TIME },
  },
  relations: { repository: { title: 'Repository', ...one('bitbucketRepository') } },
});

/** What the default mapping of Cloud fills. Those that others relate to come first. */
export const cloudBlueprints: readonly DefaultBlueprint[] = [project, repository, pullRequest];

function blueprint(
  identifier: string,
  title: string,
  icon: string,
  {
    description,
    properties,
    calculations = {},
    relations = {},
  }: {
    readonly description?: string;
    readonly properties: JsonObject;
    readonly calculations?: JsonObject;
    readonly relations?: JsonObject;
  },
): DefaultBlueprint {
  return {
    identifier,
    title,
    ...(description === undefined ? {} : { description }),
    icon,
    schema: { properties, required: [] },
    mirrorProperties: {},
    calculationProperties: calculations,
    aggregationProperties: {},
    relations,
  };
}

/** A relation to at most one entity, which may be missing. */
function one(target: string): { target: string; required: false; many: false } {
  return { target, required: false, many: false };
}
