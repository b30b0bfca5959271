import { aBlueprintBody } from '../../pipeline/loading-world.js';
import { aCompany } from '../../world/a-company.js';
import { aDataCenter, BITBUCKET, type ExampleCase } from '../example-world.js';

const company = () =>
  aCompany()
    .withUser({ name: 'ana', emailAddress: 'Ana.Perez@example.com' })
    .withUser({ name: 'bo', emailAddress: 'bo@example.com' })
    .withUser({ name: 'guest', emailAddress: 'guest@elsewhere.example' })
    .withUser({ name: 'bot', emailAddress: null })
    .withRepository('PAY', 'api', { name: 'Payment API' })
    .withPullRequest('PAY', 'api', {
      title: 'Round to cents',
      author: 'ana',
      reviewers: ['bo', 'bot', 'guest'],
    })
    .withPullRequest('PAY', 'api', { title: 'Update lodash', author: 'bot' })
    .withPullRequest('PAY', 'api', { title: 'Fix a typo', author: 'guest', reviewers: ['ana'] })
    .build();

export const pullRequestAuthors: ExampleCase = {
  start: () => aDataCenter(company()),
  prepare: (port) => {
    port.putBlueprint(aBlueprintBody('_user'));
    for (const identifier of ['ana.perez@example.com', 'bo@example.com', 'cy@example.com']) {
      port.putEntity('_user', { identifier, title: identifier }, { datasource: null });
    }
  },
  expected: {
    bitbucketRepository: {
      'PAY/api': {
        title: 'Payment API',
        properties: {
          link: `${BITBUCKET}/projects/PAY/repos/api/browse`,
        },
        relations: {},
      },
    },
    bitbucketPullRequest: {
      'PAY/api/pull-requests/3': {
        title: 'Fix a typo',
        properties: {
          state: 'OPEN',
          link: `${BITBUCKET}/projects/PAY/repos/api/pull-requests/3`,
          updated_on: '2025-05-20T12:37:29Z',
        },
        relations: {
          repository: 'PAY/api',
          author: null,
          reviewerUsers: ['ana.perez@example.com'],
        },
      },
      'PAY/api/pull-requests/2': {
        title: 'Update lodash',
        properties: {
          state: 'OPEN',
          link: `${BITBUCKET}/projects/PAY/repos/api/pull-requests/2`,
          updated_on: '2025-05-20T12:37:29Z',
        },
        relations: {
          repository: 'PAY/api',
          author: null,
          reviewerUsers: [],
        },
      },
      'PAY/api/pull-requests/1': {
        title: 'Round to cents',
        properties: {
          state: 'OPEN',
          link: `${BITBUCKET}/projects/PAY/repos/api/pull-requests/1`,
          updated_on: '2025-05-20T12:37:29Z',
        },
        relations: {
          repository: 'PAY/api',
          author: 'ana.perez@example.com',
          reviewerUsers: ['bo@example.com'],
        },
      },
    },
  },
  searched: [1, 2, 3].map((id) => `PAY/api/pull-requests/${id}`),
  previewed: { 'pull-request': ['PAY/api/pull-requests/1'] },
};
