import { afterEach, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../../src/problems/problem.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import { startPosition } from '../../../src/source/cloud/limits/choose-repositories.js';
import type { Reading } from '../../../src/source/source.js';
import { aCompany } from '../../world/a-company.js';
import { drain } from '../a-reading.js';
import { aCloud, open, type TestCloud, type TestCloudOptions } from './a-cloud.js';

const hour = 3_600_000;
const newYear = Date.UTC(2026, 0, 1);
const count = 30;
let opened: TestCloud | undefined;

afterEach(async () => {
  const violations = opened?.server.violations;
  await opened?.close();
  opened = undefined;
  expect(violations ?? []).toEqual([]);
});

function company(pullRequests = 1): Company {
  const builder = aCompany();
  for (let index = 0; index < count; index += 1) {
    builder.withRepository('ANT', `r${index}`, { files: { 'README.md': `# ${index}` } });
    for (let number = 0; number < pullRequests; number += 1) {
      builder.withPullRequest('ANT', `r${index}`);
    }
  }
  return builder.build();
}

async function start(options: TestCloudOptions, world = company()): Promise<TestCloud> {
  return (opened = await aCloud(world, { retries: 5, ...options }));
}

/** A limit of 20 an hour, of which 18 are ours. */
const perHour = { rateLimits: { repositories: 20 } };

const readme = {
  selector: { includedFiles: ['README.md'] },
  mentions: ['__includedFiles'],
};

function coverageOf(reading: Reading): readonly Problem[] {
  const problems = reading.ends().flatMap((end) => ('problem' in end ? [end.problem] : []));
  return [...new Set(problems)];
}

function slugsFrom(place: number, length: number): readonly string[] {
  return Array.from({ length }, (_, index) => `fernlicht/r${(place + index) % count}`);
}

describe('a run that cannot reach every repository', () => {
  it('says how many of all it has read through', async () => {
    const cloud = await start({ server: perHour, timeLeft: hour / 2 });
    const reading = open(cloud.source, 'pull-request');
    const before = reading.repositories;
    const { items } = await drain(reading);
    expect(before).toBeNull();
    expect(reading.repositories).toEqual({ done: items.length, total: count });
    expect(items.length).toBeLessThan(count);
  });

  it.each([1, 4, 10])(
    'reads what there is room for, from where the hour puts it, %i at a time',
    async (concurrency) => {
      const cloud = await start({ server: perHour, timeLeft: hour / 2, source: { concurrency } });
      const place = startPosition(cloud.clock.now(), count);
      const reading = open(cloud.source, 'pull-request');
      const { scopes, ends } = await drain(reading);
      // The list of repositories took one of 18 requests.
      expect(scopes).toEqual(slugsFrom(place, 17));
      expect(ends[0]).toBe('repositories: complete (1)');
      expect(ends.filter((end) => end.endsWith(': complete (1)'))).toHaveLength(18);
      expect(ends.filter((end) => end.endsWith(': coverage'))).toHaveLength(13);
      expect(coverageOf(reading)).toEqual([
        {
          code: 'coverage',
          resource: { index: 0, kind: 'pull-request' },
          reached: 17,
          total: 30,
          reason:
            'it takes more requests than the time limit has room for; ' +
            'there is room again at 2026-01-01T01:00:00Z: run again then',
        },
      ]);
      expect(cloud.server.requests).toHaveLength(18);
      expect(cloud.clock.waits).toEqual([]);
    },
  );

  it('tells ahead what it needs, once', async () => {
    const cloud = await start({ server: perHour, timeLeft: hour / 2 });
    const readings = ['pull-request', 'file', 'repository'].map((kind) =>
      open(
        cloud.source,
        kind,
        kind === 'file' ? { selector: { files: { filenames: ['*.md'] } } } : {},
      ),
    );
    for (const reading of readings) await drain(reading);
    expect(cloud.reported).toEqual([
      {
        code: 'request-forecast',
        what: 'requests',
        needed: 60,
        available: 17,
        windowMilliseconds: hour / 2,
        isEnough: false,
      },
    ]);
  });

  it('reads the same repositories for every kind', async () => {
    // One of them is set aside for questions about what seems to be gone.
    const cloud = await start({ quota: { total: 22 } });
    const place = startPosition(cloud.clock.now(), count);
    const readings = [
      open(cloud.source, 'pull-request'),
      open(cloud.source, 'repository', readme),
    ] as const;
    const [pullRequests, repositories] = await Promise.all(readings.map(drain));
    expect(pullRequests?.scopes).toEqual(slugsFrom(place, 10));
    const items = repositories?.items ?? [];
    expect(items).toHaveLength(count);
    const withFiles = items.filter(({ unreadable }) => unreadable === undefined);
    expect(withFiles.map(({ value }) => value.full_name)).toEqual(slugsFrom(place, 10));
    expect(items.at(-1)).toMatchObject({
      unreadable: ['__includedFiles'],
      value: { __includedFiles: {} },
    });
    expect(repositories?.ends).toEqual(['repositories: complete (1)']);
    expect(repositories?.problems).toMatchObject([{ code: 'coverage', reached: 10, total: 30 }]);
    expect(cloud.server.requests).toHaveLength(21);
  });

  it('comes to all of them in a few runs, an hour apart', async () => {
    const reached = new Set<string>();
    for (let run = 0; run < 4; run += 1) {
      const cloud = await start({ quota: { total: 13 } });
      const begin = cloud.clock.now();
      await cloud.close();
      opened = await aCloud(company(), {
        quota: { total: 13 },
        source: {
          clock: { ...cloud.clock, now: () => begin + run * hour },
        },
      });
      for (const scope of (await drain(open(opened.source, 'pull-request'))).scopes) {
        reached.add(scope);
      }
      if (run < 3) await opened.close();
    }
    expect(reached.size).toBe(count);
  });

  it('reads to its end what it begins, though it takes more than was known', async () => {
    // Two pages of pull requests each: 12 of the 21 requests are enough for 10 repositories.
    const cloud = await start({ quota: { total: 21 } }, company(51));
    const reading = open(cloud.source, 'pull-request');
    const { scopes, ends } = await drain(reading);
    expect(cloud.server.requests.length).toBeLessThanOrEqual(21);
    const complete = ends.filter((end) => end.endsWith(': complete (2)'));
    expect(complete.length).toBeGreaterThanOrEqual(9);
    expect(complete).toHaveLength(new Set(scopes).size);
    expect(coverageOf(reading)).toMatchObject([{ reached: complete.length, total: 30 }]);
  });
});

describe('a wait that does not fit into the time left', () => {
  it('ends the run with what it has, and says when to come back', async () => {
    const cloud = await start({ timeLeft: 60_000 });
    cloud.server.fail({
      when: ({ path }) => path.endsWith('/r20/pullrequests'),
      fault: { type: 'answer', answer: { status: 429, headers: { 'retry-after': '3600' } } },
    });
    const reading = open(cloud.source, 'pull-request');
    const { ends, scopes } = await drain(reading);
    expect(ends[0]).toBe('repositories: complete (1)');
    expect(ends).toHaveLength(31);
    expect(scopes.slice(0, 17)).toEqual(slugsFrom(0, 17));
    expect(scopes).not.toContain('fernlicht/r20');
    expect(coverageOf(reading)).toEqual([
      {
        code: 'coverage',
        resource: { index: 0, kind: 'pull-request' },
        reached: scopes.length,
        total: 30,
        reason: expect.stringMatching(
          /^answered 429 Too Many Requests; .* the next attempt would be at 2026-01-01T01:00:00Z, .*run again then/,
        ),
      },
    ]);
    expect(cloud.clock.waits).toEqual([]);
  });
});

describe('the most requests of a run', () => {
  it('end the root listing itself cleanly', async () => {
    const cloud = await start({ quota: { total: 1 } });
    const reading = open(cloud.source, 'pull-request');
    const { items, ends } = await drain(reading);
    expect(items).toEqual([]);
    expect(ends).toHaveLength(31);
    expect(coverageOf(reading)).toMatchObject([
      { reached: 0, total: 30, reason: 'it takes more requests than the run may send' },
    ]);
    await drain(open(cloud.source, 'project')).then(({ ends: projects }) => {
      expect(projects).toEqual([
        'projects: root-listing-incomplete projects: the run has sent the one request it may',
      ]);
    });
  });

  it('count what is sent again, and the probe', async () => {
    const cloud = await start({ quota: { total: 12 } });
    await cloud.source.probe();
    cloud.server.fail({
      when: ({ path }) => path.endsWith('/pullrequests'),
      times: 3,
      fault: { type: 'answer', answer: { status: 503 } },
    });
    await drain(open(cloud.source, 'pull-request'));
    expect(cloud.server.requests.length).toBeLessThanOrEqual(12);
    expect(cloud.server.requests.length).toBeGreaterThan(8);
  });

  it('are never exceeded, though every answer has to be asked for again', async () => {
    const cloud = await start({ quota: { total: 12 }, source: { concurrency: 10 } });
    cloud.server.fail({
      when: ({ path }) => path.endsWith('/pullrequests'),
      fault: { type: 'answer', answer: { status: 503 } },
    });
    const reading = open(cloud.source, 'pull-request');
    await drain(reading);
    expect(cloud.server.requests).toHaveLength(12);
    expect(coverageOf(reading)).toMatchObject([
      {
        reached: 0,
        total: 30,
        reason: expect.stringContaining('the run has sent the 12 requests'),
      },
    ]);
  });

  it('are told as the reason, though there is a time limit as well', async () => {
    const cloud = await start({ quota: { total: 12 }, timeLeft: hour });
    const reading = open(cloud.source, 'pull-request');
    await drain(reading);
    expect(coverageOf(reading)).toMatchObject([
      { reached: 11, total: 30, reason: 'it takes more requests than the run may send' },
    ]);
  });

  it('are not all kept for the second reading of a long root listing', async () => {
    // The list takes two requests that are refused and two pages, which would be read again.
    const cloud = await start({
      quota: { total: 8 },
      server: { paging: { pagelen: { others: 25 } } },
    });
    const reading = open(cloud.source, 'pull-request');
    await drain(reading);
    expect(coverageOf(reading)).toMatchObject([{ reached: 2, total: 30 }]);
  });

  it.each([5, 6])('reach a repository where there are no more than %i', async (total) => {
    const server = { paging: { pagelen: { others: 25 } } };
    const cloud = await start({ quota: { total }, server });
    const reading = open(cloud.source, 'pull-request');
    await drain(reading);
    expect(coverageOf(reading)).toMatchObject([{ reached: 1, total: 30 }]);
  });

  it('that do not reach the end of the root listing leave everything as it is', async () => {
    // Pages of 100 and 50 are refused, so that 25 of the 30 repositories take three requests.
    const cloud = await start({
      quota: { total: 3 },
      server: { paging: { pagelen: { others: 25 } } },
    });
    const reading = open(cloud.source, 'pull-request');
    const { items, ends } = await drain(reading);
    expect(items).toEqual([]);
    expect(ends[0]).toBe(
      'repositories: root-listing-incomplete repositories: the run has sent the 3 requests it may',
    );
    expect(ends.slice(1)).toHaveLength(25);
    expect(ends.slice(1).every((end) => end.endsWith(': coverage'))).toBe(true);
    expect(cloud.server.requests).toHaveLength(3);
  });
});

describe("the user's quota", () => {
  const rate = { requests: 10, windowMilliseconds: 60_000 };

  it('is waited for, over all kinds and tokens', async () => {
    const reasons = new Set<string>();
    const cloud = await start({
      tokens: ['one', 'two'],
      quota: { rate },
      source: { onWait: ({ reason }) => reasons.add(reason) },
    });
    const { ends } = await drain(open(cloud.source, 'pull-request'));
    expect(ends).toHaveLength(31);
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
    // 31 requests, 10 a minute.
    expect(cloud.clock.now() - newYear).toBe(3 * 60_000);
    expect([...reasons]).toEqual(['the quota of 10 requests is used up']);
  });

  it('decides how many repositories a time limit has room for', async () => {
    const cloud = await start({ quota: { rate }, timeLeft: 90_000 });
    const reading = open(cloud.source, 'pull-request');
    await drain(reading);
    expect(coverageOf(reading)).toMatchObject([{ reached: 19, total: 30 }]);
    expect(cloud.server.requests).toHaveLength(20);
    expect(cloud.reported).toMatchObject([
      { code: 'request-forecast', needed: 30, available: 19, isEnough: false },
    ]);
  });
});

describe('the order of reading', () => {
  it('is that of the listing where everything fits, whatever the time left', async () => {
    const cloud = await start({ timeLeft: hour });
    const { scopes } = await drain(open(cloud.source, 'pull-request'));
    expect(scopes).toEqual(slugsFrom(0, count));
    expect(cloud.reported).toEqual([]);
  });

  it('is that of the listing without a time limit, though it waits', async () => {
    const cloud = await start({ server: perHour });
    const { scopes, ends } = await drain(open(cloud.source, 'pull-request'));
    expect(scopes).toEqual(slugsFrom(0, count));
    expect(ends).toHaveLength(31);
    expect(cloud.reported).toMatchObject([
      { code: 'request-forecast', needed: 30, available: 18, isEnough: true },
    ]);
  });
});

describe('the reserve', () => {
  it('is left alone, so that Bitbucket never has to refuse', async () => {
    const waits: string[] = [];
    const cloud = await start({
      server: perHour,
      source: { onWait: ({ reason }) => waits.push(reason) },
    });
    await drain(open(cloud.source, 'pull-request'));
    expect(cloud.server.requests).toHaveLength(31);
    expect(waits[0]).toBe('18 requests were sent in an hour, and the reserve of 10 % is kept');
  });

  it('is what the user says', async () => {
    const options = { server: perHour, timeLeft: hour / 2 };
    const cloud = await start({ ...options, source: { reserve: 0.5 } });
    await drain(open(cloud.source, 'pull-request'));
    expect(cloud.server.requests).toHaveLength(10);
  });
});
