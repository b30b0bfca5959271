import type { Company, PullRequest, Repository, User } from '../../src/sandbox/company/company.js';
import { pullRequestsOf } from '../../src/sandbox/company/lookup.js';
import type { JsonObject, JsonValue } from '../../src/model/json.js';

/** What a mapping must make of an entity, as far as the test looks at it. */
export interface Expected {
  readonly title?: string;
  readonly properties?: JsonObject;
  readonly relations?: JsonObject;
}

/** What must be in the catalog, by blueprint and identifier; a bare relation target is `{}`. */
export type Catalog = ReadonlyMap<string, ReadonlyMap<string, Expected>>;

type Made = readonly [blueprint: string, identifier: string, entity: Expected];

/** A mapping, and what it makes of a company: told a second time, in TypeScript instead of jq. */
export interface SafetyMapping {
  readonly name: string;
  /** What Port holds as the mapping; null for the built-in one. */
  readonly config: JsonObject | null;
  /** In the order in which the first of two of one name wins; later resources add their fields. */
  readonly makes: (seen: Seen) => readonly (readonly Made[])[];
  readonly createsMissing: boolean;
  /** Whether only the items tell which blueprint is fed. */
  readonly isComputed: boolean;
  /** The blueprint whose entities no run can compare: they are sent each time. */
  readonly alwaysSent?: string;
}

/** What Bitbucket shows. */
export interface Seen {
  readonly users: readonly User[];
  readonly projects: readonly { readonly key: string; readonly name: string }[];
  readonly repositories: readonly Repository[];
  readonly pullRequests: readonly {
    readonly repository: Repository;
    readonly source: Repository;
    readonly pullRequest: PullRequest;
  }[];
  readonly address: (name: string) => string | null;
}

/** Where the relations of the blueprints lead. */
const TARGETS: Readonly<Record<string, string>> = {
  project: 'bitbucketProject',
  latestCommitAuthor: 'bitbucketUser',
  repository: 'bitbucketRepository',
  sourceRepository: 'bitbucketRepository',
  participants: 'bitbucketUser',
};

/** What Bitbucket shows of a company. */
export function seenOf(company: Company, listsPersonalProjects: boolean): Seen {
  const projects = company.projects.filter(
    ({ owner }) => owner === undefined || listsPersonalProjects,
  );
  const keys = new Set(projects.map(({ key }) => key));
  const repositories = company.repositories
    .filter(({ project }) => keys.has(project))
    .sort((one, other) => one.id - other.id);
  return {
    projects,
    repositories,
    users: company.users.filter(({ active }) => active),
    pullRequests: repositories.flatMap((repository) =>
      [...pullRequestsOf(company, repository)].map((pullRequest) => ({
        repository,
        pullRequest,
        source:
          company.repositories.find(({ id }) => id === pullRequest.from.repository) ?? repository,
      })),
    ),
    address: (name) => company.users.find((user) => user.name === name)?.emailAddress ?? null,
  };
}

/** The catalog that a full run without faults leaves. */
export function expectedCatalog(mapping: SafetyMapping, seen: Seen): Catalog {
  const catalog = new Map<string, Map<string, Expected>>();
  for (const resource of mapping.makes(seen)) {
    const own = new Set<string>();
    for (const [blueprint, identifier, entity] of resource.flatMap(takenByPort)) {
      const key = `${blueprint}\n${identifier}`;
      if (own.has(key)) continue;
      own.add(key);
      const entities = catalog.get(blueprint) ?? new Map<string, Expected>();
      catalog.set(blueprint, entities);
      const earlier = entities.get(identifier) ?? {};
      entities.set(identifier, {
        ...earlier,
        ...entity,
        properties: { ...earlier.properties, ...entity.properties },
        relations: { ...earlier.relations, ...entity.relations },
      });
    }
  }
  if (mapping.createsMissing) addBareTargets(catalog);
  return catalog;
}

/** Port takes no `~` in an identifier: such an entity is left out, such a relation is empty. */
function takenByPort([blueprint, identifier, entity]: Made): readonly Made[] {
  if (identifier.includes('~')) return [];
  const relations: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(entity.relations ?? {})) {
    relations[name] = typeof value === 'string' && value.includes('~') ? null : value;
  }
  return [[blueprint, identifier, { ...entity, relations }]];
}

