import { commitId } from '../../../src/sandbox/company/identifiers.js';
import { aDataCenter, BITBUCKET, type ExampleCase } from '../example-world.js';
import { deliveryCompany } from './dora.js';

const page = `${BITBUCKET}/projects/PAY/repos/api`;
const repository = { repository: 'PAY/api' };

export const dataCenterDora: ExampleCase = {
  start: () => aDataCenter(deliveryCompany()),
  expected: {
    bitbucketRepository: {
      'PAY/api': { title: 'Payment API', properties: { url: `${page}/browse` }, relations: {} },
    },
    bitbucketPullRequest: {
      'PAY/api/pull-requests/1': {
        title: 'Round to cents',
        properties: {
          status: 'MERGED',
          link: `${page}/pull-requests/1`,
          createdAt: '2025-12-28T00:00:00Z',
          mergedAt: '2025-12-30T00:00:00Z',
          mergeCommit: commitId('merge of PAY/api#1'),
          leadTimeHours: 48,
          firstReviewAt: '2025-12-29T00:00:00Z',
          hoursToFirstReview: 24,
          approvedAt: '2025-12-29T00:00:00Z',
          reviewRounds: 1,
        },
        relations: repository,
      },
    },
    bitbucketBranch: {
      'PAY/api/branches/feature/round': {
        title: 'feature/round',
        properties: {
          url: `${page}/browse?at=refs%2Fheads%2Ffeature%2Fround`,
          isDefault: false,
          lastCommitAt: '2025-09-23T00:00:00Z',
        },
        relations: repository,
      },
      'PAY/api/branches/main': {
        title: 'main',
        properties: {
          url: `${page}/browse?at=refs%2Fheads%2Fmain`,
          isDefault: true,
          lastCommitAt: '2025-12-31T00:00:00Z',
        },
        relations: repository,
      },
    },
    bitbucketTag: {
      'PAY/api/tags/v1.0': {
        title: 'v1.0',
        properties: {
          url: `${page}/browse?at=refs%2Ftags%2Fv1.0`,
          commit: commitId('next'),
          taggedAt: '2025-09-23T00:00:00Z',
        },
        relations: repository,
      },
    },
    bitbucketPipeline: {
      'PAY/api/builds/main/api-deploy-Live': {
        title: 'Deploy Payment API to Live',
        properties: {
          url: 'https://ci.example.com/job/api-deploy-Live/1',
          status: 'SUCCESSFUL',
          startedAt: '2025-12-31T00:00:00Z',
          finishedAt: '2025-12-31T00:05:00Z',
          commit: commitId('main'),
        },
        relations: repository,
      },
    },
  },
  previewed: {
    branch: ['PAY/api/branches/feature/round'],
    'pull-request': ['PAY/api/pull-requests/1'],
    tag: ['PAY/api/tags/v1.0'],
  },
};
