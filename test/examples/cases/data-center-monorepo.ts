import { aCompany } from '../../world/a-company.js';
import { aDataCenter, BITBUCKET, type ExampleCase } from '../example-world.js';

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
    .withRepository('~jdoe', 'notes', { name: 'Notes' })
    .build();

const page = `${BITBUCKET}/projects/PAY/repos/shop/browse`;

export const dataCenterMonorepo: ExampleCase = {
  start: () => aDataCenter(company()),
  expected: {
    bitbucketRepository: {
      'PAY/shop': { title: 'Shop', properties: { url: page }, relations: {} },
    },
    monorepoService: {
      'PAY/shop/services/cart': {
        title: 'cart',
        properties: { path: 'services/cart', url: `${page}/services/cart`, readme: '# Cart' },
        relations: { repository: 'PAY/shop' },
      },
      'PAY/shop/services/price=20list': {
        title: 'price list',
        properties: {
          path: 'services/price list',
          url: `${page}/services/price%20list`,
          readme: null,
        },
        relations: { repository: 'PAY/shop' },
      },
    },
  },
  previewed: { folder: ['PAY/shop/services/cart'] },
};
