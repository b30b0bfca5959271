import { aCompany } from '../../world/a-company.js';
import { aDataCenter, BITBUCKET, type ExampleCase } from '../example-world.js';

const company = () =>
  aCompany()
    .withRepository('PAY', 'shop', {
      name: 'Shop',
      files: {
        'port.yml': [
          '- blueprint: gitopsService',
          '  identifier: checkout',
          '  title: Checkout',
          '  description: file://docs/checkout.md',
          '  tier: 1',
          '- blueprint: gitopsLibrary',
          '  identifier: Price list',
          '',
        ].join('\n'),
        'docs/checkout.md': '# Checkout\n',
      },
    })
    .withRepository('PAY', 'api', {
      name: 'API',
      files: {
        'port.yml': 'blueprint: gitopsLibrary\nidentifier: money\ndescription: Sums\ntier: b\n',
      },
    })
    .withRepository('PAY', 'docs', { name: 'Docs' })
    .build();

const page = (slug: string): string => `${BITBUCKET}/projects/PAY/repos/${slug}/browse`;
const repository = (title: string, slug: string) => ({
  title,
  properties: { url: page(slug) },
  relations: {},
});

export const gitops: ExampleCase = {
  start: () => aDataCenter(company()),
  expected: {
    bitbucketRepository: {
      'PAY/api': repository('API', 'api'),
      'PAY/docs': repository('Docs', 'docs'),
      'PAY/shop': repository('Shop', 'shop'),
    },
    gitopsService: {
      'PAY/shop/checkout': {
        title: 'Checkout',
        properties: { description: '# Checkout\n', tier: '1', file: `${page('shop')}/port.yml` },
        relations: { repository: 'PAY/shop' },
      },
    },
    gitopsLibrary: {
      'PAY/shop/Price=20list': {
        title: 'Price list',
        properties: { description: null, tier: null, file: `${page('shop')}/port.yml` },
        relations: { repository: 'PAY/shop' },
      },
      'PAY/api/money': {
        title: 'money',
        properties: { description: 'Sums', tier: 'b', file: `${page('api')}/port.yml` },
        relations: { repository: 'PAY/api' },
      },
    },
  },
  previewed: { file: ['PAY/shop/checkout', 'PAY/shop/Price=20list'] },
};
