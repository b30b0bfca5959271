import type { JsonObject } from '../../model/json.js';

const LINK = '.links.self[0].href';

/**
 * Data Center counts milliseconds, Port reads RFC 3339. Some servers send texts instead, of the zone
 * without the colon that Port wants.
 */
export const moment = (field: string): string =>
  `.${field} | if . == null then null ` +
  'elif type == "string" and test("-") then sub("(?<hours>[+-][0-9]{2})(?<minutes>[0-9]{2})$"; .hours + ":" + .minutes) ' +
  'else (tonumber / 1000 | strftime("%Y-%m-%dT%H:%M:%SZ")) end';

const project = resource('project', {
  identifier: '.key',
  title: '.name',
  blueprint: '"bitbucketProject"',
  properties: { public: '.public', type: '.type', description: '.description', link: LINK },
});

/** Two projects may have the same slug: the collision is reported, the identifier stays as it was. */
const repository = resource('repository', {
  identifier: '.slug',
  title: '.name',
  blueprint: '"bitbucketRepository"',
  properties: {
    description: '.description',
    state: '.state',
    forkable: '.forkable',
    public: '.public',
    link: LINK,
    documentation: '.__readme',
  },
  relations: {
    project: '.project.key',
    latestCommitAuthor: '.__latestCommit.author.emailAddress',
  },
});

const pullRequest = resource(
  'pull-request',
  {
    // Without a repository, a number alone would be the identifier of many.
    identifier:
      '(.toRef.repository.slug // .toRef.repository.project.key | values) + "-" + (.id|tostring)',
    title: '.title',
    blueprint: '"bitbucketPullRequest"',
    properties: {
      created_on: moment('createdDate'),
      updated_on: moment('updatedDate'),
      merge_commit: '.fromRef.latestCommit',
      state: '.state',
      owner: '.author.user.emailAddress',
      link: LINK,
      destination: '.toRef.displayId',
      source: '.fromRef.displayId',
      mergedAt: moment('closedDate'),
      // A property is loaded as it is, and one null among its texts would cost the pull request:
      // a reviewer without an e-mail address is left out here.
      reviewers: '[.reviewers[]?.user.emailAddress | values]',
    },
    relations: {
      repository: '.toRef.repository.slug',
      // Nulls in a relation are dropped, and counted, by the mapping stage.
      participants: '[.participants[]?.user.emailAddress]',
    },
  },
  { state: 'OPEN' },
);

/** A user without an e-mail address has no identifier here: skipped, and counted. */
const user = resource('user', {
  identifier: '.emailAddress',
  title: '.displayName',
  blueprint: '"bitbucketUser"',
  properties: { username: '.name', url: LINK, portUser: '.emailAddress' },
});

/** What a Data Center is mapped by when neither Port nor the user has a mapping. */
export const serverMapping: JsonObject = {
  createMissingRelatedEntities: true,
  deleteDependentEntities: true,
  resources: [project, repository, pullRequest, user],
};

function resource(kind: string, mappings: JsonObject, selector: JsonObject = {}): JsonObject {
  return { kind, selector: { query: 'true', ...selector }, port: { entity: { mappings } } };
}
