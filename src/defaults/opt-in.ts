import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import { distinctMapping, repositoryOf } from './distinct-mapping.js';
import { cloudDelivery, serverDelivery } from './delivery.js';
import { DEFAULTS } from './index.js';
import {
  ADDRESS,
  blueprint,
  CLOUD_REPOSITORY,
  FLAG,
  inIdentifier,
  MOMENT,
  type OptIn,
  REPOSITORY,
  resource,
  SERVER_REPOSITORY,
  TEXT,
} from './opt-in-shapes.js';
import { moment } from './server/default-mapping.js';

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

const GROUP = blueprint('bitbucketGroup', 'Group', 'TwoUsers', {
  properties: {},
  relations: {
    members: { title: 'Members', target: 'bitbucketUser', required: false, many: true },
  },
});

const MEMBER = blueprint('bitbucketUser', 'Bitbucket User', 'User', {
  properties: {
    nickname: { title: 'Nickname', ...TEXT },
    accountId: { title: 'Atlassian account', ...TEXT },
    url: { title: 'URL', ...ADDRESS },
  },
});

const SERVICE = blueprint('bitbucketService', 'Service', 'Microservice', {
  properties: {
    description: { title: 'Description', ...TEXT, format: 'markdown' },
    type: { title: 'Type', ...TEXT },
    lifecycle: { title: 'Lifecycle', ...TEXT },
  },
  relations: REPOSITORY,
});

const FOLDER = blueprint('bitbucketFolder', 'Folder', 'Microservice', {
  properties: {
    path: { title: 'Path', ...TEXT },
    url: { title: 'URL', ...ADDRESS },
    readme: { title: 'README', ...TEXT, format: 'markdown' },
  },
  relations: REPOSITORY,
});

/**
 * Files and folders of repositories.
 * @param repository its identifier
 * @param page where its files are seen
 */
function inRepositories(repository: string, page: string): Readonly<Record<string, OptIn>> {
  // What somebody wrote need not be a text.
  const written = (field: string): string => `.entity.${field} | values | tostring`;
  // An error keeps what the file described before.
  const named =
    'if type == "number" or (type == "string" and . != "") then tostring ' +
    'else error("an entry needs an identifier") end';
  const file = resource(
    'file',
    {
      identifier: `${repository} + "/services/" + ${inIdentifier(`.entity.identifier | ${named}`)}`,
      title: '.entity.title // .entity.identifier | tostring',
      blueprint: '"bitbucketService"',
      properties: {
        description: written('description'),
        type: written('type'),
        lifecycle: written('lifecycle'),
      },
      relations: { repository },
    },
    { files: { path: '/', filenames: ['port.yml'] } },
  );
  return {
    file: {
      blueprint: SERVICE,
      resource: {
        ...file,
        port: {
          itemsToParse: '.content | if type == "array" then . elif . == null then [] else [.] end',
          itemsToParseName: 'entity',
          ...objectOf(file.port),
        },
      },
      comment: [
        ' Services that the port.yml at the root of each repository describes: one, or a list of them, each with',
        ' identifier, title, description (a text, or file://PATH), type and lifecycle. A broken file keeps what it',
        ' described before.',
      ].join('\n'),
    },
    folder: {
      blueprint: FOLDER,
      resource: resource(
        'folder',
        {
          identifier: `${repository} + "/folders/" + ${inIdentifier('.folder.path')}`,
          title: '.folder.path | split("/") | last',
          blueprint: '"bitbucketFolder"',
          properties: {
            path: '.folder.path',
            url: `${page} + "/" + (.folder.path | split("/") | map(@uri) | join("/"))`,
            readme: 'file://README.md',
          },
          relations: { repository },
        },
        { folders: [{ path: 'services/*' }] },
      ),
      comment: ' Folders right below services/, on the main branch. path is a glob: {apps,libs}/*',
    },
  };
}

const FEWER = "names: ['v*', 'release/**'], updatedWithin: 90d";

/** Hours, to two places, between the merge and the creation of a merged pull request. */
const leadTime = (mergedAt: string, createdAt: string): string =>
  `if .state == "MERGED" then [(${mergedAt}), (${createdAt})] | ` +
  'map(.[0:19] + "Z" | fromdateiso8601) | ((.[0] - .[1]) / 36 | floor) / 100 else null end';

const ifMerged = (value: string): string => `if .state == "MERGED" then (${value}) else null end`;

const LEAD_TIME = { leadTimeHours: { title: 'Lead time (hours)', type: 'number' } } as const;

const METRICS = { states: ['OPEN', 'MERGED'], updatedWithin: '90d' };

