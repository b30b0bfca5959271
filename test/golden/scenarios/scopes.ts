import {
  mergePullRequest,
  removeProject,
  removeRepository,
} from '../../../src/sandbox/company/changes.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import { aCompany, aMoment } from '../../world/a-company.js';
import { OTHER, resource } from '../../pipeline/safety-world.js';
import { cloud, server, type GoldenWorld, type Step } from '../scenario.js';
import { aCompanyOfMany, aUsualCompany } from './company.js';
import { answers, atBitbucket, ending } from './faults.js';
import { holding, identifierOf, signAsContainer } from './port.js';

/** A repository, a project and a pull request go away. */
const someGo = ({ company }: GoldenWorld): void => {
  removeRepository(company, 'WEB', 'shop');
  removeProject(company, 'OPS');
  mergePullRequest(company, 'PAY', 'api', 1, aMoment);
};

/** The same, run after run, in one world; before the first something changes. */
function inTurn(
  change: (world: GoldenWorld) => void,
  runs: readonly Pick<Step, 'run' | 'env'>[],
): readonly Step[] {
  return runs.map((step, index): Step => ({
    name: index === 0 ? 'something went away' : 'it still has to be deleted',
    ...(index === 0 ? { change } : {}),
    ...step,
  }));
}

/** More repositories, and more pull requests in the first, than a page of Bitbucket Cloud holds. */
function moreThanAPage(): Company {
  const builder = aCompany();
  for (let number = 1; number <= 103; number += 1) builder.withRepository('PAY', `r${number}`);
  for (let id = 1; id <= 53; id += 1) builder.withPullRequest('PAY', 'r1', { id });
  return builder.build();
}

const loaded = { company: aUsualCompany, before: ['sync'] };

/** All but the first repository. */
const nearlyAllGo = ({ company }: GoldenWorld): void => {
  for (const slug of ['r2', 'r3', 'r4', 'r5']) removeRepository(company, 'PAY', slug);
};

/** All open pull requests but one are merged, and every repository stays. */
const nearlyAllAreMerged = ({ company, clock }: GoldenWorld): void => {
  const now = clock.now();
  for (const slug of ['r1', 'r2', 'r3', 'r4', 'r5']) {
    for (const id of [1, 2, 3]) {
      if (`${slug}-${String(id)}` !== 'r1-1') mergePullRequest(company, 'PAY', slug, id, now);
    }
  }
};

const deletesMany: readonly Step[] = [
  {
    name: 'nearly all pull requests are merged, and none can be asked for',
    change: nearlyAllAreMerged,
    faults: atBitbucket(({ path }) => /\/pull-?requests\/\d+$/u.test(path), answers(500)),
    run: 'sync',
  },
  { name: 'they can be asked for', run: 'sync' },
  { name: 'nearly all repositories are gone', change: nearlyAllGo, run: 'sync' },
];

function takeOver(flavour: 'server' | 'cloud'): readonly Step[] {
  return [
    {
      name: 'the container loaded the catalog, then a repository went away',
      change: (world) => {
        signAsContainer(world.port, flavour);
        removeRepository(world.company, 'WEB', 'shop');
      },
      run: 'sync',
    },
    { name: 'we are the one who loads it', run: 'sync' },
    {
      name: 'the container signs again',
      change: (world) => {
        world.port.sign(identifierOf(flavour), '0.48.0');
        removeProject(world.company, 'OPS');
      },
      run: 'sync',
    },
  ];
}