function addBareTargets(catalog: Map<string, Map<string, Expected>>): void {
  const relations = [...catalog.values()].flatMap((entities) =>
    [...entities.values()].flatMap((entity) => Object.entries(entity.relations ?? {})),
  );
  for (const [name, value] of relations) {
    const blueprint = TARGETS[name] ?? '';
    const entities = catalog.get(blueprint) ?? new Map<string, Expected>();
    catalog.set(blueprint, entities);
    for (const identifier of identifiersIn(value)) {
      if (!entities.has(identifier)) entities.set(identifier, {});
    }
  }
}

/** What relations lead to. */
export function targetsIn(relations: JsonObject): readonly (readonly [string, string])[] {
  return Object.entries(relations).flatMap(([name, value]) =>
    identifiersIn(value).map((identifier) => [TARGETS[name] ?? '', identifier] as const),
  );
}

function identifiersIn(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function resource(kind: string, mappings: JsonValue, selector: JsonObject = {}): JsonObject {
  return { kind, selector: { query: 'true', ...selector }, port: { entity: { mappings } } };
}

function config(resources: readonly JsonObject[], rest: JsonObject = {}): JsonObject {
  return { createMissingRelatedEntities: true, deleteDependentEntities: true, ...rest, resources };
}

const projectResource = resource('project', {
  identifier: '.key',
  title: '.name',
  blueprint: '"bitbucketProject"',
});
const projects = (seen: Seen): Made[] =>
  seen.projects.map(({ key, name }) => ['bitbucketProject', key, { title: name }]);

const userResource = resource('user', {
  identifier: '.emailAddress',
  title: '.displayName',
  blueprint: '"bitbucketUser"',
  properties: { username: '.name' },
});
const users = (seen: Seen): Made[] =>
  seen.users.flatMap(({ name, displayName, emailAddress }): Made[] =>
    emailAddress === undefined
      ? []
      : [
          [
            'bitbucketUser',
            emailAddress,
            { title: displayName, properties: { username: name } },
          ] as const,
        ],
  );

const repositoryMapping = {
  identifier: '.slug',
  title: '.name',
  blueprint: '"bitbucketRepository"',
  properties: { state: '.state' },
  relations: { project: '.project.key' },
};
const repositoryResource = resource('repository', repositoryMapping);
const repositories = (seen: Seen): Made[] =>
  seen.repositories.map(({ slug, name, state, project }) => [
    'bitbucketRepository',
    slug,
    { title: name, properties: { state }, relations: { project } },
  ]);

const PULL_REQUEST_ID = '(.toRef.repository.slug) + "-" + (.id|tostring)';
const pullRequestMapping = {
  identifier: PULL_REQUEST_ID,
  title: '.title',
  blueprint: '"bitbucketPullRequest"',
  properties: { state: '.state' },
};

type SeenPullRequest = Seen['pullRequests'][number];

function pullRequests(
  seen: Seen,
  states: readonly PullRequest['state'][],
  make: (each: SeenPullRequest) => Made,
): Made[] {
  return seen.pullRequests
    .filter(({ pullRequest }) => states.includes(pullRequest.state))
    .map(make);
}

const plainPullRequest = ({ repository, pullRequest }: SeenPullRequest): Made => [
  'bitbucketPullRequest',
  `${repository.slug}-${String(pullRequest.id)}`,
  { title: pullRequest.title, properties: { state: pullRequest.state } },
];

const related = (made: Made, relations: JsonObject): Made => [
  made[0],
  made[1],
  { ...made[2], relations },
];

const ALL = ['OPEN', 'MERGED', 'DECLINED'] as const;

const defaultRepository = (seen: Seen): Made[] =>
  seen.repositories.map((repository) => [
    'bitbucketRepository',
    repository.slug,
    {
      title: repository.name,
      properties: { documentation: repository.files['README.md'] ?? '', state: repository.state },
      relations: {
        project: repository.project,
        latestCommitAuthor: repository.commits[0]?.author.emailAddress ?? null,
      },
    },
  ]);

const defaultPullRequests = (seen: Seen): Made[] =>
  pullRequests(seen, ['OPEN'], (each) => {
    const addresses = (reviews: PullRequest['reviewers']): string[] =>
      reviews.flatMap(({ user }) => seen.address(user) ?? []);
    const [blueprint, identifier, entity] = plainPullRequest(each);
    return [
      blueprint,
      identifier,
      {
        ...entity,
        properties: {
          ...entity.properties,
          owner: seen.address(each.pullRequest.author),
          reviewers: addresses(each.pullRequest.reviewers),
        },
        relations: {
          repository: each.repository.slug,
          participants: addresses(each.pullRequest.participants),
        },
      },
    ];
  });

const base = { createsMissing: true, isComputed: false };

/** The mappings that users write, good and odd. */
export const SAFETY_MAPPINGS: readonly SafetyMapping[] = [
  {
    ...base,
    name: 'the default mapping',
    config: null,
    makes: (seen) => [
      projects(seen),
      defaultRepository(seen),
      defaultPullRequests(seen),
      users(seen),
    ],
  },
  {
    ...base,
    name: 'pull requests that relate to nothing',
    config: config([
      projectResource,
      repositoryResource,
      resource('pull-request', pullRequestMapping, { state: 'OPEN' }),
    ]),
    makes: (seen) => [
      projects(seen),
      repositories(seen),
      pullRequests(seen, ['OPEN'], plainPullRequest),
    ],
  },
  {
    ...base,
    name: 'pull requests that relate to the fork they come from',
    config: config([
      repositoryResource,
      resource('pull-request', {
        ...pullRequestMapping,
        relations: { sourceRepository: '.fromRef.repository.slug' },
      }),
    ]),
    makes: (seen) => [
      repositories(seen),
      pullRequests(seen, ['OPEN'], (each) =>
        related(plainPullRequest(each), { sourceRepository: each.source.slug }),
      ),
    ],
  },
  {
    ...base,
    name: 'two resources that feed one blueprint',
    config: config([
      projectResource,
      repositoryResource,
      resource(
        'repository',
        {
          identifier: '.slug',
          blueprint: '"bitbucketRepository"',
          properties: { state: '"ARCHIVED"', description: '.name' },
        },
        { query: '.archived' },
      ),
      resource(
        'pull-request',
        { ...pullRequestMapping, relations: { repository: '.toRef.repository.slug' } },
        { state: 'OPEN' },
      ),
      resource(
        'pull-request',
        { ...pullRequestMapping, relations: { repository: '.toRef.repository.slug' } },
        { state: 'MERGED' },
      ),
    ]),
    makes: (seen) => [
      projects(seen),
      repositories(seen),
      seen.repositories
        .filter(({ archived }) => archived)
        .map(({ slug, name }) => [
          'bitbucketRepository',
          slug,
          { properties: { state: 'ARCHIVED', description: name } },
        ]),
      pullRequests(seen, ['OPEN'], (each) =>
        related(plainPullRequest(each), { repository: each.repository.slug }),
      ),
      pullRequests(seen, ['MERGED'], (each) =>
        related(plainPullRequest(each), { repository: each.repository.slug }),
      ),
    ],
  },
  {
    ...base,
    name: 'an array of mappings',
    config: config([
      resource('repository', [
        repositoryMapping,
        { identifier: '.project.key + "-" + .slug', title: '.name', blueprint: '"extra"' },
      ]),
      userResource,
    ]),
    makes: (seen) => [
      repositories(seen),
      seen.repositories.map(({ project, slug, name }) => [
        'extra',
        `${project}-${slug}`,
        { title: name },
      ]),
      users(seen),
    ],
  },
  {
    ...base,
    name: 'a narrowed selector and every pull request',
    config: config([
      resource(
        'repository',
        { ...repositoryMapping, identifier: '.project.key + "-" + .slug' },
        { projects: ['PAY'] },
      ),
      resource(
        'pull-request',
        {
          ...pullRequestMapping,
          identifier: `.toRef.repository.project.key + "-" + ${PULL_REQUEST_ID}`,
          relations: { repository: '.toRef.repository.project.key + "-" + .toRef.repository.slug' },
        },
        { projects: ['PAY'], state: 'ALL' },
      ),
    ]),
    makes: (seen) => {
      const own = {
        ...seen,
        repositories: seen.repositories.filter(({ project }) => project === 'PAY'),
        pullRequests: seen.pullRequests.filter(({ repository }) => repository.project === 'PAY'),
      };
      return [
        repositories(own).map(([blueprint, slug, entity]): Made => [
          blueprint,
          `PAY-${slug}`,
          entity,
        ]),
        pullRequests(own, ALL, (each) => {
          const [blueprint, identifier, entity] = plainPullRequest(each);
          const relations = { repository: `PAY-${each.repository.slug}` };
          return [blueprint, `PAY-${identifier}`, { ...entity, relations }];
        }),
      ];
    },
  },
  {
    ...base,
    name: 'relations to what is there alone',
    createsMissing: false,
    config: config(
      [
        resource('pull-request', {
          ...pullRequestMapping,
          relations: { repository: '.toRef.repository.slug' },
        }),
        repositoryResource,
        projectResource,
      ],
      { createMissingRelatedEntities: false },
    ),
    makes: (seen) => [
      pullRequests(seen, ['OPEN'], (each) =>
        related(plainPullRequest(each), { repository: each.repository.slug }),
      ),
      repositories(seen),
      projects(seen),
    ],
  },
  {
    ...base,
    name: 'relations that a search finds',
    createsMissing: false,
    alwaysSent: 'bitbucketPullRequest',
    config: config(
      [
        repositoryResource,
        projectResource,
        resource('pull-request', {
          ...pullRequestMapping,
          relations: {
            repository: {
              combinator: '"and"',
              rules: [
                { property: '"$identifier"', operator: '"="', value: '.toRef.repository.slug' },
              ],
            },
          },
        }),
      ],
      { createMissingRelatedEntities: false },
    ),
    makes: (seen) => [
      repositories(seen),
      projects(seen),
      pullRequests(seen, ['OPEN'], (each) =>
        related(plainPullRequest(each), { repository: each.repository.slug }),
      ),
    ],
  },
  {
    ...base,
    name: 'a computed blueprint',
    isComputed: true,
    config: config([
      repositoryResource,
      resource(
        'pull-request',
        {
          ...pullRequestMapping,
          blueprint: 'if .state == "OPEN" then "bitbucketPullRequest" else "closedPullRequest" end',
          relations: { repository: '.toRef.repository.slug' },
        },
        { state: 'ALL' },
      ),
    ]),
    makes: (seen) => [
      repositories(seen),
      pullRequests(seen, ALL, (each) => {
        const [, identifier, entity] = plainPullRequest(each);
        const blueprint =
          each.pullRequest.state === 'OPEN' ? 'bitbucketPullRequest' : 'closedPullRequest';
        return [
          blueprint,
          identifier,
          { ...entity, relations: { repository: each.repository.slug } },
        ];
      }),
    ],
  },
  {
    ...base,
    name: 'identifiers that outlive a rename',
    config: config([
      repositoryResource,
      resource('pull-request', {
        ...pullRequestMapping,
        identifier: '"pr-" + (.toRef.repository.id|tostring) + "-" + (.id|tostring)',
        relations: { repository: '.toRef.repository.slug' },
      }),
    ]),
    makes: (seen) => [
      repositories(seen),
      pullRequests(seen, ['OPEN'], (each) => [
        'bitbucketPullRequest',
        `pr-${String(each.repository.id)}-${String(each.pullRequest.id)}`,
        { ...plainPullRequest(each)[2], relations: { repository: each.repository.slug } },
      ]),
    ],
  },
  {
    ...base,
    name: 'pull requests of repositories that are not mapped',
    config: config([
      resource('pull-request', {
        ...pullRequestMapping,
        relations: {
          repository: '.toRef.repository.slug',
          participants: '[.participants[].user.emailAddress]',
        },
      }),
    ]),
    makes: (seen) => [
      pullRequests(seen, ['OPEN'], (each) =>
        related(plainPullRequest(each), {
          repository: each.repository.slug,
          participants: each.pullRequest.participants.flatMap(
            ({ user }) => seen.address(user) ?? [],
          ),
        }),
      ),
    ],
  },
];
