import { afterEach, describe, expect, it } from '@jest/globals';
import { mergePullRequest, removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { run } from '../../src/run.js';
import { aCompany, aMoment } from '../world/a-company.js';
import { aToken, withinTime, WORKSPACE_TOKEN } from '../world/a-cloud-world.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { aDay, done, INTEGRATION, type Day } from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const HOUR = 3_600_000;
const HALF_AN_HOUR = 1_800_000;
const REPOSITORIES = 99;
const slugs: readonly string[] = Array.from(
  { length: REPOSITORIES },
  (_, index) => `svc-${index + 1}`,
);

/** A run that begins on the hour and has half of it: what an hour's requests allow is all that it reads. */
async function hourlyRun(
  more = '',
): Promise<{ readonly exitCode: number; readonly result: string }> {
  const process = day.runtime(`sync --timeout 30m${more}`, {
    clock: withinTime(day.clock, HALF_AN_HOUR),
  });
  const exitCode = await run(process);
  const { clock } = day;
  clock.advance(HOUR - (clock.now() % HOUR));
  return {
    exitCode,
    result: (process.written.stdout + process.written.stderr).replace(/\s+/gu, ' '),
  };
}

const limited = { credentials: [aToken(WORKSPACE_TOKEN, 48)] };

function aWideCompany(): Company {
  const builder = aCompany();
  for (const slug of slugs) {
    builder.withRepository('PAY', slug);
    for (const id of [1, 2]) builder.withPullRequest('PAY', slug, { id });
  }
  return builder.build();
}

/** Runs that all repositories take, each a third of them, with some room for those that are read again. */
const ROUND = 6;

describe('a rate limit that lets a third of the repositories be read each hour', () => {
  it('for two days: what is gone is deleted within hours, and nothing else', async () => {
    const company = aWideCompany();
    day = await aDay('cloud', company, { cloud: limited });
    /** By what went, the hour in which it went. */
    const gone = new Map<string, number>();
    const waits: number[] = [];
    const codes = new Set<number>();

    for (let hour = 0; hour < 48; hour += 1) {
      // From the second round on, a pull request is merged each hour, and now and then a repository goes.
      if (hour >= ROUND && hour < 48 - ROUND) {
        const slug = `svc-${1 + ((hour * 7) % REPOSITORIES)}`;
        const isThere = company.repositories.some((repository) => repository.slug === slug);
        if (isThere && hour % 5 === 0) {
          removeRepository(company, 'PAY', slug);
          for (const key of [`service ${slug}`, `change ${slug}-1`, `change ${slug}-2`]) {
            if (!gone.has(key)) gone.set(key, hour);
          }
        } else if (isThere && !gone.has(`change ${slug}-1`)) {
          mergePullRequest(company, 'PAY', slug, 1, aMoment);
          gone.set(`change ${slug}-1`, hour);
        }
      }
      day.port.reset();

      const { exitCode, result } = await hourlyRun();

      // Once each was read, none goes unread for a day: that not all are read each hour is no failure.
      if (hour >= ROUND) codes.add(exitCode);
      if (hour < ROUND) expect(result).toMatch(/coverage 3\d\/99/u);
      for (const key of deletedIn(day)) {
        expect([hour, key, gone.has(key)]).toEqual([hour, key, true]);
        waits.push(hour - (gone.get(key) ?? 0));
      }
    }

    expect([...codes]).toEqual([0]);
    expect(waits).toHaveLength(gone.size);
    expect(gone.size).toBeGreaterThan(30);
    expect(Math.max(...waits)).toBeLessThan(ROUND);
    expect(day.identifiers('service')).toEqual(company.repositories.map(({ slug }) => slug).sort());
    // A run with all the time that it needs finds nothing to do.
    day.port.reset();
    await done(day.run('sync --strict'));
    expect(day.port.writes).toEqual([]);
  });

  it('is incomplete while some were not read for longer than sync.maxStale, and begins with those', async () => {
    day = await aDay('cloud', aWideCompany(), { cloud: limited });
    const told: string[] = [];
    for (let hour = 0; hour < 8; hour += 1) {
      day.port.reset();
      const { exitCode, result } = await hourlyRun(hour < 5 ? '' : ' --max-stale 1h');
      const words =
        /(\d+ of the others were not|each of the others was) read within the last (\d+h)/u;
      told.push(`${String(exitCode)} ${words.exec(result)?.slice(1, 3).join(' ') ?? result}`);
    }

    // 99 repositories, of which a run reads 30 and some more: the fourth has seen each of them.
    const kinds = told.map((line) => line.replace(/\d+ of the others were not/u, 'some were not'));
    expect(kinds.slice(0, 2)).toEqual(['4 some were not 24h', '4 some were not 24h']);
    expect(kinds.slice(3, 5)).toEqual([
      '0 each of the others was 24h',
      '0 each of the others was 24h',
    ]);
    expect(new Set(kinds.slice(5))).toEqual(new Set(['4 some were not 1h']));
    const spec = day.port.integration(INTEGRATION.cloud.identifier)?.spec ?? {};
    expect(Object.keys(spec.bitbucketPort ?? {})).toEqual(
      expect.arrayContaining(['judged', 'read']),
    );
  });

  it('is incomplete where Port does not remember', async () => {
    day = await aDay('cloud', aWideCompany(), {
      cloud: limited,
      port: { conduct: { spec: 'dropped' } },
    });
    for (let hour = 0; hour < 5; hour += 1) {
      const { exitCode, result } = await hourlyRun();
      expect([exitCode, /\d+ of the others were not/u.test(result)]).toEqual([4, true]);
    }
  });
});
