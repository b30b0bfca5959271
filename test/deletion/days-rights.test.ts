import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Answer } from '../../src/sandbox/loopback.js';
import { readPermissions } from '../../src/sandbox/cloud/credential.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import { aCompany } from '../world/a-company.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { done, planned, theDayAfter, type Day } from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);
const numbered = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

/** Variables of an account's API token in place of those of the workspace's. */
const API_TOKEN = {
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: undefined,
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_USER_EMAIL: 'ana@example.com',
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_USER_SCOPED_TOKEN: 'secret',
};

/** 20 repositories in one project, each with a pull request, and three in another one. */
function company(): Company {
  const builder = aCompany();
  for (const slug of numbered('pay', 20)) {
    builder.withRepository('PAY', slug).withPullRequest('PAY', slug);
  }
  for (const slug of numbered('ops', 3)) builder.withRepository('OPS', slug);
  return builder.build();
}

describe('a token that has lost rights', () => {
  it('on Data Center deletes nothing of what it does not see any more, and says how to get it back', async () => {
    let sees: 'all' | 'few' = 'all';
    const data = company();
    day = await theDayAfter('server', data, () => (sees = 'few'), {
      server: { sees: ({ slug }) => sees === 'all' || slug === 'pay-1' || slug === 'pay-2' },
    });

    expect(await planned(day)).toEqual({ exitCode: 0, deletes: [], postponed: [] });
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual([]);
    expect(result).toContain('kept 21 entities of service');
    expect(result).toContain('kept 18 entities of change');
    expect(result).toContain('these credentials may no longer see it in Bitbucket');
    expect(result).toContain('Grant the credentials access to it again');
    expect((await day.run('sync --strict')).exitCode).toBe(4);

    // The rights come back, and one of them was deleted meanwhile.
    sees = 'all';
    removeRepository(data, 'PAY', 'pay-9');
    day.port.reset();
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(['change pay-9-1', 'service pay-9']);
  });

  it('on Cloud stops, as a 404 does not tell a lost right from a lost repository', async () => {
    let sees: 'all' | 'few' = 'all';
    day = await theDayAfter('cloud', company(), () => (sees = 'few'), {
      cloud: {
        credentials: [
          {
            type: 'api-token',
            email: 'ana@example.com',
            token: 'secret',
            scopes: readPermissions,
            role: (slug) => (sees === 'all' || slug === 'pay-1' ? 'member' : null),
          },
        ],
      },
      env: API_TOKEN,
    });

    expect((await planned(day)).exitCode).toBe(5);
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    expect(result).toContain('nothing in Bitbucket proves that they are gone');
    sees = 'all';
    day.port.reset();
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual([]);
  });
});

describe('a division that moved to another workspace of Cloud', () => {
  const moved = numbered('pay', 20);
  const all = [
    ...moved.map((slug) => `change ${slug}-1`),
    ...moved.map((slug) => `service ${slug}`),
  ].sort();

  /** Its repositories are gone from the listing; at the old addresses stand these answers. */
  async function movedAway(
    answers: Readonly<Record<string, (slug: string) => Answer>>,
  ): Promise<void> {
    const data = company();
    day = await theDayAfter('cloud', data, () => {
      for (const slug of moved) removeRepository(data, 'PAY', slug);
    });
    for (const [workspace, answer] of Object.entries(answers)) {
      for (const slug of moved) {
        day.bitbucket.fail({
          when: ({ path }) => path === `/2.0/repositories/${workspace}/${slug}`,
          fault: { type: 'answer', answer: answer(slug) },
        });
      }
    }
  }

  /** The repository as it is now. */
  const there = (slug: string): Answer => ({
    status: 200,
    body: {
      type: 'repository',
      uuid: `{${slug}}`,
      slug,
      name: slug,
      full_name: `away/${slug}`,
      workspace: { slug: 'away' },
      links: { html: { href: `${day.bitbucket.url.replace('/2.0', '')}/away/${slug}` } },
    },
  });
  const redirect = (slug: string): Answer => ({
    status: 301,
    headers: { location: `/2.0/repositories/away/${slug}` },
  });

  it.each([
    ['leads to the new one', { fernlicht: redirect, away: there }],
    ['answers with the new one', { fernlicht: there }],
  ])('is kept where the old address %s: who loads it now is not known', async (_, answers) => {
    await movedAway(answers);

    expect(await planned(day)).toEqual({ exitCode: 0, deletes: [], postponed: [] });
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual([]);
    expect(result).toContain('kept 20 entities of service');
    expect(result).toContain('repository fernlicht/pay-1 is repository away/pay-1 now');
    expect(result).toContain('delete it in Port');
    expect((await day.run('sync --approve 40@2026-01-01')).exitCode).toBe(0);
    expect(deleted()).toEqual([]);
  });

  it('waits for an approval where the old address says "no access, or not there"', async () => {
    await movedAway({});

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(result).toContain('sync --approve 40@2026-01-01');
    await done(day.run('sync --approve 40@2026-01-01'));
    expect(deleted()).toEqual(all);
  });
});