const CLOUD: Readonly<Record<string, OptIn>> = {
  'pull-request': more('bitbucket-cloud', 'pull-request', {
    selector: METRICS,
    properties: {
      mergedAt: ifMerged('.updated_on'),
      mergeCommit: ifMerged('.merge_commit.hash'),
      leadTimeHours: leadTime('.updated_on', '.created_on'),
    },
    fields: {
      mergedAt: { title: 'Merged at', ...MOMENT },
      mergeCommit: { title: 'Merge commit', ...TEXT },
      ...LEAD_TIME,
    },
    comment: [
      ' Pull requests by repository and number, open and merged ones that changed in the last 90 days. Bitbucket',
      ' does not tell when one was merged: that of its last change stands for it. keepOutdated: true in the selector',
      ' keeps older ones in Port.',
    ].join('\n'),
  }),
  user: {
    blueprint: MEMBER,
    resource: resource('user', {
      identifier: '.user.uuid | gsub("[{}]"; "")',
      title: '.user.display_name',
      blueprint: '"bitbucketUser"',
      properties: {
        nickname: '.user.nickname',
        accountId: '.user.account_id',
        url: '.user.links.html.href',
      },
    }),
    comment:
      ' Members of the workspace by UUID: Bitbucket Cloud does not tell their e-mail addresses.',
  },
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
  ...inRepositories('.repo.full_name', '.repo.links.html.href + "/src/" + .branch'),
  ...cloudDelivery,
};

/** The newest commit, as the product's own plugin tells it. */
const TIP = '.metadata["com.atlassian.bitbucket.server.bitbucket-branch:latest-commit-metadata"]';

const SERVER: Readonly<Record<string, OptIn>> = {
  'pull-request': more('bitbucket-server', 'pull-request', {
    selector: METRICS,
    properties: {
      mergedAt: ifMerged(moment('closedDate')),
      merge_commit: ifMerged('.properties.mergeCommit.id'),
      leadTimeHours: leadTime(moment('closedDate'), moment('createdDate')),
    },
    fields: LEAD_TIME,
    comment: [
      ' Pull requests by repository and number, open and merged ones that changed in the last 90 days.',
      ' keepOutdated: true in the selector keeps older ones in Port.',
    ].join('\n'),
  }),
  user: more('bitbucket-server', 'user', {
    selector: { source: 'admin' },
    properties: {
      isActive: '.active',
      directory: '.directoryName',
      lastLogin: moment('lastAuthenticationTimestamp'),
    },
    fields: {
      isActive: { title: 'Active', ...FLAG },
      directory: { title: 'Directory', ...TEXT },
      lastLogin: { title: 'Last login', ...MOMENT },
    },
    comment:
      ' Users by slug, as administrators see them: with their directory and their last login.',
  }),
  group: {
    blueprint: GROUP,
    resource: resource('group', {
      identifier: inIdentifier('.name'),
      title: '.name',
      blueprint: '"bitbucketGroup"',
      relations: { members: '[.__members[].slug]' },
    }),
    comment:
      " Groups by name. Their members are related to users by slug, as the resource 'user' makes them.",
  },
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
  ...inRepositories(repositoryOf('.repo'), '.repo.links.self[0].href'),
  ...serverDelivery,
};

/** Kinds that somebody may want besides the built-in mapping, by the type of the source. */
export const OPT_IN = {
  'bitbucket-cloud': CLOUD,
  'bitbucket-server': SERVER,
} as const satisfies Readonly<Record<keyof typeof DEFAULTS, Readonly<Record<string, OptIn>>>>;

/** A kind of the built-in mapping of which more is read. */
function more(
  type: keyof typeof DEFAULTS,
  kind: string,
  {
    selector,
    properties,
    fields,
    comment,
  }: {
    readonly selector: JsonObject;
    readonly properties: JsonObject;
    /** What its blueprint lacks for these. */
    readonly fields: JsonObject;
    readonly comment: string;
  },
): OptIn {
  const { resources } = distinctMapping(type).value;
  const usual = (isJsonArray(resources) ? resources : [])
    .map(objectOf)
    .find((one) => one.kind === kind);
  const { mappings } = objectOf(objectOf(usual?.port).entity);
  const own = objectOf(mappings);
  const known = DEFAULTS[type].blueprints.find(
    ({ identifier }) => own.blueprint === JSON.stringify(identifier),
  );
  if (known === undefined) throw new Error(`the built-in mapping has no ${kind}`);
  return {
    blueprint: {
      ...known,
      schema: {
        ...known.schema,
        properties: { ...objectOf(known.schema.properties), ...fields },
      },
    },
    resource: resource(
      kind,
      { ...own, properties: { ...objectOf(own.properties), ...properties } },
      selector,
    ),
    comment,
  };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
