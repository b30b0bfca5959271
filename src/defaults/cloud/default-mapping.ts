import type { JsonObject } from '../../model/json.js';

const LINK = '.links.html.href';

/** Letters that Port takes in an identifier. */
const USABLE = '"\\\\A[\\\\p{L}0-9@_.+:\\\\\\\\/=-]+\\\\z"';

/**
 * A repository's name, as catalogs of today have it, or its slug where Port would refuse the name.
 * A pull request does not say the slug of its repository: it is the end of the full name.
 */
const repositoryIdentifier = (path: string): string =>
  `(${path} | if .name // "" | test(${USABLE}) then .name else (.full_name // "" | split("/") | last) end)`;

/** A project's UUID without its braces. Bitbucket does not tell the project of every repository. */
const projectIdentifier = (path: string): string =>
  `${path} | if . then gsub("[{}]"; "") else null end`;

const project = resource('project', {
  identifier: projectIdentifier('.uuid'),
  title: '.name',
  blueprint: '"bitbucketProject"',
  properties: {
    private: '.is_private',
    description: '.description',
    type: '.type',
    url: LINK,
  },
});

const repository = resource(
  'repository',
  {
    identifier: repositoryIdentifier('.'),
    title: '.name',
    blueprint: '"bitbucketRepository"',
    properties: {
      url: LINK,
      defaultBranch: '.mainbranch.name',
      readme: '.__includedFiles["README.md"]',
      // Bitbucket's own place comes first; the other one is read where that is empty.
      codeowners: '.__includedFiles[".bitbucket/CODEOWNERS"] // .__includedFiles["CODEOWNERS"]',
    },
    relations: { project: projectIdentifier('.project.uuid') },
  },
  { includedFiles: ['README.md', '.bitbucket/CODEOWNERS', 'CODEOWNERS'] },
);

/**
 * The account of a deleted user is null. A null among the texts of a list would cost the pull request.
 * Without a repository, a number alone would be the identifier of many.
 */
const pullRequest = resource('pull-request', {
  identifier: `(${repositoryIdentifier('.destination.repository')} | values | select(. != "")) + (.id|tostring)`,
  title: '.title',
  blueprint: '"bitbucketPullRequest"',
  properties: {
    creator: '.author.display_name',
    assignees: '[.participants[]?.user.display_name | values]',
    reviewers: '[.reviewers[]?.display_name | values]',
    status: '.state',
    createdAt: '.created_on',
    updatedAt: '.updated_on',
    link: LINK,
  },
  relations: { repository: repositoryIdentifier('.destination.repository') },
});

/** What a workspace is mapped by when neither Port nor the user has a mapping. */
export const cloudMapping: JsonObject = {
  createMissingRelatedEntities: true,
  deleteDependentEntities: true,
  resources: [project, repository, pullRequest],
};

function resource(kind: string, mappings: JsonObject, selector: JsonObject = {}): JsonObject {
  return { kind, selector: { query: 'true', ...selector }, port: { entity: { mappings } } };
}
