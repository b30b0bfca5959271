import type { StopSignal } from '../../src/model/signal.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import type { TestRuntime } from '../world/a-runtime.js';
import { startWorld, type World } from '../world/a-world.js';
import { deletedIn, IDENTIFIER } from './safety-world.js';
import {
  aCompanyOfFour,
  aProcess,
  at,
  ended,
  GONE_WITH_SHOP,
  NO_ANSWER,
  patientClock,
  toldStates,
  TRUE_ANSWER,
  type Moment,
} from './stop-world.js';

let company: Company;
let world: World;

/** One page holds two rows, so that what is gone is looked for a second time. */
beforeEach(async () => {
  company = aCompanyOfFour();
  world = await startWorld(company, { bitbucket: { pageCap: 2 } });
});

afterEach(async () => {
  await world.close();
});

/** Loads everything; then a repository goes away, and what is recorded begins anew. */
async function syncOnce(): Promise<void> {
  expect((await world.run('sync')).exitCode).toBe(0);
  removeRepository(company, 'PAY', 'shop');
  world.port.reset();
  world.bitbucket.reset();
}

/** Sends the process a signal as soon as a request came in. */
function signalAt(
  moment: Moment,
  process: TestRuntime,
  name: StopSignal,
  fault: Fault = NO_ANSWER,
): void {
  const send = (): void => {
    process.signal(name);
  };
  at(world, moment, send, fault);
}

const SEARCH = '/entities/search';
const READING: Readonly<Record<string, Moment>> = {
  'a root listing': { server: 'bitbucket', path: '/repos', number: 2 },
  'the pull requests of a repository': { server: 'bitbucket', path: '/api/pull-requests' },
  'the readme of a repository': { server: 'bitbucket', path: '/api/readme' },
  'the catalog': { server: 'port', path: `/bitbucketPullRequest${SEARCH}` },
};
const RECONCILING: Readonly<Record<string, Moment>> = {
  'what our data source owns': { server: 'port', path: '/datasource-entities' },
  'what is due once more': {
    server: 'port',
    path: `/bitbucketPullRequest${SEARCH}`,
    number: 2,
  },
  'a root listing a second time': { server: 'bitbucket', path: '/repos', number: 3 },
  'a repository by its address': { server: 'bitbucket', path: '/projects/PAY/repos/shop' },
};

