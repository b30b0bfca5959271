import { readScopes } from '../../../src/sandbox/cloud/credential.js';
import { uuidOf } from '../../../src/sandbox/cloud/identifiers.js';
import { aCompany } from '../../world/a-company.js';
import { aCloud, aDataCenter, BITBUCKET, type ExampleCase } from '../example-world.js';

const company = () =>
  aCompany()
    .withUser({ name: 'ana', displayName: 'Ana Pérez', id: 2 })
    .withRepository('PAY', 'api', {
      name: 'Payment API',
      restrictions: [
        { id: 1, kind: 'push', pattern: 'release/*', exempt: ['ana'] },
        { id: 2, kind: 'delete', pattern: 'main' },
      ],
      defaultReviewers: ['ana'],
    })
    .withRepository('WEB', 'shop', { name: 'Shop' })
    .build();

/** The same on either: what a restriction is called differs. */
function expected(
  [api, shop]: readonly [string, string],
  pages: readonly [string, string],
  [push, noDeletes]: readonly [string, string],
): ExampleCase['expected'] {
  const relations = { repository: api };
  return {
    bitbucketRepository: {
      [api]: { title: 'Payment API', properties: { url: pages[0] }, relations: {} },
      [shop]: { title: 'Shop', properties: { url: pages[1] }, relations: {} },
    },
    branchRestriction: {
      [`${api}/restrictions/1`]: {
        title: `${push} release/*`,
        properties: { kind: push, branches: 'release/*', exempt: ['Ana Pérez'] },
        relations,
      },
      [`${api}/restrictions/2`]: {
        title: `${noDeletes} main`,
        properties: { kind: noDeletes, branches: 'main', exempt: [] },
        relations,
      },
    },
  };
}

const uuid = uuidOf('user 2').slice(1, -1);

export const anyRequest: ExampleCase = {
  start: () => aCloud(company(), 'acme', [...readScopes, 'repository:admin']),
  expected: {
    ...expected(
      ['acme/api', 'acme/shop'],
      [`${BITBUCKET}/acme/api`, `${BITBUCKET}/acme/shop`],
      ['push', 'delete'],
    ),
    defaultReviewer: {
      [`acme/api/default-reviewers/${uuid}`]: {
        title: 'Ana Pérez',
        properties: { accountId: `557058:${uuid}` },
        relations: { repository: 'acme/api' },
      },
    },
  },
  previewed: { request: ['acme/api/restrictions/7'] },
};

const browse = (place: string): string => `${BITBUCKET}/projects/${place}/browse`;

export const dataCenterAnyRequest: ExampleCase = {
  start: () => aDataCenter(company()),
  expected: {
    ...expected(
      ['PAY/api', 'WEB/shop'],
      [browse('PAY/repos/api'), browse('WEB/repos/shop')],
      ['read-only', 'no-deletes'],
    ),
    defaultReviewers: {
      'PAY/api/default-reviewers/1': {
        title: 'ANY_REF_MATCHER_ID to ANY_REF_MATCHER_ID',
        properties: { reviewers: ['Ana Pérez'], approvals: 1 },
        relations: { repository: 'PAY/api' },
      },
    },
  },
  previewed: { request: ['PAY/api/restrictions/7'] },
};
