import { aCompany } from '../../world/a-company.js';
import { aCloud, BITBUCKET, type ExampleCase } from '../example-world.js';

const company = () =>
  aCompany()
    .withUser({ name: 'ana', displayName: 'Ana Perez' })
    .withUser({ name: 'bo', displayName: 'Bo Lind' })
    .withProject('PAY', { name: 'Payments', description: 'Money in and out' })
    .withProject('OPS', { name: 'Operations' })
    .withRepository('PAY', 'api', {
      name: 'Payment API',
      files: { 'README.md': '# Payment API', CODEOWNERS: '* @ana' },
    })
    .withRepository('OPS', 'scripts', { empty: true })
    .withPullRequest('PAY', 'api', {
      title: 'Round to cents',
      author: 'ana',
      reviewers: ['bo'],
    })
    .withPullRequest('PAY', 'api', { id: 2, state: 'MERGED' })
    .build();

export const cloudQuickStart: ExampleCase = {
  start: () => aCloud(company()),
  expected: {
    bitbucketProject: {
      'acme/PAY': {
        title: 'Payments',
        properties: {
          private: true,
          description: 'Money in and out',
          url: `${BITBUCKET}/acme/workspace/projects/PAY`,
        },
        relations: {},
      },
      'acme/OPS': {
        title: 'Operations',
        properties: {
          private: true,
          description: null,
          url: `${BITBUCKET}/acme/workspace/projects/OPS`,
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
          readme: '# Payment API',
          codeowners: '* @ana',
        },
        relations: {
          project: 'acme/PAY',
        },
      },
      'acme/scripts': {
        title: 'scripts',
        properties: {
          url: `${BITBUCKET}/acme/scripts`,
          defaultBranch: null,
          readme: null,
          codeowners: null,
        },
        relations: {
          project: 'acme/OPS',
        },
      },
    },
    bitbucketPullRequest: {
      'acme/api/pull-requests/1': {
        title: 'Round to cents',
        properties: {
          creator: 'Ana Perez',
          assignees: ['Bo Lind'],
          reviewers: ['Bo Lind'],
          status: 'OPEN',
          createdAt: '2025-05-20T12:37:29.000000+00:00',
          updatedAt: '2025-05-20T12:37:29.000000+00:00',
          link: `${BITBUCKET}/acme/api/pull-requests/1`,
        },
        relations: {
          repository: 'acme/api',
        },
      },
    },
  },
  previewed: { 'pull-request': ['acme/api/pull-requests/1'], repository: ['acme/api'] },
};