describe('a signal', () => {
  it.each([
    ['SIGTERM', 143, 'Terminated'],
    ['SIGINT', 130, 'Interrupted'],
    ['SIGHUP', 129, 'Terminated'],
  ] as const)('%s ends a run that reads, which says how far it came', async (name, code, word) => {
    await syncOnce();
    const process = aProcess(world, 'sync');
    signalAt({ server: 'bitbucket', path: '/api/pull-requests' }, process, name);

    const { exitCode, result } = await ended(world, process);

    expect(exitCode).toBe(code);
    expect(result).toContain(`stopped by ${name}; nothing new`);
    expect(result).toMatch(/Resource Read .* pull-request! /u);
    expect(result).toContain(`${word} in `);
    expect(result).toContain(`(exit ${code}): 0 new, 0 changed, 0 deleted`);
    expect(toldStates(world)).toEqual(['running', 'aborted']);
    expect(deletedIn(world)).toEqual([]);
  });

  it.each(Object.entries({ ...READING, ...RECONCILING }))(
    'while the run reads %s deletes nothing, and the next run deletes what is gone',
    async (_name, moment) => {
      await syncOnce();
      const process = aProcess(world, 'sync');
      signalAt(moment, process, 'SIGTERM');

      const { exitCode, result } = await ended(world, process);

      expect(exitCode).toBe(143);
      expect(result).toContain('stopped by SIGTERM');
      expect(result).toMatch(/Resource Read /u);
      expect(result).not.toContain('bug');
      expect(result).not.toContain('catalog');
      // What the stop cut short is no mistake of its own.
      expect(result).not.toContain('could not be read to the end');
      expect(result.match(/error: /gu)).toHaveLength(1);
      expect(toldStates(world)).toEqual(['running', 'aborted']);
      expect(world.port.writes).toEqual([]);

      expect((await world.run('sync')).exitCode).toBe(0);
      expect(deletedIn(world)).toEqual(GONE_WITH_SHOP);
    },
  );

  it.each<[string, Moment]>([
    ['reads the integration', { server: 'port', path: `/integration/${IDENTIFIER}` }],
    ['reads the blueprints', { server: 'port', path: '/v1/blueprints' }],
  ])('while the run %s ends it before Port hears of it', async (_name, moment) => {
    await syncOnce();
    for (const [name, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      world.port.reset();
      const process = aProcess(world, 'sync');
      signalAt(moment, process, name);

      const { exitCode, result } = await ended(world, process);

      expect(exitCode).toBe(code);
      expect(result).toContain(`stopped by ${name}`);
      expect(result).toContain(`(exit ${code})`);
      expect(result).not.toContain('bug');
      expect(toldStates(world)).toEqual([]);
      expect(world.port.writes).toEqual([]);
    }
  });

  it('while the run asks Bitbucket whether it is there is no bug either', async () => {
    await syncOnce();
    const process = aProcess(world, 'sync');
    const when = ({ query }: RecordedRequest): boolean => {
      if (query.get('limit') !== '1') return false;
      process.signal('SIGTERM');
      return true;
    };
    world.bitbucket.fail({ when, fault: NO_ANSWER, times: 1 });

    const { exitCode, result } = await ended(world, process);

    expect(exitCode).toBe(143);
    expect(result).not.toContain('bug');
    expect(toldStates(world)).toEqual([]);
    expect(world.port.writes).toEqual([]);
  });

  it('while the run deletes lets the call under way end, and begins no other', async () => {
    await syncOnce();
    const process = aProcess(world, 'sync');
    signalAt(
      { server: 'port', path: '/bitbucketPullRequest/bulk/entities/delete' },
      process,
      'SIGTERM',
      TRUE_ANSWER,
    );

    const { exitCode, result } = await ended(world, process);

    expect(exitCode).toBe(143);
    expect(deletedIn(world)).toEqual(GONE_WITH_SHOP.slice(0, 3));
    expect(result).toContain('3 deleted');
    expect(toldStates(world)).toEqual(['running', 'aborted']);

    await world.run('sync');
    expect(deletedIn(world)).toEqual(GONE_WITH_SHOP);
  });

  it.each<[string, Moment]>([
    ['tells Port of the run', { server: 'port', path: '/resync-state' }],
    ['deletes', { server: 'port', path: '/bulk/entities/delete' }],
  ])('ends a call that has no answer while the run %s, after a while', async (_name, moment) => {
    await syncOnce();
    // On this clock the while is over at once.
    const process = aProcess(world, 'sync', world.clock);
    signalAt(moment, process, 'SIGTERM');

    const { exitCode, result } = await ended(world, process);

    expect(exitCode).toBe(143);
    expect(result).not.toContain('bug');
    expect(deletedIn(world)).toEqual([]);
  });

  it('during the first load leaves nothing behind that the next run does not mend', async () => {
    const process = aProcess(world, 'sync');
    signalAt({ server: 'bitbucket', path: '/web/pull-requests' }, process, 'SIGTERM');

    expect((await ended(world, process)).exitCode).toBe(143);
    const next = await world.run('sync');

    expect(next.exitCode).toBe(0);
    expect(deletedIn(world)).toEqual([]);
    expect(world.identifiers('bitbucketRepository')).toEqual(['api', 'blog', 'shop', 'web']);
    expect(world.identifiers('bitbucketPullRequest')).toHaveLength(12);
    expect((await world.run('sync')).result).toContain('0 new, 0 changed, 0 deleted');
  });
});

describe('--timeout', () => {
  const LIMIT_MILLISECONDS = 25 * 60_000;

  /** A clock on which the time limit is over when the test says so. */
  function limitedClock(): { readonly clock: Clock; readonly runOut: () => void } {
    const patient = patientClock(world);
    let runOut: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      runOut = resolve;
    });
    const sleep: Clock['sleep'] = (milliseconds, signal) =>
      milliseconds === LIMIT_MILLISECONDS ? over : patient.sleep(milliseconds, signal);
    return { clock: { now: () => world.clock.now(), sleep }, runOut };
  }

  it.each(Object.entries(READING))(
    'that runs out while the run reads %s ends it incomplete, and nothing is deleted',
    async (_name, moment) => {
      await syncOnce();
      const { clock, runOut } = limitedClock();
      at(world, moment, runOut);

      const { exitCode, result } = await ended(world, aProcess(world, 'sync --timeout 25m', clock));

      // What was read before the limit may have been confirmed, or nothing was.
      const isDone = /[1-9]\d* same/u.test(result);
      expect(exitCode).toBe(isDone ? 4 : 6);
      expect(result).toContain('the time limit of 25m ran out; nothing new');
      expect(result).toContain('Raise --timeout');
      expect(result).toMatch(/Resource Read /u);
      expect(result).toContain(isDone ? 'Incomplete in ' : 'Failed, nothing was loaded');
      expect(result).not.toContain('bug');
      expect(toldStates(world)).toEqual(['running', 'aborted']);
      expect(world.port.writes).toEqual([]);
    },
  );

  it('that runs out before Port gave the blueprints ends the run before Port hears of it', async () => {
    await syncOnce();
    const { clock, runOut } = limitedClock();
    at(world, { server: 'port', path: '/v1/blueprints' }, runOut);

    const { exitCode, result } = await ended(world, aProcess(world, 'sync --timeout 25m', clock));

    expect(exitCode).toBe(6);
    expect(result).toContain('the time limit of 25m ran out');
    expect(result).not.toContain('bug');
    expect(toldStates(world)).toEqual([]);
  });

  it('that is long enough changes nothing', async () => {
    await syncOnce();
    const { clock } = limitedClock();

    const { exitCode } = await ended(world, aProcess(world, 'sync --timeout 25m', clock));

    expect(exitCode).toBe(0);
    expect(toldStates(world)).toEqual(['running', 'completed']);
    expect(deletedIn(world)).toEqual(GONE_WITH_SHOP);
  });
});
