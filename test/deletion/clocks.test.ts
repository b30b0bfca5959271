import { afterEach, describe, expect, it } from '@jest/globals';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { aDay, BOTH, done, INTEGRATION, theDayAfter, type Day, type Flavour } from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const SECOND = 1_000;
const HOUR = 3_600_000;
const deleted = (): readonly string[] => deletedIn(day);

function company(): Company {
  const builder = aCompany();
  for (const slug of ['api', 'blog', 'shop']) {
    builder.withRepository('PAY', slug).withPullRequest('PAY', slug);
  }
  return builder.build();
}

/** How far the runner's clock is ahead of Port's. */
const OFFSETS: readonly (readonly [string, number])[] = [
  ['an hour behind', -HOUR],
  ['20 s behind', -20 * SECOND],
  ['right', 0],
  ['20 s ahead', 20 * SECOND],
  ['an hour ahead', HOUR],
];

/** Two repositories went, and the runner's clock is off. */
async function twoGone(flavour: Flavour, ahead: number): Promise<void> {
  const data = company();
  day = await theDayAfter(
    flavour,
    data,
    () => {
      removeRepository(data, 'PAY', 'blog');
      removeRepository(data, 'PAY', 'shop');
    },
    { port: { conduct: { clockOffsetMilliseconds: -ahead } } },
  );
}

const ALL = ['change blog-1', 'change shop-1', 'service blog', 'service shop'];

/** Somebody writes an entity of ours while the run asks for pull requests. */
function someoneWrites(identifier: string): void {
  const { type, identifier: own } = INTEGRATION[day.flavour];
  let isDone = false;
  day.bitbucket.watch(({ path }) => {
    if (isDone || !/pull-?requests$/u.test(path)) return;
    isDone = true;
    day.clock.advance(2 * SECOND);
    const datasource = `port-ocean/${type}/bitbucket-port-0.0.1/${own}/exporter`;
    const entity = { identifier, properties: { note: 'keep it' } };
    day.port.putEntity('service', entity, { datasource });
  });
}

describe.each(BOTH)('a runner whose clock is not that of Port, on %s', (flavour) => {
  it.each(OFFSETS)(
    'but %s: what somebody wrote meanwhile stays, the rest goes',
    async (_, ahead) => {
      await twoGone(flavour, ahead);
      someoneWrites('shop');

      const { exitCode, result } = await day.run('sync');

      expect(exitCode).toBe(0);
      expect(deleted()).toEqual(ALL.filter((each) => each !== 'service shop'));
      expect(result).toContain('changed in Port after this run began (shop)');
      expect(/(ahead of|behind) that of Port/u.test(result)).toBe(ahead !== 0);
      day.port.reset();
      await day.run('sync');
      expect(deleted()).toEqual(['service shop']);
    },
  );

  it.each(OFFSETS)('but %s: check tells it where it matters', async (_, ahead) => {
    await twoGone(flavour, ahead);

    const { result } = await day.run('check');

    expect(/(ahead of|behind) that of Port/u.test(result)).toBe(ahead !== 0);
  });
});

describe.each(BOTH)('a Port whose answers do not tell the time, on %s', (flavour) => {
  it('but come from a cache: nothing is deleted, with a warning and what to do', async () => {
    await twoGone(flavour, 0);
    day.port.behave({ ageSeconds: 30 });

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual([]);
    expect(result).toContain('Port did not tell the time');
    expect(result).toContain('Let answers of Port pass as they are');
    expect((await day.run('sync --strict')).exitCode).toBe(4);
    day.port.behave({ ageSeconds: null });
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(ALL);
  });

  it.each(['', 'yesterday', '0', '-1', '2026-01-01', 'Thu, 32 Foo 2026 25:61:61 GMT'])(
    'but say "%s": nothing is deleted',
    async (date) => {
      await twoGone(flavour, 0);
      const change = (answer: { readonly status: number; readonly headers?: object }) => ({
        ...answer,
        headers: { ...answer.headers, date },
      });
      day.port.fail({ when: () => true, fault: { type: 'changed', change } });

      const { exitCode, result } = await day.run('sync');

      expect(exitCode).toBe(0);
      expect(deleted()).toEqual([]);
      expect(result).toContain('Port did not tell the time');
    },
  );

  it('in a first run: it sets no mark, and the next run is the first', async () => {
    day = await aDay(flavour, company(), { port: { conduct: { ageSeconds: 1 } } });

    expect((await day.run('sync')).exitCode).toBe(0);
    expect(day.port.integration(INTEGRATION[flavour].identifier)?.spec).toBeUndefined();
    day.port.behave({ ageSeconds: null });
    await done(day.run('sync --strict'));
    expect(day.port.integration(INTEGRATION[flavour].identifier)?.spec).toBeDefined();
  });
});
