import { aCompany } from '../../world/a-company.js';
import { aCloud, BITBUCKET, type ExampleCase } from '../example-world.js';

const company = () =>
  aCompany()
    .withRepository('PAY', 'payments', {
      name: 'Payments',
      files: {
        'service.yml': [
          'name: api',
          'description: Takes payments',
          'owner: team-payments',
          'tier: 1',
          '---',
          'name: Nightly report',
          'owner: team-finance',
          'tier: silver',
          '',
        ].join('\n'),
      },
    })
    .withRepository('WEB', 'shop', {
      name: 'Shop',
      files: { 'service.yml': 'name: api\nowner: team-web\n' },
    })
    .withRepository('WEB', 'docs', { name: 'Docs', files: { 'README.md': '# Docs' } })
    .build();

export const serviceCatalogFiles: ExampleCase = {
  start: () => aCloud(company()),
  expected: {
    bitbucketRepository: {
      'acme/payments': {
        title: 'Payments',
        properties: {
          url: `${BITBUCKET}/acme/payments`,
          defaultBranch: 'main',
        },
        relations: {},
      },
      'acme/shop': {
        title: 'Shop',
        properties: {
          url: `${BITBUCKET}/acme/shop`,
          defaultBranch: 'main',
        },
        relations: {},
      },
      'acme/docs': {
        title: 'Docs',
        properties: {
          url: `${BITBUCKET}/acme/docs`,
          defaultBranch: 'main',
        },
        relations: {},
      },
    },
    catalogService: {
      'acme/payments/api': {
        title: 'api',
        properties: {
          description: 'Takes payments',
          owner: 'team-payments',
          tier: '1',
          file: `${BITBUCKET}/acme/payments/src/main/service.yml`,
        },
        relations: {
          repository: 'acme/payments',
        },
      },
      'acme/payments/Nightly=20report': {
        title: 'Nightly report',
        properties: {
          description: null,
          owner: 'team-finance',
          tier: 'silver',
          file: `${BITBUCKET}/acme/payments/src/main/service.yml`,
        },
        relations: {
          repository: 'acme/payments',
        },
      },
      'acme/shop/api': {
        title: 'api',
        properties: {
          description: null,
          owner: 'team-web',
          tier: null,
          file: `${BITBUCKET}/acme/shop/src/main/service.yml`,
        },
        relations: {
          repository: 'acme/shop',
        },
      },
    },
  },
  previewed: { file: ['acme/payments/api', 'acme/payments/Nightly=20report', 'acme/shop/api'] },
};