export const scopes = [
  server('narrowed', {
    ...loaded,
    steps: inTurn(someGo, [
      { run: 'sync --kinds project,user' },
      { run: 'sync --kinds pull-request' },
      { run: 'sync --projects PAY' },
      { run: 'sync --projects PAY,NOPE' },
      { run: 'sync', env: { BITBUCKET_PROJECTS_FILTER: 'WEB' } },
      { run: 'sync', env: { PULL_REQUEST_STATE: 'MERGED' } },
      { run: 'sync --pull-request-state ALL' },
      { run: 'sync' },
    ]),
  }),
  cloud('narrowed', {
    ...loaded,
    steps: inTurn(someGo, [{ run: 'sync --kinds pull-request' }, { run: 'sync' }]),
  }),
  server('no-deletions', {
    ...loaded,
    steps: inTurn(someGo, [
      { run: 'sync --no-delete' },
      { run: 'sync --deletion-threshold 0' },
      { run: 'sync' },
    ]),
  }),

  server('take-over', { ...loaded, steps: takeOver('server') }),
  cloud('take-over', { ...loaded, steps: takeOver('cloud') }),

  server('deletes-many', { company: aCompanyOfMany, before: ['sync'], steps: deletesMany }),
  cloud('deletes-many', { company: aCompanyOfMany, before: ['sync'], steps: deletesMany }),
  server('deletes-repositories', {
    company: aCompanyOfMany,
    before: ['sync'],
    steps: [
      {
        name: 'nearly all are gone, and none may be asked for',
        change: nearlyAllGo,
        faults: atBitbucket(({ path }) => /\/repos\/r[2-5]$/u.test(path), answers(403)),
        run: 'sync',
      },
      {
        name: 'they answer in words that prove nothing',
        faults: atBitbucket(({ path }) => /\/repos\/r[2-5]$/u.test(path), answers(404)),
        run: 'sync',
      },
      { name: 'they are asked for', run: 'sync' },
    ],
  }),
  cloud('deletes-repositories', {
    company: aCompanyOfMany,
    before: ['sync'],
    steps: [
      { name: 'nearly all are gone at once', change: nearlyAllGo, run: 'sync' },
      { name: 'they still are', run: 'sync --deletion-threshold 1' },
      // By the clock of the built-in Port it is the first day of 2026.
      { name: 'fewer than all are approved', run: 'sync --approve 15@2026-01-01' },
      { name: 'all are approved', run: 'sync --approve 16@2026-01-01' },
    ],
  }),

  server('several-pages', {
    company: aCompanyOfMany,
    bitbucket: { pageCap: 2 },
    steps: [
      { name: 'nothing is in Port', run: 'sync' },
      {
        name: 'a repository and a pull request went away',
        change: ({ company }) => {
          removeRepository(company, 'PAY', 'r2');
          mergePullRequest(company, 'PAY', 'r4', 2, aMoment);
        },
        run: 'sync',
      },
    ],
  }),
  cloud('several-pages', {
    company: moreThanAPage,
    given: holding('cloud', { repository: {}, pullRequest: {} }, [
      resource(
        'repository',
        { identifier: '.slug', blueprint: '"repository"' },
        { query: 'any(.slug; . == "r1", . == "r102", . == "r103")' },
      ),
      resource(
        'pull-request',
        { identifier: '.id | tostring', blueprint: '"pullRequest"' },
        { query: '.id | . == 1 or . > 51', repoQuery: 'name = "r1"' },
      ),
    ]),
    steps: [
      { name: 'nothing is in Port', run: 'sync' },
      {
        name: 'a repository and a pull request went away',
        change: ({ company }) => {
          removeRepository(company, 'PAY', 'r102');
          mergePullRequest(company, 'PAY', 'r1', 52, aMoment);
        },
        run: 'sync',
      },
    ],
  }),

  server('stopped', {
    company: aCompanyOfMany,
    before: ['sync'],
    steps: [
      {
        name: 'while it reads pull requests',
        change: ({ company }) => {
          removeRepository(company, 'PAY', 'r2');
        },
        // One kind, one request at a time: what else is under way when the stop comes would vary.
        run: 'sync --kinds pull-request --concurrency 1',
        stopsAt: { at: 'bitbucket', when: ending('/r3/pull-requests') },
      },
      { name: 'it is not', run: 'sync' },
    ],
  }),

  server('entities-of-others', {
    ...loaded,
    steps: [
      {
        name: 'what others own or relate to is not deleted',
        change: ({ company, port }) => {
          port.putBlueprint({
            identifier: 'service',
            title: 'Service',
            schema: { properties: {} },
            relations: {
              repository: { target: 'bitbucketRepository', required: false, many: false },
            },
          });
          const theirs = { datasource: OTHER };
          port.putEntity('bitbucketRepository', { identifier: 'theirs', title: 'T' }, theirs);
          port.putEntity('service', { identifier: 's', relations: { repository: 'shop' } }, theirs);
          removeRepository(company, 'WEB', 'shop');
        },
        run: 'sync',
      },
      { name: 'unless it is allowed', run: 'sync --allow-cascade' },
    ],
  }),

  server('settings-in-files', {
    company: aUsualCompany,
    files: {
      'bitbucket-port.yml': [
        'integration:',
        '  identifier: ours',
        'sync:',
        '  enrich: []',
        '  kinds: [project, repository]',
        '',
      ].join('\n'),
      '.env': 'SEND_RAW_DATA_EXAMPLES=false\n',
      'broken.yml': 'integration:\n  identifer: ours\n',
    },
    steps: [
      { name: 'that are found', run: 'sync' },
      { name: 'less than a flag', run: 'sync --kinds user' },
      { name: 'with a name that is wrong', run: 'sync --config broken.yml' },
    ],
  }),
];
