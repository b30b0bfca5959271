import { afterEach, describe, expect, it } from '@jest/globals';
import { mergePullRequest, removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany, aMoment } from '../world/a-company.js';
import type { RunResult } from '../world/world-around.js';
import { deletedIn } from '../pipeline/safety-world.js';
import {
  BOTH,
  done,
  INTEGRATION,
  planned,
  putIntegration,
  mappingOn,
  theDayAfter,
  type Day,
  type Flavour,
} from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const CONTAINER = '0.48.0';
const deleted = (): readonly string[] => deletedIn(day);
const slugs = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `svc-${index + 1}`);

function company(count: number): Company {
  const builder = aCompany();
  for (const slug of slugs(count)) builder.withRepository('PAY', slug).withPullRequest('PAY', slug);
  return builder.build();
}

/** A day on which `svc-1` went, in a catalog of so many. */
async function oneGone(flavour: Flavour, count = 4): Promise<Company> {
  const data = company(count);
  day = await theDayAfter(flavour, data, () => {
    removeRepository(data, 'PAY', 'svc-1');
  });
  return data;
}

const GONE = ['change svc-1-1', 'service svc-1'];

/** The container resyncs: it signs, and writes everything with its own user agent. */
function containerResyncs(): void {
  const { type, identifier } = INTEGRATION[day.flavour];
  day.port.sign(identifier, CONTAINER);
  const datasource = `port-ocean/${type}/${CONTAINER}/${identifier}/exporter`;
  for (const { identifier: name, title } of day.port.entities('service')) {
    if (name !== 'svc-1') {
      day.port.putEntity(
        'service',
        { identifier: name, ...(title === null ? {} : { title }) },
        { datasource, by: 'the container' },
      );
    }
  }
  day.clock.advance(60_000);
}

describe.each(BOTH)('the old container that runs beside us, on %s', (flavour) => {
  it('is named each day, nothing is deleted, and the day after it stopped what is gone goes', async () => {
    await oneGone(flavour);

    for (let times = 0; times < 2; times += 1) {
      containerResyncs();
      expect(await planned(day)).toMatchObject({
        exitCode: 4,
        deletes: [],
        postponed: GONE.map((each) => `next run: ${each}`),
      });
      const checked = await day.run('check');
      expect(checked.result).toContain(CONTAINER);
      const { exitCode, result } = await day.run('sync');

      expect(exitCode).toBe(4);
      expect(deleted()).toEqual([]);
      expect(result).toContain(`${CONTAINER} also loads integration`);
      expect(result).toContain('Stop the other program');
    }

    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(GONE);
    day.port.reset();
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual([]);
  });

  it('and that leaves more than ten behind: they go once somebody has approved them', async () => {
    const data = company(20);
    day = await theDayAfter(flavour, data, () => {
      for (const slug of slugs(15)) mergePullRequest(data, 'PAY', slug, 1, aMoment);
    });
    containerResyncs();
    expect((await day.run('sync')).exitCode).toBe(4);

    expect((await planned(day)).exitCode).toBe(5);
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    expect(result).toContain('since another program loaded this integration');
    await done(day.run('sync --approve 15@2026-01-01'));
    expect(deleted()).toHaveLength(15);
  });

  it('and that signs while we run: nothing is deleted in that run, nor in the next', async () => {
    await oneGone(flavour);
    let isSigned = false;
    day.bitbucket.watch(({ path }) => {
      if (isSigned || !/pull-?requests$/u.test(path)) return;
      isSigned = true;
      containerResyncs();
    });

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(4);
    expect(result).toContain('another run or program began to load this integration meanwhile');
    expect((await day.run('sync')).exitCode).toBe(4);
    expect(deleted()).toEqual([]);
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(GONE);
  });
});

/** Waits until so many runs have told Port that they began. */
function begun(runs: number): Promise<void> {
  let seen = 0;
  return new Promise((resolve) => {
    day.port.watch(({ path, body }) => {
      if (!path.endsWith('/resync-state') || !body.includes('running')) return;
      seen += 1;
      if (seen === runs) resolve();
    });
  });
}

/** Runs twice: the second run begins as the first one asks for pull requests. */
async function bothRun({
  isWithin = true,
  milliseconds = 2_000,
}: {
  readonly isWithin?: boolean;
  readonly milliseconds?: number;
}): Promise<{ readonly first: RunResult; readonly second: RunResult }> {
  const others: Promise<RunResult>[] = [];
  const bothBegan = begun(2);
  day.bitbucket.watch(async ({ path }) => {
    if (others.length > 0 || !/pull-?requests$/u.test(path)) return;
    day.clock.advance(milliseconds);
    const other = day.run('sync', { random: () => 0.25 });
    others.push(other);
    await (isWithin ? other : bothBegan);
  });
  const first = await day.run('sync', { random: () => 0.75 });
  const [second] = await Promise.all(others);
  if (second === undefined) throw new Error('the first run asked for no pull requests');
  return { first, second };
}

describe.each(BOTH)('two pipelines at once, on %s', (flavour) => {
  it.each([
    ['ends while the first still runs', true],
    ['outlives the first', false],
  ])('delete nothing where the second %s, and the next run does', async (_, isWithin) => {
    await oneGone(flavour);
    const { first, second } = await bothRun({ isWithin });

    expect([first.exitCode, second.exitCode]).toEqual([4, 4]);
    expect(deleted()).toEqual([]);
    expect(second.result).toContain('another run of this integration is under way');
    expect(first.result).toContain('another run or program began to load this integration');
    expect(first.result).toContain('Let only one run at a time work for an integration');
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(GONE);
  });

  it('are told apart although they began in the same second', async () => {
    await oneGone(flavour);
    const { first, second } = await bothRun({ milliseconds: 0 });

    expect([first.exitCode, second.exitCode]).toEqual([4, 4]);
    expect(deleted()).toEqual([]);
  });

  it('of two mappings delete nothing of each other in one integration: what nothing feeds is guarded', async () => {
    const data = company(20);
    day = await theDayAfter(flavour, data, () => undefined);
    putIntegration(day, mappingOn(flavour, { kinds: ['project'] }));

    const before = await planned(day);
    expect(before.exitCode).toBe(5);
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    expect(result).toContain('40 entities would be deleted');
    putIntegration(day, mappingOn(flavour));
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual([]);
  });
});
