import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Clock } from '../../src/clock.js';
import { run } from '../../src/run.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import { aRuntime, type TestRuntime } from '../world/a-runtime.js';
import { startWorld, type World } from '../world/a-world.js';
import { deletedIn, IDENTIFIER, listing } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const HOUR = 3_600_000;
const GRACE = 5_000;

/** A clock on which a wait for exactly one of these spans ends only when the test says so. */
function aClock(): Clock & { readonly end: (milliseconds: number) => void } {
  const ends = new Map<number, () => void>();
  return {
    now: () => world.clock.now(),
    sleep: (milliseconds, signal) => {
      if (milliseconds !== HOUR && milliseconds !== GRACE) {
        return world.clock.sleep(milliseconds, signal);
      }
      return new Promise((resolve, reject) => {
        ends.set(milliseconds, resolve);
        signal?.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    },
    end: (milliseconds) => ends.get(milliseconds)?.(),
  };
}

function company(): Company {
  const builder = aCompany();
  for (const slug of ['api', 'shop', 'blog']) {
    builder.withRepository('PAY', slug).withPullRequest('PAY', slug);
  }
  return builder.build();
}

/** A world that was synced, whereupon a repository went. */
async function syncedWorld(): Promise<void> {
  const data = company();
  world = await startWorld(data);
  expect((await world.run('sync')).exitCode).toBe(0);
  removeRepository(data, 'PAY', 'shop');
  world.port.reset();
  world.bitbucket.reset();
}

type Stop = (process: TestRuntime, clock: ReturnType<typeof aClock>) => void;

/** Runs, and stops the run when a request is seen, which is never answered. */
async function stoppedRun(
  side: 'port' | 'bitbucket',
  when: (request: RecordedRequest) => boolean,
  stop: Stop,
  line = 'sync',
  fault: Fault = { type: 'hang' },
): Promise<{ readonly exitCode: number; readonly process: TestRuntime }> {
  const clock = aClock();
  const process = aRuntime({ argv: line.split(' '), env: world.env, clock });
  world[side].fail({
    times: 1,
    when: (request) => {
      if (!when(request)) return false;
      // After the answer is on its way, as a signal from outside comes at any moment.
      setImmediate(() => {
        stop(process, clock);
      });
      return true;
    },
    fault,
  });
  return { exitCode: await run(process), process };
}

const states = (): readonly string[] =>
  world.port.requests
    .filter(({ path }) => path.endsWith('/resync-state'))
    .map(({ body }) => resyncState.parse(JSON.parse(body)).status);
const resyncState = z.object({ status: z.string() });

const MOMENTS = {
  'the projects are listed': ['bitbucket', listing('projects')],
  'pull requests are listed': ['bitbucket', listing('pull-requests')],
  'Port tells what it holds': ['port', ({ path }) => path.endsWith('/entities/search')],
  'Port tells what else is ours': ['port', ({ path }) => path.endsWith('/datasource-entities')],
} as const satisfies Record<
  string,
  readonly ['port' | 'bitbucket', (request: RecordedRequest) => boolean]
>;

describe.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s', (signal, code) => {
  it.each(Object.entries(MOMENTS))(
    `while %s ends with ${String(code)}: nothing is deleted, and the summary is there`,
    async (_, [side, when]) => {
      await syncedWorld();

      const { exitCode, process } = await stoppedRun(side, when, (target) => {
        target.signal(signal);
      });

      expect(exitCode).toBe(code);
      expect(deletedIn(world)).toEqual([]);
      expect(process.written.stdout).toContain('pull-request');
      expect(process.exits).toEqual([]);
      expect(states()).toEqual(['running', 'aborted']);
      world.bitbucket.reset();
      world.port.reset();
      expect((await world.run('sync')).exitCode).toBe(0);
      expect(deletedIn(world)).toEqual(['bitbucketPullRequest shop-1', 'bitbucketRepository shop']);
    },
  );

  it('a second time ends the process at once', async () => {
    await syncedWorld();

    const { process } = await stoppedRun('bitbucket', listing('projects'), (target) => {
      target.signal(signal);
      target.signal(signal);
    });

    expect(process.exits).toEqual([code]);
  });
});

describe('SIGTERM', () => {
  it('before anything is known leaves Port as it was', async () => {
    world = await startWorld(company());

    const { exitCode } = await stoppedRun(
      'port',
      ({ path }) => path.endsWith(`/integration/${IDENTIFIER}`),
      (target) => {
        target.signal('SIGTERM');
      },
    );

    expect(exitCode).toBe(143);
    expect(world.port.writes).toEqual([]);
  });

  it('lets a bulk that is under way come to its end', async () => {
    world = await startWorld(company());

    const { exitCode } = await stoppedRun(
      'port',
      ({ path }) => path.endsWith('/bitbucketUser/entities/bulk'),
      (target) => {
        target.signal('SIGTERM');
      },
      'sync',
      { type: 'changed', change: (answer) => answer },
    );

    expect(exitCode).toBe(143);
    expect(world.identifiers('bitbucketUser')).toEqual(['admin@example.com']);
  });

  it('gives up a bulk that Port does not answer when the time of grace is over', async () => {
    world = await startWorld(company());

    const { exitCode } = await stoppedRun(
      'port',
      ({ path }) => path.endsWith('/entities/bulk'),
      (target, clock) => {
        target.signal('SIGTERM');
        clock.end(GRACE);
      },
    );

    expect(exitCode).toBe(143);
  });
});

describe('a run whose time is over', () => {
  it.each(Object.entries(MOMENTS))(
    'while %s ends with 4, or 6 where nothing was done, deletes nothing and says why',
    async (moment, [side, when]) => {
      await syncedWorld();

      const { exitCode, process } = await stoppedRun(
        side,
        when,
        (_target, clock) => {
          clock.end(HOUR);
        },
        'sync --timeout 1h',
      );

      const isEarly = ['the projects are listed', 'Port tells what it holds'].includes(moment);
      expect(exitCode).toBe(isEarly ? 6 : 4);
      expect(deletedIn(world)).toEqual([]);
      expect(process.written.stdout).toMatch(/1 ?h/u);
      expect(states()).toEqual(['running', 'aborted']);
    },
  );
});
