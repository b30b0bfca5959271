import { aCompany } from '../../world/a-company.js';
import { aCloud, BITBUCKET, type ExampleCase } from '../example-world.js';

const manifest = (dependencies: Readonly<Record<string, string>>): string =>
  JSON.stringify({ name: 'private', dependencies });

const company = () =>
  aCompany()
    .withRepository('WEB', 'shop', {
      name: 'Shop',
      files: {
        'package.json': manifest({ react: '^19.0.0', '@acme/ui': '2.1.0' }),
        'tools/package.json': manifest({ 'left-out': '1.0.0' }),
      },
    })
    .withRepository('WEB', 'kiosk', {
      name: 'Kiosk',
      files: { 'package.json': manifest({ react: '^18.3.0' }) },
    })
    .withRepository('WEB', 'ui', { name: 'UI', files: { 'package.json': '{"name":"@acme/ui"}' } })
    .withRepository('PAY', 'ledger', { name: 'Ledger', files: { 'go.mod': 'module ledger' } })
    .build();

export const packageDependencies: ExampleCase = {
  start: () => aCloud(company()),
  expected: {
    npmPackage: {
      '@acme/ui': {
        title: '@acme/ui',
        properties: {
          url: 'https://www.npmjs.com/package/@acme/ui',
        },
        relations: {},
      },
      react: {
        title: 'react',
        properties: {
          url: 'https://www.npmjs.com/package/react',
        },
        relations: {},
      },
    },
    bitbucketRepository: {
      'acme/shop': {
        title: 'Shop',
        properties: {
          url: `${BITBUCKET}/acme/shop`,
          defaultBranch: 'main',
        },
        relations: {
          packages: ['@acme/ui', 'react'],
        },
      },
      'acme/kiosk': {
        title: 'Kiosk',
        properties: {
          url: `${BITBUCKET}/acme/kiosk`,
          defaultBranch: 'main',
        },
        relations: {
          packages: ['react'],
        },
      },
      'acme/ui': {
        title: 'UI',
        properties: {
          url: `${BITBUCKET}/acme/ui`,
          defaultBranch: 'main',
        },
        relations: {
          packages: [],
        },
      },
      'acme/ledger': {
        title: 'Ledger',
        properties: {
          url: `${BITBUCKET}/acme/ledger`,
          defaultBranch: 'main',
        },
        relations: {
          packages: [],
        },
      },
    },
  },
  previewed: { file: ['react', '@acme/ui'] },
};
