import { afterEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock.js';
import { run } from '../../src/run.js';
import { aCompany } from '../world/a-company.js';
import {
  aToken,
  startCloudWorld,
  withinTime,
  WORKSPACE_TOKEN,
  type CloudWorld,
} from '../world/a-cloud-world.js';
import { aRuntime, type TestRuntime } from '../world/a-runtime.js';

let world: CloudWorld;

afterEach(async () => {
  await world.close();
});

const HOUR = 3_600_000;
const company = () =>
  aCompany()
    .withRepository('PAY', 'api')
    .withPullRequest('PAY', 'api')
    .withRepository('PAY', 'web')
    .build();

/** On which a wait of about an hour begins with a call of `onWait`, and lasts until it is aborted. */
function clockWith(onWait: () => void): Clock {
  const { clock } = world;
  return {
    now: () => clock.now(),
    sleep: (milliseconds, signal) => {
      if (milliseconds < HOUR / 2) return clock.sleep(milliseconds, signal);
      const sleeping = withinTime(clock, milliseconds).sleep(milliseconds, signal);
      onWait();
      return sleeping;
    },
  };
}

async function stoppedAtWait(env: Readonly<Record<string, string>>): Promise<{
  exitCode: number;
  result: string;
}> {
  const process: TestRuntime = aRuntime({
    argv: ['sync'],
    env: { ...world.env, ...env },
    clock: clockWith(() => {
      process.signal('SIGTERM');
    }),
  });
  const exitCode = await run(process);
  return { exitCode, result: process.written.stdout.replace(/\s+/gu, ' ') };
}

describe('a signal during a wait for the limits', () => {
  it.each([
    ['of one token', WORKSPACE_TOKEN, 2],
    ['of several tokens', `${WORKSPACE_TOKEN},another-token`, 1],
  ])('%s ends it, and the run, which deletes nothing', async (_name, tokens, limit) => {
    world = await startCloudWorld(company(), {
      bitbucket: {
        credentials: [aToken(WORKSPACE_TOKEN, limit), aToken('another-token', limit)],
        rateLimits: { retryAfter: true },
      },
    });

    const { exitCode, result } = await stoppedAtWait({
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: tokens,
    });

    expect(exitCode).toBe(143);
    expect(result).toContain('stopped by SIGTERM; nothing new');
    expect(world.port.writes.filter(({ type }) => type === 'entity-deleted')).toEqual([]);
  });

  it('of the very first question is no verdict on Bitbucket', async () => {
    world = await startCloudWorld(company(), { bitbucket: { rateLimits: { retryAfter: true } } });
    world.bitbucket.spend(WORKSPACE_TOKEN, 1_000);
    // By then Port has long taken its credentials, so that only the probe is under way.
    world.bitbucket.fail({
      when: () => true,
      times: 8,
      fault: { type: 'answer', answer: { status: 429, headers: { 'retry-after': '1' } } },
    });

    const { exitCode, result } = await stoppedAtWait({});

    expect(exitCode).toBe(143);
    expect(result).toContain('stopped by SIGTERM; nothing new');
    expect(result).not.toContain('cannot be used');
  });
});
