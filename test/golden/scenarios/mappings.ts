import type { JsonObject } from '../../../src/model/json.js';
import { mergePullRequest, removeRepository } from '../../../src/sandbox/company/changes.js';
import type { SandboxPort } from '../../../src/sandbox/port/port.js';
import { aCompany, aMoment } from '../../world/a-company.js';
import { mappingOf, resource } from '../../pipeline/safety-world.js';
import { cloud, server, type GoldenWorld, type Step } from '../scenario.js';
import { aUsualCompany } from './company.js';
import { holding, putIntegration } from './port.js';

const FIRST: Step = { name: 'nothing is in Port', run: 'sync' };
const AGAIN: Step = { name: 'nothing changed', run: 'sync' };
const SOME_GO: Step = {
  name: 'a repository and a pull request went away',
  change: ({ company }: GoldenWorld) => {
    removeRepository(company, 'WEB', 'shop');
    mergePullRequest(company, 'PAY', 'api', 1, aMoment);
  },
  run: 'sync',
};

const repository: JsonObject = {
  identifier: '.slug',
  title: '.name',
  blueprint: '"repository"',
  properties: { state: '.state' },
};
const pullRequest: JsonObject = {
  identifier: '.toRef.repository.slug + "-" + (.id | tostring)',
  title: '.title',
  blueprint: '"pullRequest"',
  properties: { state: '.state' },
};
const TO_REPOSITORY = { repository: '.toRef.repository.slug' };
const REPOSITORY_AND_PULL_REQUEST = {
  repository: {},
  pullRequest: { relations: { repository: 'repository' } },
};

const bySlug: JsonObject = {
  combinator: '"and"',
  rules: [{ property: '"slug"', operator: '"="', value: '.slug' }],
};
const SLUG = { properties: { slug: { type: 'string' } } };

/** Entities of a person, which a search finds. */
function withServices(put: (port: SandboxPort) => void): (port: SandboxPort) => void {
  return (port) => {
    put(port);
    for (const [identifier, slug] of Object.entries({ billing: 'api', books: 'ledger' })) {
      port.putEntity('service', { identifier, properties: { slug } }, { datasource: null });
    }
  };
}

/** Repositories that relate to one another in a chain and a circle, and one that nobody knows. */
const NEXT = { r1: 'r2', r2: 'r3', r3: 'r1', r4: 'r5', r6: 'nobody' };

function sixRepositories() {
  const builder = aCompany();
  for (let number = 1; number <= 6; number += 1) builder.withRepository('PAY', `r${number}`);
  return builder.build();
}

const PROJECTS = mappingOf([
  resource('project', { identifier: '.key', title: '.name', blueprint: '"bitbucketProject"' }),
]);

