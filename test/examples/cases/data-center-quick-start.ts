import { aCompany, aCommit } from '../../world/a-company.js';
import { aDataCenter, BITBUCKET, type ExampleCase } from '../example-world.js';

const author = { name: 'Ana Perez', emailAddress: 'ana@example.com' };

const company = () =>
  aCompany()
    .withUser({ name: 'Ana', displayName: 'Ana Perez', emailAddress: author.emailAddress })
    .withUser({ name: 'bot', displayName: 'Build bot', emailAddress: null })
    .withProject('PAY', { name: 'Payments', description: 'Money in and out' })
    .withProject('WEB', { name: 'Web' })
    .withRepository('PAY', 'api', {
      name: 'Payment API',
      description: 'Takes payments',
      files: { 'README.md': '# Payment API' },
      commits: [aCommit({ author })],
    })
    .withRepository('WEB', 'api', { name: 'Web API' })
    .withPullRequest('PAY', 'api', {
      title: 'Round to cents',
      description: 'As banks do',
      author: 'Ana',
      reviewers: ['admin'],
      participants: ['bot'],
    })
    .withPullRequest('PAY', 'api', { id: 2, state: 'MERGED' })
    .build();

export const dataCenterQuickStart: ExampleCase = {
  start: () => aDataCenter(company()),
  expected: {
    bitbucketUser: {
      admin: {
        title: 'Admin',
        properties: {
          username: 'admin',
          url: `${BITBUCKET}/users/admin`,
          portUser: 'admin@example.com',
        },
        relations: {},
      },
      ana: {
        title: 'Ana Perez',
        properties: {
          username: 'Ana',
          url: `${BITBUCKET}/users/ana`,
          portUser: 'ana@example.com',
        },
        relations: {},
      },
      bot: {
        title: 'Build bot',
        properties: {
          username: 'bot',
          url: `${BITBUCKET}/users/bot`,
          portUser: null,
        },
        relations: {},
      },
    },
    bitbucketProject: {
      PAY: {
        title: 'Payments',
        properties: {
          public: false,
          type: 'NORMAL',
          description: 'Money in and out',
          link: `${BITBUCKET}/projects/PAY`,
        },
        relations: {},
      },
      WEB: {
        title: 'Web',
        properties: {
          public: false,
          type: 'NORMAL',
          description: null,
          link: `${BITBUCKET}/projects/WEB`,
        },
        relations: {},
      },
    },
    bitbucketRepository: {
      'PAY/api': {
        title: 'Payment API',
        properties: {
          description: 'Takes payments',
          state: 'AVAILABLE',
          forkable: true,
          public: false,
          link: `${BITBUCKET}/projects/PAY/repos/api/browse`,
          documentation: '# Payment API',
        },
        relations: {
          project: 'PAY',
          latestCommitAuthor: 'ana',
        },
      },
      'WEB/api': {
        title: 'Web API',
        properties: {
          description: null,
          state: 'AVAILABLE',
          forkable: true,
          public: false,
          link: `${BITBUCKET}/projects/WEB/repos/api/browse`,
          documentation: '',
        },
        relations: {
          project: 'WEB',
          latestCommitAuthor: 'admin',
        },
      },
    },
    bitbucketPullRequest: {
      'PAY/api/pull-requests/1': {
        title: 'Round to cents',
        properties: {
          created_on: '2025-05-20T12:37:29Z',
          updated_on: '2025-05-20T12:37:29Z',
          description: 'As banks do',
          state: 'OPEN',
          owner: 'Ana Perez',
          link: `${BITBUCKET}/projects/PAY/repos/api/pull-requests/1`,
          destination: 'main',
          source: 'change-1',
          reviewers: ['Admin'],
        },
        relations: {
          repository: 'PAY/api',
          participants: ['bot'],
        },
      },
    },
  },
  previewed: {
    'pull-request': ['PAY/api/pull-requests/1'],
    repository: ['PAY/api'],
    user: ['admin'],
  },
};
