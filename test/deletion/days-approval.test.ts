import { afterEach, describe, expect, it } from '@jest/globals';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import { deletedIn } from '../pipeline/safety-world.js';
import {
  aDay,
  BOTH,
  done,
  INTEGRATION,
  mappingOn,
  planned,
  putIntegration,
  theDayAfter,
  type Day,
} from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);
const numbered = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

/** So many repositories in one project, each with a pull request. */
function company(count: number): Company {
  const builder = aCompany();
  for (const slug of numbered('svc', count)) {
    builder.withRepository('PAY', slug).withPullRequest('PAY', slug);
  }
  return builder.build();
}

/** Everybody's identifiers get a prefix. */
function changeIdentifiers(): void {
  putIntegration(day, mappingOn(day.flavour, { prefix: 'new-' }));
}

const OLD = [
  ...numbered('svc', 12).map((slug) => `change ${slug}-1`),
  ...numbered('svc', 12).map((slug) => `service ${slug}`),
].sort();

describe.each(BOTH)('every identifier changed on purpose, on %s', (flavour) => {
  it('stops each run until the change is approved, and the day after nothing is left to do', async () => {
    day = await theDayAfter(flavour, company(12), () => undefined);
    changeIdentifiers();

    expect(await planned(day)).toEqual({
      exitCode: 5,
      deletes: [],
      postponed: OLD.map((each) => `stopped: ${each}`),
    });
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    expect(result).toContain('the identifier in the mapping seems to have changed');
    expect(result).toContain('such as from svc-1 to new-svc-1');
    expect(result).toContain('if not, undo it');
    expect(day.identifiers('service')).toHaveLength(24);

    // The share is of what was there before: what was loaded beside it does not make it pass.
    for (const line of ['sync', 'sync --strict', 'sync --no-delete', 'sync --kinds project']) {
      const again = await day.run(line);
      expect([line, again.exitCode]).toEqual([
        line,
        line.includes('-k') || line.includes('no-d') ? 0 : 5,
      ]);
    }
    expect((await planned(day)).exitCode).toBe(5);
    expect(deleted()).toEqual([]);

    await done(day.run('sync --approve 24@2026-01-01'));
    expect(deleted()).toEqual(OLD);
    day.port.reset();
    await done(day.run('sync --strict'));
    expect(day.port.writes).toEqual([]);
  });

  it('stops also while other repositories are truly gone', async () => {
    const data = company(14);
    day = await theDayAfter(flavour, data, () => {
      for (const slug of ['svc-1', 'svc-2']) removeRepository(data, 'PAY', slug);
    });
    changeIdentifiers();

    // Two of fourteen are proven gone: of the twelve others, all would go.
    expect((await day.run('sync')).exitCode).toBe(5);
    expect(deleted()).toEqual([]);
  });

  it('is nothing that happened, once the mapping is put back', async () => {
    day = await theDayAfter(flavour, company(12), () => undefined);
    changeIdentifiers();
    expect((await day.run('sync')).exitCode).toBe(5);
    putIntegration(day, mappingOn(flavour));

    // What the wrong mapping loaded goes at once: its items have the entities that they had.
    await done(day.run('sync --strict'));

    expect(deleted()).toEqual(OLD.map((each) => each.replace(' ', ' new-')));
    expect(day.identifiers('service')).toEqual([...numbered('svc', 12)].sort());
  });

  it.each([
    ['of the day before', '24@2025-12-31', 'is for another day: today'],
    ['of the day after', '24@2026-01-02', 'is for another day: today'],
    ['for one less', '23@2026-01-01', 'is not enough:'],
  ])('is not approved by an approval %s', async (_, approval, why) => {
    day = await theDayAfter(flavour, company(12), () => undefined);
    changeIdentifiers();

    expect((await planned(day, ` --approve ${approval}`)).exitCode).toBe(5);
    const { exitCode, result } = await day.run(`sync --approve ${approval}`);

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    expect(result).toContain(
      `The approval ${approval} ${why} it has to be for at least 24@2026-01-01`,
    );
  });

  it('is approved by the day at Port, not at the runner', async () => {
    // In Port it is half past eleven on the day before.
    const port = { conduct: { clockOffsetMilliseconds: -30 * 60_000 } };
    day = await theDayAfter(flavour, company(12), () => undefined, { port });
    changeIdentifiers();

    expect((await day.run('sync --approve 24@2026-01-01')).exitCode).toBe(5);
    await done(day.run('sync --approve 24@2025-12-31'));

    expect(deleted()).toEqual(OLD);
  });
});

