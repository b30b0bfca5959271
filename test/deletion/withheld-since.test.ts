import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonValue } from '../../src/model/json.js';
import { reportSchema } from '../../src/report/report-document.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { aCompany } from '../world/a-company.js';
import { done, INTEGRATION, mappingOn, putIntegration, theDayAfter, type Day } from './a-day.js';

let day: Day;
let folder: string;
/** Slugs that these credentials do not see. */
let unseen: Set<string>;

const DAY = 24 * 3_600_000;
const { identifier } = INTEGRATION.server;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'withheld-'));
  unseen = new Set();
});

afterEach(async () => {
  await day.close();
  await rm(folder, { recursive: true });
});

/** What the integration remembers, of ours. */
function remembered(): Readonly<Record<string, JsonValue>> {
  const own = day.port.integration(identifier)?.spec?.bitbucketPort;
  return isJsonObject(own) ? own : {};
}

/** Calls that wrote onto the integration, less those that tell how the run stands. */
function notesWritten(): number {
  return day.port.requests.filter(
    ({ method, path: at }) => method === 'PATCH' && at.endsWith(`/integration/${identifier}`),
  ).length;
}

/** Twelve repositories, of which one is out of sight from the first day of March on. */
async function hiddenSinceMarch(): Promise<Company> {
  const builder = aCompany();
  for (let number = 1; number <= 12; number += 1) builder.withRepository('PAY', `svc-${number}`);
  const company = builder.build();
  const kinds = ['project', 'repository'] as const;
  day = await theDayAfter('server', company, () => unseen.add('svc-1'), {
    server: { sees: ({ slug }) => !unseen.has(slug) },
    mapping: mappingOn('server', { kinds }),
  });
  // What came with the first load is settled: the mark has nothing left to tell.
  day.clock.advance(Date.UTC(2026, 1, 28, 3) - day.clock.now());
  unseen.clear();
  await done(day.run('sync'));
  unseen.add('svc-1');
  day.clock.advance(DAY);
  day.port.reset();
  return company;
}

const KEPT = 'these credentials may no longer see it in Bitbucket';

/** What a run said, in one line. */
const flat = (text: string): string => text.replaceAll(/\s+/gu, ' ');

describe('what is withheld run after run', () => {
  it('says since when from the second run on, in text, Markdown and JSON', async () => {
    await hiddenSinceMarch();

    const first = await done(day.run('sync', { cwd: folder }));

    expect(flat(first.result)).toContain(`${KEPT} (`);
    expect(remembered()).toMatchObject({
      withheld: [{ blueprint: 'service', reason: 'hidden', since: '2026-03-01T03:01:00Z' }],
    });

    day.clock.advance(9 * DAY);
    const line = 'sync --report-file r.json --summary-file s.md';
    const second = await done(day.run(line, { cwd: folder }));

    const words = `${KEPT}, run after run since 2026-03-01 (`;
    expect(flat(second.result)).toContain(words);
    expect(await readFile(path.join(folder, 's.md'), 'utf8')).toContain('since 2026-03-01');
    const report = reportSchema.parse(
      JSON.parse(await readFile(path.join(folder, 'r.json'), 'utf8')),
    );
    expect(report.keptDeletions).toEqual([
      { blueprint: 'service', reason: 'hidden', count: 1, since: '2026-03-01T03:01:00.000Z' },
    ]);
    expect(flat((await day.run('plan')).result)).toContain(words);
    expect(deletedIn(day)).toEqual([]);
  });

  it('costs one write when it begins and one when it is over, and none in between', async () => {
    await hiddenSinceMarch();
    await done(day.run('sync'));
    expect(notesWritten()).toBe(1);

    for (let times = 0; times < 2; times += 1) {
      day.clock.advance(DAY);
      await done(day.run('sync'));
    }
    expect(notesWritten()).toBe(1);

    unseen.clear();
    day.clock.advance(DAY);
    await done(day.run('sync'));
    expect(notesWritten()).toBe(2);
    expect(Object.keys(remembered())).toEqual(['judged']);
  });

  it.each(['--kinds project', '--no-delete', '--deletion-threshold 0', '--timeout 1ms'])(
    'goes on through a run with %s, which does not look',
    async (flags) => {
      await hiddenSinceMarch();
      await done(day.run('sync'));
      const before = remembered();

      await day.run(`sync ${flags}`);

      expect(remembered()).toEqual(before);
      expect(flat((await done(day.run('sync'))).result)).toContain('since 2026-03-01');
    },
  );

  it('stands beside the mark and the keys of others, and outlives a new mark', async () => {
    await hiddenSinceMarch();
    const { spec = {} } = day.port.integration(identifier) ?? {};
    putIntegration(day, null, { spec: { ...spec, owner: 'platform' } });
    putIntegration(day, mappingOn('server', { kinds: ['project', 'repository'] }));
    await done(day.run('sync'));
    const { withheld = null } = remembered();

    // An identifier that changed asks for approval, which leaves another mark.
    day.clock.advance(DAY);
    day.port.putMapping(
      identifier,
      mappingOn('server', { kinds: ['project', 'repository'], prefix: 'new-' }),
    );
    expect((await day.run('sync')).exitCode).toBe(5);

    expect(day.port.integration(identifier)?.spec).toMatchObject({
      owner: 'platform',
      bitbucketPort: { stopped: true, withheld },
    });
  });

  it.each<[string, JsonValue]>([
    ['no list', 'since ever'],
    ['a list of other things', [1, { blueprint: 'service' }]],
    ['a time to come', [{ blueprint: 'service', reason: 'hidden', since: '2099-01-01T00:00:00Z' }]],
    ['other reasons', [{ blueprint: 'service', reason: 'magic', since: '2026-01-01T00:00:00Z' }]],
  ])('is as if nobody remembered where Port holds %s', async (_, withheld) => {
    await hiddenSinceMarch();
    const { spec = {} } = day.port.integration(identifier) ?? {};
    putIntegration(day, mappingOn('server', { kinds: ['project', 'repository'] }), {
      spec: { ...spec, bitbucketPort: { ...remembered(), withheld } },
    });

    const { result } = await done(day.run('sync'));

    expect(flat(result)).toContain(`${KEPT} (`);
    expect(remembered()).toMatchObject({
      withheld: [{ blueprint: 'service', reason: 'hidden', since: '2026-03-01T03:01:00Z' }],
    });
  });

  it('decides nothing: what is gone goes, whatever is remembered of it', async () => {
    const company = await hiddenSinceMarch();
    await done(day.run('sync'));
    unseen.clear();
    removeRepository(company, 'PAY', 'svc-1');

    await done(day.run('sync'));

    expect(deletedIn(day)).toEqual(['service svc-1']);
  });
});
