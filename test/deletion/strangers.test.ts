import { afterEach, describe, expect, it } from '@jest/globals';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Answer, Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { done, theDayAfter, type Day } from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);
const writes = (): readonly string[] => day.port.writes.map(({ type }) => type);

/** Four repositories with a pull request each, of which two are public. */
function company(): Company {
  const builder = aCompany().withProject('PAY', { public: true });
  for (const slug of ['api', 'blog', 'shop', 'web']) {
    const difference = { public: slug === 'api' || slug === 'web' };
    builder.withRepository('PAY', slug, difference).withPullRequest('PAY', slug);
  }
  return builder.build();
}

const GONE = ['change shop-1', 'service shop'];

const answer = (status: number, body: unknown, headers = {}): Fault => ({
  type: 'answer',
  answer: { status, body, headers },
});
const LOGIN_PAGE = answer(200, '<!doctype html><title>Log in</title>', {
  'content-type': 'text/html',
});
const endsWith =
  (...ends: readonly string[]) =>
  ({ path }: RecordedRequest): boolean =>
    ends.some((end) => path.endsWith(end));

describe('a Data Center that shows everybody what is public', () => {
  const DEAD = {
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_TOKEN: 'revoked',
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME: undefined,
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: undefined,
  };

  async function publicDay(): Promise<void> {
    const data = company();
    day = await theDayAfter(
      'server',
      data,
      () => {
        removeRepository(data, 'PAY', 'shop');
      },
      { server: { publicAccess: true } },
    );
  }

  it('refuses a dead token, in sync, plan and check, before anything is written', async () => {
    await publicDay();

    for (const line of ['plan', 'sync', 'check']) {
      const { exitCode, result, stderr } = await day.run(line, { env: DEAD });
      expect([line, exitCode]).toEqual([line, 3]);
      expect(result + stderr).toContain('shows what is public alone');
    }
    expect(writes()).toEqual([]);
  });

  it.each([
    ['takes the name of the user off its answers', 'x-ausername'],
    ['takes all that names the user off its answers', 'x-auserid'],
  ])('is not taken for granted where a proxy %s', async (_, header) => {
    await publicDay();
    const change = ({ headers = {}, ...rest }: Answer): Answer => ({
      ...rest,
      headers: Object.fromEntries(
        Object.entries(headers).filter(([name]) => name !== 'x-ausername' && name !== header),
      ),
    });
    day.bitbucket.fail({ when: () => true, fault: { type: 'changed', change } });

    expect((await day.run('sync', { env: DEAD })).exitCode).toBe(3);
    expect(writes()).toEqual([]);
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(GONE);
  });

  it.each<[string, Fault]>([
    ['404', answer(404, { errors: [{ message: 'no such path', exceptionName: null }] })],
    ['403', answer(403, { message: 'blocked' })],
    ['a login page', LOGIN_PAGE],
  ])(
    'and nothing to tell by, as a proxy answers "%s": what is proven by its address goes, nothing else',
    async (_, fault) => {
      await publicDay();
      const change = ({ headers = {}, ...rest }: Answer): Answer => ({
        ...rest,
        headers: Object.fromEntries(
          Object.entries(headers).filter(([name]) => name !== 'x-ausername'),
        ),
      });
      day.bitbucket.fail({ when: endsWith('/profile/recent/repos'), fault });
      day.bitbucket.fail({ when: () => true, fault: { type: 'changed', change } });

      // With a token that counts, Data Center names what is not there.
      const { exitCode } = await day.run('sync');
      expect(exitCode).toBe(0);
      expect(deleted()).toEqual(GONE);

      // A dead one is told that it may not see the rest.
      day.port.reset();
      const dead = await day.run('sync', { env: DEAD });
      expect([0, 3]).toContain(dead.exitCode);
      expect(deleted()).toEqual([]);
    },
  );
});

describe('a Cloud that shows everybody what is public', () => {
  const DEAD = { OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: 'revoked' };

  async function publicDay(): Promise<void> {
    const data = company();
    day = await theDayAfter(
      'cloud',
      data,
      () => {
        removeRepository(data, 'PAY', 'shop');
      },
      { cloud: { publicAccess: true } },
    );
  }

  it('refuses a dead token, in sync, plan and check, before anything is written', async () => {
    await publicDay();

    for (const line of ['plan', 'sync', 'check']) {
      const { exitCode, result, stderr } = await day.run(line, { env: DEAD });
      expect([line, exitCode]).toEqual([line, 3]);
      expect(result + stderr).toContain('shows what is public to these credentials');
    }
    expect(writes()).toEqual([]);
  });

  /** Answers without the headers that tell of scopes. */
  const withoutScopes: Fault = {
    type: 'changed',
    change: ({ headers = {}, ...rest }) => ({
      ...rest,
      headers: Object.fromEntries(
        Object.entries(headers).filter(([name]) => !name.includes('scopes')),
      ),
    }),
  };

  it('is not taken for granted where a proxy takes the scopes off its answers', async () => {
    await publicDay();
    day.bitbucket.fail({ when: () => true, fault: withoutScopes });

    expect((await day.run('sync', { env: DEAD })).exitCode).toBe(3);
    expect(writes()).toEqual([]);
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(GONE);
  });

  it('knows a token that may not see the members, by being told what it lacks', async () => {
    await publicDay();
    const refusal = { type: 'error', error: { message: 'Your credentials lack a scope.' } };
    day.bitbucket.fail({ when: endsWith('/members', '/user'), fault: answer(403, refusal) });
    day.bitbucket.fail({ when: () => true, fault: withoutScopes });

    await done(day.run('sync --strict'));

    expect(deleted()).toEqual(GONE);
  });

  it.each<[string, Fault]>([
    ['404', answer(404, { type: 'error', error: { message: 'not here' } })],
    ['403 of its own', answer(403, 'blocked')],
    ['a login page', LOGIN_PAGE],
    ['500', answer(500, 'down')],
  ])('and nothing to tell by, as a proxy answers "%s": nothing is deleted', async (_, fault) => {
    await publicDay();
    day.bitbucket.fail({ when: endsWith('/members', '/user'), fault });
    day.bitbucket.fail({ when: () => true, fault: withoutScopes });

    const { exitCode, result } = await day.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(deleted()).toEqual([]);
    expect(result).toContain('nothing shows that Bitbucket knows the credentials');
    expect(result).toContain('See docs/permissions.md');
    expect((await day.run('sync', { env: DEAD })).exitCode).toBe(0);
    expect(deleted()).toEqual([]);
  });
});