describe('an approval', () => {
  it.each([
    '24',
    '24@',
    '@2026-01-01',
    '24@today',
    '24@2026-1-1',
    '24@2026-02-30',
    '-24@2026-01-01',
    '2.5@2026-01-01',
    '1e9@2026-01-01',
    '24@2026-01-01;',
    '24@2026-01-01T00:00:00Z',
    '٢٤@2026-01-01',
    '999999999999999999999@2026-01-01',
  ])('that is written %s is refused before anything is sent', async (approval) => {
    day = await aDay('server', company(1));

    const { exitCode, stderr, stdout } = await day.run(`sync --approve ${approval}`);

    expect({ exitCode, said: stderr + stdout }).toMatchObject({
      exitCode: 2,
      said: expect.stringContaining('--approve'),
    });
    expect(day.port.requests).toEqual([]);
    expect(day.bitbucket.requests).toEqual([]);
  });

  it('comes from no variable and no file', async () => {
    day = await theDayAfter('server', company(12), () => undefined);
    changeIdentifiers();
    const approval = '24@2026-01-01';

    for (const name of ['APPROVE', 'SYNC_APPROVE', 'OCEAN__SYNC__APPROVE', 'OCEAN__APPROVE']) {
      expect([name, (await day.run('sync', { env: { [name]: approval } })).exitCode]).toEqual([
        name,
        5,
      ]);
    }
    putIntegration(day, { ...mappingOn('server', { prefix: 'new-' }), approve: approval });
    await day.run('sync');
    expect(deleted()).toEqual([]);
  });

  it('lifts no objection: what is hidden, narrowed or off stays', async () => {
    let sees = true;
    day = await theDayAfter('server', company(12), () => (sees = false), {
      server: { sees: ({ slug }) => sees || slug === 'svc-1' },
    });
    const approval = '--approve 999@2026-01-01';

    for (const line of ['sync', 'sync --no-delete', 'sync --kinds repository']) {
      expect((await day.run(`${line} ${approval}`)).exitCode).toBe(0);
    }

    expect(deleted()).toEqual([]);
  });
});

describe.each(BOTH)('a mapping without links on %s', (flavour) => {
  const mapping = mappingOn(flavour, { links: false });

  it('lets up to ten go, whose repositories nothing can be asked about', async () => {
    const data = company(20);
    day = await theDayAfter(
      flavour,
      data,
      () => {
        for (const slug of numbered('svc', 5)) removeRepository(data, 'PAY', slug);
      },
      { mapping },
    );

    expect((await planned(day)).exitCode).toBe(0);
    await done(day.run('sync --strict'));

    expect(deleted()).toHaveLength(10);
  });

  it('stops for more than ten, says that nothing proves them gone, and goes on when approved', async () => {
    const data = company(20);
    day = await theDayAfter(
      flavour,
      data,
      () => {
        for (const slug of numbered('svc', 6)) removeRepository(data, 'PAY', slug);
      },
      { mapping },
    );

    expect((await planned(day)).exitCode).toBe(5);
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    expect(result).toContain('for 12 of them nothing in Bitbucket proves that they are gone');
    await done(day.run('sync --approve 12@2026-01-01'));
    expect(deleted()).toHaveLength(12);
    expect(day.port.integration(INTEGRATION[flavour].identifier)?.version).toMatch(
      /^bitbucket-port-/u,
    );
  });
});