const serverMappings = [
  server('mapping-of-several-feeds', {
    company: aUsualCompany,
    given: holding('server', { repository: {}, name: {} }, [
      resource('repository', [
        repository,
        { identifier: '.project.key + "-" + .slug', title: '.name', blueprint: '"name"' },
      ]),
      // The same entities once more: merged in the order of the mapping, and written once.
      resource(
        'repository',
        {
          identifier: '.slug',
          title: '"archived"',
          blueprint: '"repository"',
          properties: { name: '.project.name' },
        },
        { query: '.archived' },
      ),
    ]),
    steps: [FIRST, AGAIN, SOME_GO],
  }),

  server('mapping-of-parsed-items', {
    company: aUsualCompany,
    given: holding('server', { review: {} }, [
      {
        kind: 'pull-request',
        selector: { query: '.reviewer.user.name != "bot"', state: 'ALL' },
        port: {
          itemsToParse: '.reviewers',
          itemsToParseName: 'reviewer',
          entity: {
            mappings: {
              identifier:
                '.toRef.repository.slug + "-" + (.id | tostring) + "-" + .reviewer.user.name',
              title: '.reviewer.user.displayName',
              blueprint: '"review"',
              properties: { state: '.reviewer.status', name: '(.reviewers | length | tostring)' },
            },
          },
        },
      },
    ]),
    steps: [FIRST, AGAIN, SOME_GO],
  }),

  server('mapping-of-searched-identifiers', {
    company: aUsualCompany,
    given: withServices(
      holding('server', { service: SLUG }, [
        resource('repository', {
          identifier: bySlug,
          blueprint: '"service"',
          properties: { state: '.state' },
        }),
      ]),
    ),
    steps: [
      { name: 'two of four repositories are found', run: 'sync' },
      { name: 'they are sent again', run: 'sync' },
    ],
  }),

  server('mapping-of-searched-relations', {
    company: aUsualCompany,
    given: holding('server', { project: {}, repository: { relations: { project: 'project' } } }, [
      resource('repository', {
        ...repository,
        relations: {
          project: {
            combinator: '"and"',
            rules: [{ property: '"name"', operator: '"="', value: '.project.name' }],
          },
        },
      }),
      resource('project', {
        identifier: '.key',
        blueprint: '"project"',
        properties: { name: '.name' },
      }),
    ]),
    steps: [FIRST, { name: 'all are sent again', run: 'sync' }, SOME_GO],
  }),

  server('mapping-of-computed-blueprints', {
    company: aUsualCompany,
    given: holding('server', { ...REPOSITORY_AND_PULL_REQUEST, closed: {} }, [
      resource('repository', repository),
      resource(
        'pull-request',
        { ...pullRequest, blueprint: 'if .state == "OPEN" then "pullRequest" else "closed" end' },
        { state: 'ALL' },
      ),
    ]),
    steps: [FIRST, AGAIN, SOME_GO],
  }),

  server('mapping-without-missing-targets', {
    company: sixRepositories,
    given: holding(
      'server',
      { repository: { relations: { next: 'repository' } } },
      [
        resource('repository', {
          ...repository,
          relations: { next: `${JSON.stringify(NEXT)}[.slug]` },
        }),
      ],
      { createMissingRelatedEntities: false },
    ),
    steps: [
      FIRST,
      AGAIN,
      {
        name: 'a target went away',
        change: ({ company }) => {
          removeRepository(company, 'PAY', 'r5');
        },
        run: 'sync',
      },
    ],
  }),

  server('mapping-of-relations', {
    company: aUsualCompany,
    given: holding('server', REPOSITORY_AND_PULL_REQUEST, [
      // Before what it relates to, and to repositories that no resource loads.
      resource('pull-request', { ...pullRequest, relations: TO_REPOSITORY }, { state: 'ALL' }),
      resource('repository', repository, { projects: ['PAY'] }),
    ]),
    steps: [FIRST, AGAIN, SOME_GO],
  }),

  server('mapping-that-is-no-jq', {
    company: aUsualCompany,
    given: holding('server', { repository: {}, pullRequest: {}, project: {} }, [
      resource('repository', { ...repository, title: '.name | (' }),
      resource('pull-request', pullRequest, { query: '.state ==' }),
      resource('project', { identifier: '.key', blueprint: '"project"' }),
    ]),
    steps: [FIRST, AGAIN],
  }),

  server('mapping-with-errors', {
    company: aUsualCompany,
    given: holding('server', { repository: {}, pullRequest: {}, project: {} }, [
      resource('repository', {
        ...repository,
        properties: { state: 'if .slug == "api" then error("no") else .state end', nope: '.id' },
      }),
      resource('pull-request', pullRequest, {
        query: 'if .id == 1 then error("no") else true end',
      }),
      resource(
        'project',
        { identifier: 'if .key == "OPS" then null else .key end', blueprint: '"project"' },
        { query: 'if .key == "WEB" then "yes" else true end' },
      ),
    ]),
    steps: [FIRST, AGAIN],
  }),

  server('mapping-in-a-file', {
    company: aUsualCompany,
    files: {
      'good.json': JSON.stringify(PROJECTS),
      'broken.json': JSON.stringify(
        mappingOf([resource('project', { identifier: '.key | (', blueprint: '"p"' })]),
      ),
      'unknown-kind.json': JSON.stringify(
        mappingOf([resource('repo', { identifier: '.slug', blueprint: '"p"' })]),
      ),
    },
    steps: [
      { name: 'that is good', run: 'sync --mapping good.json' },
      { name: 'that is good, a second time', run: 'sync --mapping good.json' },
      { name: 'that is no jq', run: 'sync --mapping broken.json' },
      { name: 'of a kind that is not known', run: 'sync --mapping unknown-kind.json' },
      { name: 'that is not there', run: 'sync --mapping nothing.json' },
      { name: 'no more: the built-in one', run: 'sync' },
    ],
  }),

  server('mapping-that-is-refused', {
    company: aUsualCompany,
    steps: [
      {
        name: 'as it is empty',
        change: ({ port }) => {
          putIntegration(port, 'server', { resources: [] });
        },
        run: 'sync',
      },
      {
        name: 'as a kind is not known',
        change: ({ port }) => {
          putIntegration(port, 'server', mappingOf([resource('repo', repository)]));
        },
        run: 'sync',
      },
      {
        name: 'as Port has no such blueprint',
        change: ({ port }) => {
          putIntegration(port, 'server', mappingOf([resource('repository', repository)]));
        },
        run: 'sync',
      },
    ],
  }),

  server('mapping-that-keeps', {
    company: aUsualCompany,
    given: holding('server', REPOSITORY_AND_PULL_REQUEST, [
      { ...resource('repository', repository), enableDelete: false },
      resource('pull-request', { ...pullRequest, relations: TO_REPOSITORY }),
    ]),
    steps: [FIRST, SOME_GO],
  }),

  server('mapping-that-is-odd', {
    company: aUsualCompany,
    given: holding(
      'server',
      REPOSITORY_AND_PULL_REQUEST,
      [
        resource('repository', repository),
        resource('pull-request', { ...pullRequest, relations: TO_REPOSITORY }),
      ],
      {
        deleteDependentEntities: false,
        enableMergeEntity: false,
      },
    ),
    steps: [FIRST, SOME_GO],
  }),

  server('mapping-with-unknown-keys', {
    company: aUsualCompany,
    given: holding('server', REPOSITORY_AND_PULL_REQUEST, [
      { ...resource('repository', repository), somethingNew: true },
      resource('pull-request', { ...pullRequest, relations: TO_REPOSITORY }),
    ]),
    steps: [
      FIRST,
      SOME_GO,
      {
        name: 'one that is told of a threshold of its own',
        change: ({ port }) => {
          putIntegration(
            port,
            'server',
            mappingOf([resource('repository', repository)], { entityDeletionThreshold: 0 }),
          );
        },
        run: 'sync',
      },
    ],
  }),

  server('mapping-with-selectors', {
    company: aUsualCompany,
    given: holding('server', { project: {}, repository: {}, pullRequest: {} }, [
      resource(
        'project',
        { identifier: '.key', blueprint: '"project"' },
        { projects: ['PAY', 'WEB', 'NOPE'], projectFilterRegex: 'P|W' },
      ),
      resource('repository', repository, { query: '.archived | not', projectFilterRegex: 'P' }),
      resource('pull-request', pullRequest, { state: 'MERGED', projects: ['PAY'] }),
    ]),
    steps: [FIRST, SOME_GO],
  }),

  server('mapping-that-collides', {
    company: () =>
      aCompany()
        .withRepository('PAY', 'api', { name: 'The first' })
        .withRepository('WEB', 'api', { name: 'The second' })
        .withRepository('~ana', 'own')
        .withPullRequest('PAY', 'api')
        .withPullRequest('WEB', 'api')
        .build(),
    bitbucket: { listsPersonalProjects: true },
    steps: [FIRST, AGAIN, { name: 'warnings count', run: 'sync --strict' }],
  }),
];

