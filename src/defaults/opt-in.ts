import type { DefaultBlueprint } from '../model/blueprint.js';
import type { JsonObject } from '../model/json.js';
import { repositoryOf } from './distinct-mapping.js';
import type { DEFAULTS } from './index.js';
import { moment } from './server/default-mapping.js';

/** What a kind that the built-in mapping does not read, or not so much of, is mapped by. */
export interface OptIn {
  /** In the shape in which a mapping has it. Its identifiers fit those that `init` writes. */
  readonly resource: JsonObject;
  /** What it fills. */
  readonly blueprint: DefaultBlueprint;
  /** Why it is so, for whoever reads the mapping. */
  readonly comment: string;
}

/**
 * The name of a branch, a tag or a group as a part of an identifier: what Port takes in none is written as
 * `=` and two digits, so that two names never become one.
 */
const inIdentifier = (path: string): string =>
  `(${path} | @uri | gsub("%2F"; "/") | gsub("~"; "%7E") | gsub("%"; "="))`;

const TEXT = { type: 'string' } as const;
const ADDRESS = { ...TEXT, format: 'url' } as const;
const MOMENT = { ...TEXT, format: 'date-time' } as const;
const FLAG = { type: 'boolean' } as const;

const REPOSITORY = { repository: { title: 'Repository', ...one('bitbucketRepository') } };

const BRANCH = blueprint('bitbucketBranch', 'Branch', 'GitVersion', {
  properties: {
    url: { title: 'URL', ...ADDRESS },
    isDefault: { title: 'Default branch', ...FLAG },
    lastCommit: { title: 'Last commit', ...TEXT },
    lastCommitAt: { title: 'Last commit at', ...MOMENT },
    lastCommitAuthor: { title: 'Last commit by', ...TEXT },
  },
  relations: REPOSITORY,
});

const TAG = blueprint('bitbucketTag', 'Tag', 'Git', {
  properties: {
    url: { title: 'URL', ...ADDRESS },
    commit: { title: 'Commit', ...TEXT },
    taggedAt: { title: 'Tagged at', ...MOMENT },
  },
  relations: REPOSITORY,
});

const FEWER = "names: ['v*', 'release/**'], updatedWithin: 90d";

const CLOUD_REPOSITORY = '.__repository.full_name';

const CLOUD: Readonly<Record<string, OptIn>> = {
  branch: {
    blueprint: BRANCH,
    resource: resource('branch', {
      identifier: `${CLOUD_REPOSITORY} + "/branches/" + ${inIdentifier('.name')}`,
      title: '.name',
      blueprint: '"bitbucketBranch"',
      properties: {
        url: '.links.html.href',
        isDefault: '.name == .__repository.mainbranch.name',
        lastCommit: '.target.hash',
        lastCommitAt: '.target.date',
        lastCommitAuthor: '.target.author | .user.display_name // .raw',
      },
      relations: { repository: CLOUD_REPOSITORY },
    }),
    comment: [
      ' Branches by repository and name. To read fewer, add to the selector one or more of:',
      " defaultOnly: true, names: ['main', 'release/**'], updatedWithin: 90d",
    ].join('\n'),
  },
  tag: {
    blueprint: TAG,
    resource: resource('tag', {
      identifier: `${CLOUD_REPOSITORY} + "/tags/" + ${inIdentifier('.name')}`,
      title: '.name',
      blueprint: '"bitbucketTag"',
      properties: {
        url: '.links.html.href',
        commit: '.target.hash',
        taggedAt: '.date // .target.date',
      },
      relations: { repository: CLOUD_REPOSITORY },
    }),
    comment: [
      ' Tags by repository and name. Only an annotated tag has a date of its own; else that of its commit',
      ` stands for it. To read fewer, add to the selector one or more of: ${FEWER}`,
    ].join('\n'),
  },
};

const SERVER_REPOSITORY = repositoryOf('.__repository');

/** The newest commit, as the product's own plugin tells it. */
const TIP = '.metadata["com.atlassian.bitbucket.server.bitbucket-branch:latest-commit-metadata"]';

const SERVER: Readonly<Record<string, OptIn>> = {
  branch: {
    blueprint: BRANCH,
    resource: resource('branch', {
      identifier: `${SERVER_REPOSITORY} + "/branches/" + ${inIdentifier('.displayId')}`,
      title: '.displayId',
      blueprint: '"bitbucketBranch"',
      properties: {
        url: '.__link',
        isDefault: '.isDefault',
        lastCommit: '.latestCommit',
        lastCommitAt: `${TIP} | ${moment('committerTimestamp')}`,
        lastCommitAuthor: `${TIP}.author | .displayName // .name`,
      },
      relations: { repository: SERVER_REPOSITORY },
    }),
    comment: [
      ' Branches by repository and name. To read fewer, add to the selector one or more of:',
      " defaultOnly: true, names: ['main', 'release/**'], updatedWithin: 90d",
    ].join('\n'),
  },
  tag: {
    blueprint: TAG,
    resource: resource('tag', {
      identifier: `${SERVER_REPOSITORY} + "/tags/" + ${inIdentifier('.displayId')}`,
      title: '.displayId',
      blueprint: '"bitbucketTag"',
      properties: {
        url: '.__link',
        commit: '.latestCommit',
        taggedAt: `.__commit | ${moment('committerTimestamp')}`,
      },
      relations: { repository: SERVER_REPOSITORY },
    }),
    comment: [
      ' Tags by repository and name. Data Center tells no dates of tags: __commit takes a request for each tag.',
      ` To read fewer, add to the selector one or more of: ${FEWER}`,
    ].join('\n'),
  },
};

/** Kinds that somebody may want besides the built-in mapping, by the type of the source. */
export const OPT_IN = {
  'bitbucket-cloud': CLOUD,
  'bitbucket-server': SERVER,
} as const satisfies Readonly<Record<keyof typeof DEFAULTS, Readonly<Record<string, OptIn>>>>;

function blueprint(
  identifier: string,
  title: string,
  icon: string,
  {
    properties,
    relations = {},
  }: { readonly properties: JsonObject; readonly relations?: JsonObject },
): DefaultBlueprint {
  return {
    identifier,
    title,
    icon,
    schema: { properties, required: [] },
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

function resource(kind: string, mappings: JsonObject, selector: JsonObject = {}): JsonObject {
  return { kind, selector: { query: 'true', ...selector }, port: { entity: { mappings } } };
}
