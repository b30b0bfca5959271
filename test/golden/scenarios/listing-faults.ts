import {
  deactivateUser,
  mergePullRequest,
  removeRepository,
} from '../../../src/sandbox/company/changes.js';
import { aMoment } from '../../world/a-company.js';
import { cloud, server, type GoldenWorld, type Step, type StepFault } from '../scenario.js';
import { aUsualCompany } from './company.js';
import { atBitbucket, ending, LISTING_FAULTS } from './faults.js';

/** Something of each kind goes away; then a request goes wrong in every way, and at last in none. */
function stepsOf(when: StepFault['when']): readonly Step[] {
  const change = ({ company }: GoldenWorld): void => {
    removeRepository(company, 'WEB', 'shop');
    mergePullRequest(company, 'PAY', 'api', 1, aMoment);
    mergePullRequest(company, 'PAY', 'ledger', 1, aMoment);
    deactivateUser(company, 'dee');
  };
  return [
    ...LISTING_FAULTS.map(([name, fault], index): Step => ({
      name,
      ...(index === 0 ? { change } : {}),
      faults: atBitbucket(when, fault),
      run: 'sync',
    })),
    { name: 'is well again', run: 'sync' },
  ];
}

const run = { company: aUsualCompany, before: ['sync'] };

export const serverFaults = [
  server('faults-of-projects', { ...run, steps: stepsOf(ending('/projects')) }),
  server('faults-of-repositories', { ...run, steps: stepsOf(ending('/repos')) }),
  server('faults-of-users', { ...run, steps: stepsOf(ending('/users')) }),
  server('faults-of-pull-requests', { ...run, steps: stepsOf(ending('/api/pull-requests')) }),
  server('faults-of-readme', { ...run, steps: stepsOf(ending('/api/readme')) }),
  server('faults-of-latest-commit', {
    ...run,
    steps: stepsOf(({ path }) => path.endsWith('/api/commits')),
  }),
];

export const cloudFaults = [
  cloud('faults-of-projects', { ...run, steps: stepsOf(ending('/projects')) }),
  cloud('faults-of-repositories', { ...run, steps: stepsOf(ending('/repositories/fernlicht')) }),
  cloud('faults-of-pull-requests', { ...run, steps: stepsOf(ending('/api/pullrequests')) }),
  cloud('faults-of-included-files', { ...run, steps: stepsOf(ending('/api/src/main/README.md')) }),
];
