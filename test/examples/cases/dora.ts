import { mergePullRequest } from '../../../src/sandbox/company/changes.js';
import { uuidOf } from '../../../src/sandbox/cloud/identifiers.js';
import { commitId } from '../../../src/sandbox/company/identifiers.js';
import { aCommit, aCompany } from '../../world/a-company.js';
import { aCloud, BITBUCKET, type ExampleCase } from '../example-world.js';

const MINUTE = 60_000;
const DAY = 24 * 3_600_000;
/** When the clock of a world begins. */
const NOW = Date.UTC(2026, 0, 1);

/** A pull request that was merged, and an older one, a branch and a tag. */
export const deliveryCompany = () => {
  const commit = aCommit({ id: commitId('next'), at: NOW - 100 * DAY });
  const company = aCompany()
    .withRepository('PAY', 'api', {
      name: 'Payment API',
      commits: [aCommit({ id: commitId('main'), at: NOW - DAY })],
      branches: { 'feature/round': { files: {}, commit } },
      tags: { 'v1.0': { commit, annotation: { at: NOW - 99 * DAY, message: 'First\n' } } },
      environments: [{ name: 'Live', type: 'Production' }],
      pipelines: [
        {
          number: 1,
          branch: 'main',
          commit: commitId('main'),
          creator: 'admin',
          startedAt: NOW - DAY,
          finished: { at: NOW - DAY + 5 * MINUTE, result: 'SUCCESSFUL' },
          deploysTo: 'Live',
        },
      ],
    })
    .withUser({ name: 'ann' })
    .withPullRequest('PAY', 'api', {
      title: 'Round to cents',
      createdDate: NOW - 4 * DAY,
      updatedDate: NOW - 3 * DAY,
      activity: [{ what: 'approval', at: NOW - 3 * DAY, by: 'ann' }],
    })
    .withPullRequest('PAY', 'api', {
      title: 'Refund twice',
      createdDate: NOW - 300 * DAY,
      updatedDate: NOW - 299 * DAY,
    })
    .build();
  mergePullRequest(company, 'PAY', 'api', 1, NOW - 2 * DAY);
  return company;
};

const page = `${BITBUCKET}/acme/api`;
const repository = { repository: 'acme/api' };
const uuid = (text: string): string => uuidOf(text).slice(1, -1);
const live = `acme/api/environments/${uuid('environment Live of repository 1')}`;

export const dora: ExampleCase = {
  start: () => aCloud(deliveryCompany()),
  expected: {
    bitbucketRepository: {
      'acme/api': { title: 'Payment API', properties: { url: page }, relations: {} },
    },
    bitbucketPullRequest: {
      'acme/api/pull-requests/1': {
        title: 'Round to cents',
        properties: {
          status: 'MERGED',
          link: `${page}/pull-requests/1`,
          createdAt: '2025-12-28T00:00:00.000000+00:00',
          mergedAt: '2025-12-30T00:00:00.000000+00:00',
          mergeCommit: commitId('merge of PAY/api#1').slice(0, 12),
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
      'acme/api/branches/feature/round': {
        title: 'feature/round',
        properties: {
          url: `${page}/branch/feature/round`,
          isDefault: false,
          lastCommitAt: '2025-09-23T00:00:00.000000+00:00',
        },
        relations: repository,
      },
      'acme/api/branches/main': {
        title: 'main',
        properties: {
          url: `${page}/branch/main`,
          isDefault: true,
          lastCommitAt: '2025-12-31T00:00:00.000000+00:00',
        },
        relations: repository,
      },
    },
    bitbucketTag: {
      'acme/api/tags/v1.0': {
        title: 'v1.0',
        properties: {
          url: `${page}/commits/tag/v1.0`,
          commit: commitId('next'),
          taggedAt: '2025-09-24T00:00:00.000000+00:00',
        },
        relations: repository,
      },
    },
    bitbucketPipeline: {
      'acme/api/pipelines/1': {
        title: '#1',
        properties: {
          url: `${page}/pipelines/results/1`,
          status: 'SUCCESSFUL',
          startedAt: '2025-12-31T00:00:00.000000+00:00',
          finishedAt: '2025-12-31T00:05:00.000000+00:00',
          minutes: 5,
          commit: commitId('main'),
        },
        relations: repository,
      },
    },
    bitbucketEnvironment: {
      [live]: { title: 'Live', properties: { type: 'Production' }, relations: repository },
    },
    bitbucketDeployment: {
      [`acme/api/deployments/${uuid('deployment of repository 1, run 1')}`]: {
        title: '#1',
        properties: {
          url: `${page}/pipelines/results/1`,
          status: 'SUCCESSFUL',
          startedAt: '2025-12-31T00:00:00.000000+00:00',
          finishedAt: '2025-12-31T00:05:00.000000+00:00',
          commit: commitId('main'),
        },
        relations: { ...repository, environment: live },
      },
    },
  },
  previewed: {
    'pull-request': ['acme/api/pull-requests/1'],
  },
};
