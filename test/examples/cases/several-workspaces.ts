import { aCompany } from '../../world/a-company.js';
import { aCloud, BITBUCKET, type ExampleCase } from '../example-world.js';

const company = () =>
  aCompany()
    .withProject('PAY', { name: 'Payments', description: 'Money in and out' })
    .withRepository('PAY', 'api', { name: 'Payment API' })
    .build();

/** One of the workspaces alone; how they get on together is tested apart. */
export const severalWorkspaces: ExampleCase = {
  start: () => aCloud(company()),
  expected: {
    bitbucketProject: {
      'acme/PAY': {
        title: 'Payments',
        properties: {
          description: 'Money in and out',
          url: `${BITBUCKET}/acme/workspace/projects/PAY`,
        },
        relations: {},
      },
    },
    bitbucketRepository: {
      'acme/api': {
        title: 'Payment API',
        properties: {
          url: `${BITBUCKET}/acme/api`,
          defaultBranch: 'main',
        },
        relations: {
          project: 'acme/PAY',
        },
      },
    },
  },
  previewed: {},
};
