import {
  addPullRequest,
  mergePullRequest,
  removeRepository,
} from '../../../src/sandbox/company/changes.js';
import type { Fault } from '../../../src/sandbox/loopback.js';
import { aMoment, aPullRequest } from '../../world/a-company.js';
import { mappingOf, resource } from '../../pipeline/safety-world.js';
import { server, type GoldenWorld, type Step } from '../scenario.js';
import { aSmallCompany, aUsualCompany } from './company.js';
import { answers, atPort, isBulk, searchOf } from './faults.js';
import { holding, identifierOf } from './port.js';

const INTEGRATION = `/integration/${identifierOf('server')}`;
const LOST_ANSWER: Fault = { type: 'lost-answer' };

/** A repository and a pull request go away, and another pull request is opened. */
function aDay({ company }: GoldenWorld): void {
  removeRepository(company, 'WEB', 'shop');
  mergePullRequest(company, 'PAY', 'api', 1, aMoment);
  addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 4, author: 'bo' }));
}

const WELL: Step = { name: 'all is well again', run: 'sync' };

const loaded = { company: aUsualCompany, before: ['sync'] };

const LOCAL = mappingOf([
  resource('project', { identifier: '.key', title: '.name', blueprint: '"bitbucketProject"' }),
]);

export const portFaults = [
  server('port-refuses-the-token', {
    company: aSmallCompany,
    before: ['sync'],
    steps: [
      {
        name: 'none is given out',
        faults: atPort(({ path }) => path.endsWith('/access_token'), answers(401)),
        run: 'sync',
      },
      {
        name: 'one that is no longer taken is renewed',
        faults: atPort(searchOf('bitbucketProject'), answers(401), 1),
        run: 'sync',
      },
      {
        name: 'every write of an entity is forbidden',
        change: ({ company }) => {
          addPullRequest(company, 'PAY', 'ledger', aPullRequest({ id: 1 }));
        },
        faults: atPort(isBulk, answers(403)),
        run: 'sync',
      },
    ],
  }),

  server('port-search-fails', {
    ...loaded,
    steps: [
      {
        name: 'of repositories, with 500',
        change: aDay,
        faults: atPort(searchOf('bitbucketRepository'), answers(500)),
        run: 'sync',
      },
      {
        name: 'of pull requests, with 403',
        faults: atPort(searchOf('bitbucketPullRequest'), answers(403)),
        run: 'sync',
      },
      {
        name: 'of users, cut off',
        faults: atPort(searchOf('bitbucketUser'), { type: 'cut-off' }),
        run: 'sync',
      },
      {
        name: 'of all that is ours, with 500',
        faults: atPort(({ path }) => path.endsWith('/datasource-entities'), answers(500)),
        run: 'sync',
      },
      WELL,
    ],
  }),

  server('port-bulk-fails', {
    company: aSmallCompany,
    steps: [
      {
        name: 'with 422 for each that holds one repository',
        faults: atPort(
          (request) => isBulk(request) && request.body.includes('"ledger"'),
          answers(422),
        ),
        run: 'sync',
      },
      {
        name: 'with 500 for repositories, for good',
        faults: atPort(
          (request) => isBulk(request) && request.path.includes('/bitbucketRepository/'),
          answers(500),
        ),
        run: 'sync',
      },
      WELL,
      {
        name: 'with a lost answer, once',
        change: ({ company }) => {
          addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 2 }));
        },
        faults: atPort(isBulk, LOST_ANSWER, 1),
        run: 'sync',
      },
    ],
  }),

  server('port-bulk-is-too-large', {
    company: aSmallCompany,
    steps: [
      {
        name: 'for three entities at once',
        faults: atPort(
          ({ path, body }) =>
            path.endsWith('/entities/bulk') && body.split('"identifier"').length > 3,
          answers(413),
        ),
        run: 'sync',
      },
      WELL,
    ],
  }),

  server('port-turns-some-down', {
    company: aUsualCompany,
    given: holding('server', { repository: { properties: { size: { type: 'number' } } } }, [
      resource('repository', {
        identifier: '.slug',
        title: '.name',
        blueprint: '"repository"',
        properties: { size: 'if .slug == "api" then "large" else .id end', state: '.state' },
      }),
    ]),
    steps: [
      { name: 'one entity has a text where a number belongs', run: 'sync' },
      { name: 'it still has', run: 'sync' },
    ],
  }),

  server('port-deletion-fails', {
    ...loaded,
    steps: [
      ...([500, 403, 422] as const).map((status, index): Step => ({
        name: `with ${String(status)}`,
        ...(index === 0 ? { change: aDay } : {}),
        faults: atPort(({ path }) => path.endsWith('/bulk/entities/delete'), answers(status)),
        run: 'sync',
      })),
      {
        name: 'with a lost answer, once',
        faults: atPort(({ path }) => path.endsWith('/bulk/entities/delete'), LOST_ANSWER, 1),
        run: 'sync',
      },
      WELL,
    ],
  }),

  server('port-integration-fails', {
    company: aSmallCompany,
    files: { 'mapping.json': JSON.stringify(LOCAL) },
    steps: [
      ...([500, 403] as const).flatMap((status): Step[] => {
        const faults = atPort(
          ({ method, path }) => method === 'GET' && path.endsWith(INTEGRATION),
          answers(status),
        );
        return [
          { name: `with ${String(status)}`, faults, run: 'sync' },
          {
            name: `with ${String(status)}, and the mapping is local`,
            faults,
            run: 'sync --mapping mapping.json',
          },
        ];
      }),
      {
        name: 'to be created, with 403',
        faults: atPort(
          ({ method, path }) => method === 'POST' && path.endsWith('/integration'),
          answers(403),
        ),
        run: 'sync',
      },
      {
        name: 'to be marked, with 500',
        faults: atPort(
          ({ method, path }) => method === 'PATCH' && path.endsWith(INTEGRATION),
          answers(500),
        ),
        run: 'sync',
      },
      {
        name: 'to be told of the run, with 500',
        faults: atPort(({ path }) => path.endsWith('/resync-state'), answers(500)),
        run: 'sync',
      },
    ],
  }),

  server('port-has-another-integration', {
    company: aSmallCompany,
    given: (port) => {
      port.putIntegration({
        installationId: 'prod',
        installationAppType: 'bitbucket-server',
        version: '0.48.0',
        changelogDestination: {},
      });
    },
    steps: [
      { name: 'of the same type, and none was named', run: 'sync' },
      {
        name: 'of the same type, and a new one is named',
        run: 'sync',
        env: { PORT_INTEGRATION_IDENTIFIER: 'staging' },
      },
    ],
  }),

  server('port-blueprints-fail', {
    company: aSmallCompany,
    steps: [
      {
        name: 'to be listed, with 500',
        faults: atPort(
          ({ method, path }) => method === 'GET' && path.endsWith('/blueprints'),
          answers(500),
        ),
        run: 'sync',
      },
      {
        name: 'to get their relations, with 422',
        faults: atPort(
          ({ method, path }) => method === 'PATCH' && path.includes('/blueprints/'),
          answers(422),
        ),
        run: 'sync',
      },
      {
        name: 'to be there, and none may be made',
        run: 'sync',
        env: { INITIALIZE_PORT_RESOURCES: 'false' },
      },
    ],
  }),
];
