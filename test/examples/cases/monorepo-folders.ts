import { aCompany } from '../../world/a-company.js';
import { aCloud, BITBUCKET, type ExampleCase } from '../example-world.js';

const company = () =>
  aCompany()
    .withRepository('PAY', 'shop', {
      name: 'Shop',
      files: {
        'README.md': '# The whole shop',
        'services/cart/README.md': '# Cart',
        'services/cart/src/index.ts': '',
        'services/price list/main.go': '',
        'libs/money/README.md': '# Money',
      },
    })
    .withRepository('PAY', 'docs', { name: 'Docs', files: { 'README.md': '# Docs' } })
    .build();

export const monorepoFolders: ExampleCase = {
  start: () => aCloud(company()),
  expected: {
    bitbucketRepository: {
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
    monorepoService: {
      'acme/shop/services/cart': {
        title: 'cart',
        properties: {
          path: 'services/cart',
          url: `${BITBUCKET}/acme/shop/src/main/services/cart`,
          readme: '# Cart',
        },
        relations: {
          repository: 'acme/shop',
        },
      },
      'acme/shop/services/price=20list': {
        title: 'price list',
        properties: {
          path: 'services/price list',
          url: `${BITBUCKET}/acme/shop/src/main/services/price%20list`,
          readme: null,
        },
        relations: {
          repository: 'acme/shop',
        },
      },
    },
  },
  previewed: { folder: ['acme/shop/services/cart', 'acme/shop/services/price=20list'] },
};
