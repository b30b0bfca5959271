import { afterEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/run.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import { startCloudWorld, withinTime, type CloudWorld } from '../world/a-cloud-world.js';
import { aRuntime } from '../world/a-runtime.js';
import { startWorld, type World } from '../world/a-world.js';

let world: World | CloudWorld;

afterEach(async () => {
  await world.close();
});

const REPOSITORIES = 12;
const MINUTE = 60_000;
const NEW_YEAR = Date.UTC(2026, 0, 1);
const QUOTA = {
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_RATE_LIMIT_QUOTA: '10',
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_RATE_LIMIT_WINDOW: '60',
};

function company(): Company {
  const builder = aCompany();
  for (let number = 1; number <= REPOSITORIES; number += 1) {
    builder.withRepository('PAY', `service-${number}`).withPullRequest('PAY', `service-${number}`);
  }
  return builder.build();
}

/** A moment passes after each run; all other time is waited for. */
const waitedIn = ({ clock }: World | CloudWorld): number => clock.now() - NEW_YEAR - MINUTE;

describe("the user's own quota of requests", () => {
  it('is kept to on Data Center, with the reason shown, and nothing is left out', async () => {
    const data = (world = await startWorld(company()));

    const { exitCode, stderr } = await data.run('sync --strict', QUOTA);

    expect(exitCode).toBe(0);
    expect(stderr).toContain('Bitbucket: waiting 1m00s: the quota of 10 requests is used up');
    const windows = Math.ceil(data.bitbucket.requests.length / 10);
    expect(waitedIn(data)).toBe((windows - 1) * MINUTE);
    expect(windows).toBeGreaterThan(1);
    expect(data.identifiers('bitbucketRepository')).toHaveLength(REPOSITORIES);
  });

  it('ends a run over Data Center with 4 where the wait cannot fit, and deletes nothing', async () => {
    const data = (world = await startWorld(company()));
    await data.run('sync');
    data.port.reset();
    const process = aRuntime({
      argv: ['sync', '--timeout', '30s'],
      env: { ...data.env, ...QUOTA },
      clock: withinTime(data.clock, 30_000),
    });

    expect(await run(process)).toBe(4);
    const result = process.written.stdout.replace(/\s+/gu, ' ');
    expect(result).toMatch(
      /the quota of 10 requests is used up; the next attempt would be at 2026-/u,
    );
    expect(data.port.writes.filter(({ type }) => type === 'entity-deleted')).toEqual([]);
  });

  it('is kept to on Cloud as well', async () => {
    const cloud = (world = await startCloudWorld(company()));

    const { exitCode, stderr } = await cloud.run('sync --strict', { env: QUOTA });

    expect(exitCode).toBe(0);
    expect(stderr).toContain('the quota of 10 requests is used up');
    expect(waitedIn(cloud)).toBeGreaterThanOrEqual(MINUTE);
    expect(cloud.identifiers('bitbucketPullRequest')).toHaveLength(REPOSITORIES);
  });
});

describe('the most requests of a run', () => {
  it('mean nothing for Data Center, which is said', async () => {
    const data = (world = await startWorld(company()));

    const { exitCode, result } = await data.run('sync --max-requests 3');

    expect(exitCode).toBe(0);
    expect(result).toContain(
      'warning: --max-requests means nothing for Bitbucket Data Center and is ignored',
    );
  });

  it('end a run over Cloud with 4 when they do not reach the end of the root listing', async () => {
    const cloud = (world = await startCloudWorld(company(), {
      bitbucket: { paging: { pagelen: { others: 25 } } },
    }));

    const { exitCode, result } = await cloud.run('sync --max-requests 2');

    expect(exitCode).toBe(6);
    expect(result).toContain('the run has sent the 2 requests it may');
    expect(cloud.bitbucket.requests).toHaveLength(2);
    expect(cloud.port.writes.filter(({ type }) => type === 'entity-deleted')).toEqual([]);
  });
});