const SERVICE = {
  properties: {
    owner: { type: 'string' },
    readme: { type: 'string' },
    branch: { type: 'string' },
  },
} as const;

const files = {
  'README.md': '# Services',
  'services/shop/service.yml': 'name: shop\nowner: web\n---\nname: cart\nowner: web\n',
  'services/shop/README.md': '# Shop',
  'services/bank/service.yml': 'name: bank\nowner: file://OWNER\n',
  'services/bank/OWNER': 'pay',
  'services/bank/src/package.json': '{"name": "bank", "private": true}',
  'services/bank/broken.json': '{"name": ',
};

const aMonorepo = () =>
  aCompany()
    .withRepository('PAY', 'mono', { name: 'The Mono', files })
    .withRepository('PAY', 'plain', { files: { 'README.md': '# Plain' } })
    .withRepository('PAY', 'empty', { empty: true })
    .build();

const parsedFiles = (selector: JsonObject, port: JsonObject): JsonObject => ({
  kind: 'file',
  selector: { query: 'true', ...selector },
  port,
});

const cloudMappings = [
  cloud('mapping-of-files', {
    company: aMonorepo,
    given: holding('cloud', { service: SERVICE, package: SERVICE }, [
      parsedFiles(
        { files: { path: 'services/*', filenames: ['service.yml'] } },
        {
          itemsToParse: '.content | if type == "array" then . else [.] end',
          itemsToParseName: 'service',
          entity: {
            mappings: {
              identifier: '.repo.slug + "/" + .service.name',
              title: '.service.name',
              blueprint: '"service"',
              properties: { owner: '.service.owner', branch: '.branch' },
            },
          },
        },
      ),
      parsedFiles(
        { files: { path: '**', filenames: ['*.json'], repos: ['mono'] } },
        {
          entity: {
            mappings: {
              identifier: '.metadata.path',
              title: '.content.name',
              blueprint: '"package"',
            },
          },
        },
      ),
    ]),
    steps: [FIRST, AGAIN],
  }),

  cloud('mapping-of-unparsed-files', {
    company: aMonorepo,
    given: holding('cloud', { service: SERVICE }, [
      resource(
        'file',
        {
          identifier: '.repo.slug',
          blueprint: '"service"',
          properties: { readme: '.content' },
        },
        { files: { path: '/', filenames: ['README.md'], skipParsing: true } },
      ),
    ]),
    steps: [FIRST, AGAIN],
  }),

  cloud('mapping-of-folders', {
    company: aMonorepo,
    given: holding('cloud', { service: SERVICE }, [
      resource(
        'folder',
        {
          identifier: '.folder.path',
          title: '.repo.name',
          blueprint: '"service"',
          properties: {
            branch: '.branch',
            readme: 'file://README.md',
            owner: '.__includedFiles["README.md"]',
          },
        },
        {
          folders: [{ path: 'services/*', repos: [{ name: 'The Mono', branch: 'main' }] }],
          includedFiles: ['README.md'],
        },
      ),
    ]),
    steps: [FIRST, AGAIN],
  }),

  cloud('mapping-with-selectors', {
    company: aUsualCompany,
    given: holding('cloud', { repository: SERVICE, pullRequest: {} }, [
      resource(
        'repository',
        {
          identifier: '.slug',
          title: '.name',
          blueprint: '"repository"',
          properties: { readme: '.__includedFiles["README.md"]', owner: 'file://CODEOWNERS' },
        },
        { repoQuery: 'name ~ "a"', userRole: 'member', includedFiles: ['README.md'] },
      ),
      resource(
        'pull-request',
        {
          identifier: '.destination.repository.name + (.id | tostring)',
          title: '.title',
          blueprint: '"pullRequest"',
          properties: { state: '.state' },
        },
        { pullRequestQuery: 'state="MERGED" OR state="DECLINED"' },
      ),
    ]),
    steps: [
      FIRST,
      {
        name: 'a pull request is merged',
        change: ({ company }) => {
          mergePullRequest(company, 'PAY', 'api', 1, aMoment);
        },
        run: 'sync',
      },
    ],
  }),
];

export const mappings = [...serverMappings, ...cloudMappings];
