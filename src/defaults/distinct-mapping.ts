import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import { DEFAULTS } from './index.js';

/** What stands in for the identifiers of the default mapping, and for relations that lead to them. */
interface Distinct {
  readonly identifier: string;
  readonly relations?: Readonly<Record<string, string>>;
  /** Why it is so, for whoever reads the mapping. */
  readonly comment: string;
}

/** Port takes no `~`, with which the keys of personal projects begin. */
const projectKey = (path: string): string => `(${path} | sub("^~"; "users/"))`;
/** A repository by project and slug. */
export const repositoryOf = (path: string): string =>
  `${projectKey(`${path}.project.key`)} + "/" + ${path}.slug`;

const SERVER: Readonly<Record<string, Distinct>> = {
  project: {
    identifier: projectKey('.key'),
    comment: ' Projects by key. Port takes no ~, with which keys of personal projects begin.',
  },
  repository: {
    identifier: repositoryOf(''),
    relations: {
      project: projectKey('.project.key'),
      latestCommitAuthor: '.__latestCommit.author.slug',
    },
    comment: ' Repositories by project and slug: two projects may have the same slug.',
  },
  'pull-request': {
    identifier: `${repositoryOf('.toRef.repository')} + "/pull-requests/" + (.id|tostring)`,
    relations: {
      repository: repositoryOf('.toRef.repository'),
      participants: '[.participants[].user.slug]',
    },
    comment: ' Pull requests by repository and number: each repository counts from 1.',
  },
  user: {
    identifier: '.slug',
    comment: ' Users by slug, which everybody has; some have no e-mail address.',
  },
};

const CLOUD: Readonly<Record<string, Distinct>> = {
  project: {
    identifier: '.workspace.slug + "/" + .key',
    comment: ' Projects by workspace and key.',
  },
  repository: {
    identifier: '.full_name',
    // Bitbucket does not tell the project of every repository.
    relations: {
      project: 'if .project.key then .workspace.slug + "/" + .project.key else null end',
    },
    comment:
      ' Repositories by workspace and slug. Their names need not be unique, and may hold spaces.',
  },
  'pull-request': {
    identifier: '.destination.repository.full_name + "/pull-requests/" + (.id|tostring)',
    relations: { repository: '.destination.repository.full_name' },
    comment: [
      ' Open pull requests by repository and number: each repository counts from 1. lead_time_days in Port is',
      ' about merged ones, and stays empty while these are not read. To read them too, add to the selector:',
      ` pullRequestQuery: 'state="OPEN" OR state="MERGED"'`,
    ].join('\n'),
  },
};

const TABLES = { 'bitbucket-server': SERVER, 'bitbucket-cloud': CLOUD } as const;

/** A mapping whose identifiers cannot collide, with a comment on each resource, by its position. */
export interface DistinctMapping {
  readonly value: JsonObject;
  readonly comments: readonly string[];
}

/** The built-in mapping with other identifiers: those of today's catalogs may collide. */
export function distinctMapping(type: keyof typeof DEFAULTS): DistinctMapping {
  const { mapping } = DEFAULTS[type];
  const resources = isJsonArray(mapping.resources) ? mapping.resources : [];
  const changed = resources.map((resource) => withDistinct(resource, TABLES[type]));
  return {
    value: { ...mapping, resources: changed.map(({ value }) => value) },
    comments: changed.map(({ comment }) => comment),
  };
}

function withDistinct(
  resource: JsonValue,
  table: Readonly<Record<string, Distinct>>,
): { readonly value: JsonValue; readonly comment: string } {
  const { kind } = objectOf(resource);
  const distinct = typeof kind === 'string' ? table[kind] : undefined;
  if (distinct === undefined) throw new Error('a default resource without identifiers of its own');
  const port = objectOf(objectOf(resource).port);
  const entity = objectOf(port.entity);
  const mappings = objectOf(entity.mappings);
  const relations =
    distinct.relations === undefined
      ? {}
      : { relations: { ...objectOf(mappings.relations), ...distinct.relations } };
  const own = { ...mappings, identifier: distinct.identifier, ...relations };
  const value = { ...objectOf(resource), port: { ...port, entity: { ...entity, mappings: own } } };
  return { value, comment: distinct.comment };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
