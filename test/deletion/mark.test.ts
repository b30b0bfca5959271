import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../src/model/json.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import { shareWorld } from '../world/share-world.js';
import { deletedIn } from '../pipeline/safety-world.js';
import {
  aDay,
  BOTH,
  done,
  INTEGRATION,
  mappingOn,
  putIntegration,
  theDayAfter,
  type Day,
} from './a-day.js';

let day: Day;

const HOUR = 3_600_000;
const deleted = (): readonly string[] => deletedIn(day);
const record = () => day.port.integration(INTEGRATION[day.flavour].identifier);
const specText = (): string => JSON.stringify(record()?.spec);

/** Twelve repositories with a pull request each. */
function company(): Company {
  const builder = aCompany();
  for (let number = 1; number <= 12; number += 1) {
    builder.withRepository('PAY', `svc-${number}`).withPullRequest('PAY', `svc-${number}`);
  }
  return builder.build();
}

const GONE = ['change svc-1-1', 'service svc-1'];

/** Everybody's identifiers get a prefix. */
function changeIdentifiers(): void {
  day.port.putMapping(
    INTEGRATION[day.flavour].identifier,
    mappingOn(day.flavour, { prefix: 'new-' }),
  );
}

describe.each(BOTH)('what the integration remembers of deletions on %s', (flavour) => {
  afterEach(() => day.close());

  it('is set by the first run, which deletes nothing, whatever is in Port before it', async () => {
    const { type, identifier } = INTEGRATION[flavour];
    day = await aDay(flavour, company());
    const datasource = `port-ocean/${type}/bitbucket-port-0.0.1/${identifier}/exporter`;
    for (const name of ['left', 'behind']) {
      day.port.putEntity('service', { identifier: name }, { datasource });
    }
    day.clock.advance(60_000);

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual([]);
    expect(result).toContain('no run has judged deletions for this integration yet');
    expect(record()?.spec).toEqual({ bitbucketPort: { judged: '2026-01-01T00:01:01Z' } });
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(['service behind', 'service left']);
  });

  it.each(['dropped', 'refused'] as const)(
    'is %s by Port: nothing is deleted, with a warning, until it is kept again',
    async (spec) => {
      const data = company();
      day = await theDayAfter(flavour, data, () => {
        removeRepository(data, 'PAY', 'svc-1');
      });
      day.port.behave({ spec });

      for (const strict of ['', ' --strict']) {
        const { exitCode, result } = await day.run(`sync${strict}`);
        expect(exitCode).toBe(strict === '' ? 0 : 4);
        expect(deleted()).toEqual([]);
        expect(result).toContain('Port did not keep what the integration has to remember');
        expect(result).toContain('permission to update the integration');
      }
      day.port.behave({ spec: 'kept' });
      await done(day.run('sync --strict'));
      expect(deleted()).toEqual(GONE);
    },
  );

  it('is never set where Port drops it from the beginning: each run is the first', async () => {
    const data = company();
    day = await aDay(flavour, data, { port: { conduct: { spec: 'dropped' } } });
    await done(day.run('sync'));
    removeRepository(data, 'PAY', 'svc-1');

    for (let times = 0; times < 3; times += 1) {
      expect((await day.run('sync')).exitCode).toBe(0);
    }
    expect(deleted()).toEqual([]);
  });

  it('stands in the version where Port hosts the integration, whose settings stay as they are', async () => {
    const data = company();
    day = await aDay(flavour, data);
    const settings = { integrationSpec: { workspace: 'fernlicht' }, appSpec: { interval: 5 } };
    putIntegration(day, mappingOn(flavour), { spec: settings, installationType: 'SaasOauth2' });
    await done(day.run('sync'));
    removeRepository(data, 'PAY', 'svc-1');

    expect(record()?.version).toMatch(/^bitbucket-port-[^+]+\+judged\.20260101T\d{6}Z$/u);
    await done(day.run('sync --strict'));

    expect(deleted()).toEqual(GONE);
    expect(record()?.spec).toEqual(settings);
    day.port.sign(INTEGRATION[flavour].identifier, '0.48.0');
    removeRepository(data, 'PAY', 'svc-2');
    day.port.reset();
    const { exitCode, result } = await day.run('sync');
    expect(exitCode).toBe(0);
    expect(deleted()).toEqual([]);
    expect(result).toContain('was loaded by 0.48.0 until now');
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(['change svc-2-1', 'service svc-2']);
    expect(record()?.spec).toEqual(settings);
  });

  it('stands beside what others keep in spec', async () => {
    const others = { owner: 'platform', nested: { list: [1, null] } };
    day = await aDay(flavour, company());
    putIntegration(day, mappingOn(flavour), { spec: others, installationType: 'OnPrem' });

    await done(day.run('sync'));

    expect(record()?.spec).toMatchObject(others);
    expect(Object.keys(record()?.spec ?? {})).toEqual(['owner', 'nested', 'bitbucketPort']);
  });

  it('makes no stop pass itself: neither killed, stopped nor narrowed runs move it', async () => {
    day = await theDayAfter(flavour, company(), () => undefined);
    changeIdentifiers();
    const before = specText();

    // Killed as it begins to write, and once more near its end.
    for (const moment of [16, 24]) {
      let seen = 0;
      for (const server of [day.port, day.bitbucket]) {
        server.watch(() => void (seen += 1));
        server.fail({ when: () => seen >= moment, fault: { type: 'reset' } });
      }
      await day.run('sync');
      day.port.reset();
      day.bitbucket.reset();
      day.clock.advance(HOUR);
    }
    for (const line of [
      'sync --kinds repository',
      'sync --no-delete',
      'sync --deletion-threshold 0',
    ]) {
      await done(day.run(line));
    }
    expect((await day.run('sync')).exitCode).toBe(5);
    await day.run('sync --timeout 1ms');

    const { exitCode } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    const [since = ''] = /"stoppedAt":"[^"]+"/u.exec(specText()) ?? [];
    expect(since).not.toBe('');
    expect(specText()).toBe(before.replace('"}}', `","stopped":true,${since}}}`));
  });

  describe.each(['OnPrem', 'SaasOauth2'])('of a stop, where its record is %s', (type) => {
    const isStopped = (): boolean =>
      type === 'OnPrem'
        ? specText().includes('"stopped":true')
        : record()?.version.endsWith('.stopped') === true;

    /** More services than may go at once, and fewer pull requests. */
    async function stopped(): Promise<void> {
      const builder = aCompany();
      for (let number = 1; number <= 12; number += 1) {
        builder.withRepository('PAY', `svc-${number}`);
      }
      builder.withPullRequest('PAY', 'svc-1').withPullRequest('PAY', 'svc-2');
      day = await aDay(flavour, builder.build());
      putIntegration(day, mappingOn(flavour), { installationType: type });
      await done(day.run('sync'));
      changeIdentifiers();
      expect((await day.run('sync')).exitCode).toBe(5);
      expect(isStopped()).toBe(true);
    }

    it('lets no narrowed run delete the few that it sees, until somebody approves', async () => {
      await stopped();

      const { exitCode, result } = await day.run('sync --kinds pull-request');
      expect(exitCode).toBe(0);
      expect(deleted()).toEqual([]);
      expect(result).toContain('an earlier run stopped for safety, and nobody has approved it');
      expect((await day.run('sync --kinds pull-request --strict')).exitCode).toBe(4);
      expect((await day.run('sync')).exitCode).toBe(5);

      await done(day.run(`sync --approve 14@2026-01-01`));
      expect(deleted()).toHaveLength(14);
      expect(isStopped()).toBe(false);
    });

    it('is over once a run sees that there is nothing to stop for', async () => {
      await stopped();
      day.port.putMapping(INTEGRATION[flavour].identifier, mappingOn(flavour));

      await done(day.run('sync --strict'));

      expect(deleted()).toHaveLength(14);
      expect(deleted().every((each) => each.includes('new-'))).toBe(true);
      expect(isStopped()).toBe(false);
      await done(day.run('sync --strict'));
    });
  });

  it('is not written where Port refuses it: not even what was approved is deleted', async () => {
    day = await theDayAfter(flavour, company(), () => undefined);
    changeIdentifiers();
    day.port.behave({ spec: 'refused' });

    for (const line of ['sync', 'sync --approve 24@2026-01-01']) {
      const { result } = await day.run(line);
      expect(result).toContain('writing onto integration');
      expect(deleted()).toEqual([]);
    }
    day.port.behave({ spec: 'kept' });
    await done(day.run('sync --approve 24@2026-01-01'));
    expect(deleted()).toHaveLength(24);
  });

  it('that Port set while its clock was an hour ahead makes no stop pass itself either', async () => {
    day = await aDay(flavour, company(), { port: { conduct: { clockOffsetMilliseconds: HOUR } } });
    await done(day.run('sync'));
    day.port.age(HOUR);
    day.port.behave({ clockOffsetMilliseconds: 0 });
    changeIdentifiers();

    // What a run loads is younger than its beginning.
    day.port.watch(() => {
      day.clock.advance(500);
    });

    const codes = [];
    for (let times = 0; times < 3; times += 1) codes.push((await day.run('sync')).exitCode);

    expect(codes).toEqual([0, 5, 5]);
    expect(deleted()).toEqual([]);
  });
});

describe.each(BOTH)('a mark on %s that is none makes the run a first one:', (flavour) => {
  const data = company();

  shareWorld(
    () => theDayAfter(flavour, data, () => undefined),
    (shared) => {
      day = shared;
    },
  );

  it.each<[string, JsonValue, string]>([
    ['a text', 'yesterday', 'svc-1'],
    ['no day', { judged: 'yesterday' }, 'svc-2'],
    ['a number', { judged: 1_767_225_600_000 }, 'svc-3'],
    ['nothing', null, 'svc-4'],
    ['a list', ['2026-01-01T00:00:00Z'], 'svc-5'],
    ['half of it', { takenOver: false }, 'svc-6'],
    ['a time to come', { judged: '2099-01-01T00:00:00Z' }, 'svc-7'],
  ])('%s', async (_, mark, slug) => {
    removeRepository(data, 'PAY', slug);
    putIntegration(day, mappingOn(flavour), { spec: { bitbucketPort: mark } });

    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual([]);
    expect(result).toContain('no run has judged deletions for this integration yet');
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual([`change ${slug}-1`, `service ${slug}`]);
  });
});
