import { table } from './markdown.js';

/** Something of the catalog that the container would have loaded in another way. */
export interface CatalogDifference {
  readonly flavour: 'server' | 'cloud';
  /** Whose default mapping both used, or we alone. */
  readonly mapping: 'container' | 'built-in';
  readonly blueprint: string;
  readonly identifier: string;
  /** `properties.documentation`; null: the entity as a whole is in one of the catalogs alone. */
  readonly field: string | null;
  readonly isHere: boolean;
  /** What the container made for the identifier, whether Port took it or not. */
  readonly made: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  /** Whether the container's catalog holds the entity with more than its identifier. */
  readonly isLoadedThere: boolean;
}

/** A row of the page: what it says, and which differences of the catalog it is about. */
interface Row {
  readonly what: string;
  readonly container: string;
  readonly here: string;
  readonly why: string;
  readonly explains: (difference: CatalogDifference) => boolean;
}

const isOneOf = (difference: CatalogDifference, ...fields: readonly string[]): boolean =>
  difference.field !== null && fields.includes(difference.field);

/** What differs in the catalog, in the order of the page. The first row that explains it counts. */
export const containerDifferences = [
  {
    what: 'Data Center: `.__readme` of a repository',
    container: 'null',
    here: 'the README; an empty text if there is none',
    why: 'The default mapping fills `documentation` with it, but the container no longer reads it.',
    explains: (one) => one.flavour === 'server' && isOneOf(one, 'properties.documentation'),
  },
  {
    what: 'Data Center: `.__latestCommit` of a repository',
    container: 'null',
    here: 'the latest commit of the default branch',
    why: 'The default mapping fills `latestCommitAuthor` with it, but the container no longer reads it.',
    explains: (one) => one.flavour === 'server' && isOneOf(one, 'relations.latestCommitAuthor'),
  },
  {
    what: 'Several items with one identifier, such as two repositories with the same slug',
    container: 'the last one overwrites the others',
    here: 'the first one counts, and a warning names both',
    why: 'The result must not depend on the order of requests, and nobody should have to guess what is missing.',
    explains: (one) => one.made.length > 1 && one.isLoadedThere,
  },
  {
    what: 'A null in a list of texts, such as a reviewer without an e-mail address',
    container: 'Port refuses the entity',
    here: 'the entity is loaded without the null, and a warning says so',
    why: 'One missing value must not cost a pull request.',
    explains: (one) =>
      one.field === null &&
      one.isHere &&
      one.made.some(({ properties }) =>
        Object.values(properties).some((value) => Array.isArray(value) && value.includes(null)),
      ),
  },
  {
    what: 'Cloud: `.reviewers` and `.participants` of a pull request',
    container: 'missing: null',
    here: 'the people; an empty list if there are none',
    why: 'Bitbucket leaves them out of a list of pull requests unless they are asked for. They cost no request.',
    explains: (one) =>
      one.flavour === 'cloud' && isOneOf(one, 'properties.reviewers', 'properties.assignees'),
  },
  {
    what: 'Entities that are sent together with one that Port refuses, such as a repository whose name holds a space',
    container: 'up to 20 entities are lost',
    here: 'only that one is left out, and a warning names it',
    why: 'One bad item must not cost its neighbours.',
    explains: (one) => one.isHere && one.made.length > 0 && !one.isLoadedThere,
  },
  {
    what: 'Cloud: a pull request for which Bitbucket does not name the repository',
    container: 'loaded with its number as the identifier, without a repository',
    here: 'loaded as a pull request of the repository that listed it',
    why: 'Each repository counts from 1, so a number alone stands for many pull requests.',
    explains: (one) =>
      one.flavour === 'cloud' &&
      one.blueprint === 'bitbucketPullRequest' &&
      one.field === null &&
      (one.isHere
        ? one.mapping === 'container' && one.made.length === 0
        : /^\d+$/u.test(one.identifier)),
  },
  {
    what: 'Cloud, built-in mapping: a repository whose name Port does not take as an identifier, and its pull requests',
    container: 'not loaded',
    here: 'loaded under the slug of the repository',
    why: 'Every repository has a slug that Port takes.',
    explains: (one) =>
      one.flavour === 'cloud' && one.mapping === 'built-in' && one.isHere && one.made.length === 0,
  },
  {
    what: 'Cloud, built-in mapping: code owners',
    container: '`CODEOWNERS` at the root',
    here: '`.bitbucket/CODEOWNERS`; `CODEOWNERS` at the root if the former does not exist',
    why: 'Bitbucket itself reads `.bitbucket/CODEOWNERS`.',
    explains: (one) =>
      one.flavour === 'cloud' &&
      one.mapping === 'built-in' &&
      isOneOf(one, 'properties.codeowners'),
  },
] as const satisfies readonly Row[];

/** What a user sees in another way in the catalog. */
export function containerDifferenceTable(): string {
  return table(
    ['what', 'with the container', 'here', 'why'],
    containerDifferences.map(({ what, container, here, why }) => [what, container, here, why]),
  );
}
