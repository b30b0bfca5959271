import { aBlueprintBody } from '../../pipeline/loading-world.js';
import { aCompany } from '../../world/a-company.js';
import { aDataCenter, BITBUCKET, type ExampleCase } from '../example-world.js';

const company = () => {
  const built = aCompany()
    .withUser({ name: 'admin', emailAddress: null })
    .withUser({ name: 'Ana', displayName: 'Ana Perez', emailAddress: 'Ana.Perez@example.com' })
    .withUser({ name: 'bo', displayName: 'Bo', emailAddress: 'bo@example.com' })
    .withRepository('PAY', 'api', {
      name: 'Payment API',
      files: {
        '.bitbucket/CODEOWNERS':
          '*.sql @nobody\n* @Ana @acme/payments bo@example.com gone@example.com\n/docs/ @bo\n',
        CODEOWNERS: '* @bo',
      },
    })
    .withRepository('PAY', 'docs', { name: 'Docs' })
    .build();
  const groups = [
    { name: 'payments', members: ['Ana', 'bo'] },
    { name: 'on call', members: ['bo'] },
  ];
  return { ...built, groups };
};

const page = (slug: string): string => `${BITBUCKET}/projects/PAY/repos/${slug}/browse`;
const user = (title: string, slug: string, portUser: string | null) => ({
  title,
  properties: { url: `${BITBUCKET}/users/${slug}` },
  relations: { portUser },
});

export const ownership: ExampleCase = {
  start: () => aDataCenter(company()),
  prepare: (port) => {
    for (const blueprint of ['_user', '_team']) port.putBlueprint(aBlueprintBody(blueprint));
    for (const identifier of ['ana.perez@example.com', 'bo@example.com', 'cy@example.com']) {
      port.putEntity('_user', { identifier, title: identifier }, { datasource: null });
    }
    for (const title of ['payments', 'web']) {
      port.putEntity('_team', { identifier: `team-${title}`, title }, { datasource: null });
    }
  },
  expected: {
    bitbucketUser: {
      admin: user('admin', 'admin', null),
      ana: user('Ana Perez', 'ana', 'ana.perez@example.com'),
      bo: user('Bo', 'bo', 'bo@example.com'),
    },
    bitbucketGroup: {
      payments: {
        title: 'payments',
        properties: {},
        relations: { members: ['ana', 'bo'], portTeam: 'team-payments' },
      },
      'on=20call': {
        title: 'on call',
        properties: {},
        relations: { members: ['bo'], portTeam: null },
      },
    },
    ownedRepository: {
      'PAY/api': {
        title: 'Payment API',
        properties: {
          url: page('api'),
          rules: ['* @Ana @acme/payments bo@example.com gone@example.com', '/docs/ @bo'],
          codeowners: '.bitbucket/CODEOWNERS',
        },
        relations: {
          owners: ['ana'],
          ownerGroups: ['payments'],
          ownersInPort: ['bo@example.com'],
        },
      },
      'PAY/docs': {
        title: 'Docs',
        properties: { url: page('docs'), rules: [], codeowners: null },
        relations: { owners: [], ownerGroups: [], ownersInPort: [] },
      },
    },
  },
  teams: { ownedRepository: { 'PAY/api': ['team-payments'], 'PAY/docs': [] } },
  searched: ['PAY/api', 'PAY/docs', 'admin', 'ana', 'bo', 'on=20call', 'payments'],
  previewed: { group: ['payments'], repository: ['PAY/api'] },
};
