import type { Credential } from '../../../src/sandbox/cloud/credential.js';
import { removeRepository } from '../../../src/sandbox/company/changes.js';
import { aToken } from '../../world/a-cloud-world.js';
import { cloud, server, type GoldenWorld, type Step, type StepFault } from '../scenario.js';
import { aUsualCompany } from './company.js';
import { answers, atBitbucket, atPort, ending, isBulk, searchOf } from './faults.js';

const shopGoes = ({ company }: GoldenWorld): void => {
  removeRepository(company, 'WEB', 'shop');
};

const WAIT = { 'retry-after': '7' };

function refusals(pullRequests: string): readonly Step[] {
  return [
    {
      name: 'every request is answered 401',
      change: shopGoes,
      faults: atBitbucket(() => true, answers(401)),
      run: 'sync',
    },
    {
      name: 'every request is answered 403',
      faults: atBitbucket(() => true, answers(403)),
      run: 'sync',
    },
    {
      // One at a time: how many are under way when the first is refused would vary.
      name: 'the credentials are refused from half-way on',
      ...refusedFrom(ending(pullRequests)),
      run: 'sync --concurrency 1',
    },
    {
      name: 'the credentials are refused half-way, and taken again',
      faults: atBitbucket(ending(pullRequests), answers(401)),
      run: 'sync --concurrency 1',
    },
  ];
}

/** Everything is refused after the first request of a sort, in each run of the step. */
function refusedFrom(when: StepFault['when']): Pick<Step, 'change' | 'faults'> {
  let isBegun = false;
  return {
    change: () => {
      isBegun = false;
    },
    faults: atBitbucket((request) => (isBegun ||= when(request)), answers(401)),
  };
}

function limits(repositories: string, pullRequests: string): readonly Step[] {
  return [
    {
      name: 'Bitbucket asks to wait at a root listing, twice',
      faults: atBitbucket(ending(repositories), answers(429, WAIT), 2),
      run: 'sync',
    },
    {
      name: 'Bitbucket asks to wait below a repository, once',
      change: shopGoes,
      faults: atBitbucket(ending(pullRequests), answers(429, WAIT), 1),
      run: 'sync',
    },
  ];
}

/** May see accounts, and nothing else. */
const POOR: Credential = { type: 'workspace-token', token: 'poor', scopes: ['account'] };

const loaded = { company: aUsualCompany, before: ['sync'] };

export const bitbucketFaults = [
  server('credentials-are-refused', { ...loaded, steps: refusals('/api/pull-requests') }),
  cloud('credentials-are-refused', { ...loaded, steps: refusals('/api/pullrequests') }),

  cloud('credentials-lack', {
    company: aUsualCompany,
    bitbucket: { credentials: [POOR, aToken('whole')] },
    steps: [
      {
        name: 'a scope',
        run: 'sync',
        env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: 'poor' },
      },
      {
        name: 'a workspace of this name',
        run: 'sync',
        env: {
          OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: 'whole',
          OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE: 'elsewhere',
        },
      },
      {
        name: 'nothing, but one of two tokens is of no use',
        run: 'sync',
        env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: 'unknown,whole' },
      },
    ],
  }),

  server('rate-limits', {
    company: aUsualCompany,
    steps: [
      ...limits('/repos', '/api/pull-requests'),
      {
        name: 'Port asks to wait, at a search',
        faults: atPort(searchOf('bitbucketRepository'), answers(429, WAIT), 2),
        run: 'sync',
      },
      {
        name: 'Port asks to wait, at a bulk',
        change: ({ company }) => {
          const index = company.projects.findIndex(({ key }) => key === 'PAY');
          company.projects[index] = { ...company.projects[index]!, description: 'More money' };
        },
        faults: atPort(isBulk, answers(429, WAIT), 2),
        run: 'sync',
      },
      {
        name: 'the user set a quota',
        run: 'sync',
        env: {
          OCEAN__INTEGRATION__CONFIG__BITBUCKET_RATE_LIMIT_QUOTA: '10',
          OCEAN__INTEGRATION__CONFIG__BITBUCKET_RATE_LIMIT_WINDOW: '60',
        },
      },
    ],
  }),
  cloud('rate-limits', {
    company: aUsualCompany,
    steps: limits('/repositories/fernlicht', '/api/pullrequests'),
  }),
];
