import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Company } from '../../src/sandbox/company/company.js';
import {
  moveRepository,
  removeProject,
  renameRepository,
} from '../../src/sandbox/company/changes.js';
import { deletedIn, mappingOf, resource } from '../pipeline/safety-world.js';
import { aCompany } from '../world/a-company.js';
import { BOTH, done, mappingOn, putIntegration, theDayAfter, type Day } from './a-day.js';

const pageSchema = z.looseObject({
  values: z.array(z.looseObject({ slug: z.string().optional() })),
});

let day: Day;

afterEach(async () => {
  await day.close();
});

function company(): Company {
  return aCompany().withRepository('PAY', 'api').withRepository('PAY', 'web').build();
}

it('lets go what is below a repository that moved to where the selectors do not look', async () => {
  const data = aCompany()
    .withRepository('PAY', 'api')
    .withPullRequest('PAY', 'api')
    .withRepository('PAY', 'web')
    .withRepository('OPS', 'ops')
    .build();
  const only = { projects: ['PAY'] };
  const selectors = { project: only, repository: only, 'pull-request': only };
  const change = (): void => {
    moveRepository(data, 'PAY', 'api', 'OPS');
  };
  day = await theDayAfter('server', data, change, {
    mapping: mappingOn('server', { selectors }),
    server: { movedRepositories: 'redirect' },
  });

  await done(day.run('sync'));

  expect(deletedIn(day)).toEqual(['change api-1', 'service api']);
});

it('keeps what nothing feeds any more while a project is not there that a selector names', async () => {
  const data = aCompany().withRepository('PAY', 'api').withRepository('OPS', 'ops').build();
  const narrow = { 'pull-request': { projects: ['OPS', 'PAY'] } };
  day = await theDayAfter('server', data, () => {
    removeProject(data, 'PAY');
  });
  putIntegration(day, mappingOn('server', { kinds: ['pull-request'], selectors: narrow }));

  const { result } = await done(day.run('sync'));

  expect(deletedIn(day)).toEqual([]);
  expect(result).toContain('a selector or flag names a project or repository that is not there');
});

describe.each(BOTH)('what Bitbucket %s answers', (flavour) => {
  it('lets a repository go that has a name now which the selector does not take', async () => {
    const data = company();
    const selectors = { repository: { query: '.slug | startswith("old-") | not' } };
    const change = (): void => {
      renameRepository(data, 'PAY', 'web', 'old-web');
    };
    day = await theDayAfter(flavour, data, change, {
      mapping: mappingOn(flavour, { selectors }),
      server: { movedRepositories: 'redirect' },
      cloud: { movedRepositories: 'redirect' },
    });

    await done(day.run('sync'));

    expect(deletedIn(day)).toEqual(['service web']);
  });

  it('keeps what cannot be asked for when a listing left out what is there', async () => {
    const link = flavour === 'server' ? '.links.self[0].href' : '.links.html.href';
    const into = (blueprint: string, properties: Readonly<Record<string, string>>) =>
      resource('repository', { identifier: '.slug', blueprint: `"${blueprint}"`, properties });
    day = await theDayAfter(flavour, company(), () => undefined, {
      mapping: mappingOf([into('service', { link }), into('extra', { note: '.name' })]),
    });
    day.bitbucket.fail({
      when: ({ path }) => /\/(?:1\.0\/repos|2\.0\/repositories\/[^/]+)$/u.test(path),
      fault: {
        type: 'changed',
        change: (answer) => {
          const { values, ...page } = pageSchema.parse(answer.body);
          const left = values.filter(({ slug }) => slug !== 'web');
          return { ...answer, body: { ...page, size: left.length, values: left } };
        },
      },
    });

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(4);
    expect(deletedIn(day)).toEqual([]);
    expect(result).toContain('another one that the same listing left out is still there');
  });
});
