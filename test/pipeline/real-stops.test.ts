import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { executablesOnPath } from '../../src/mapping/engine/find-engine.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aPackage } from '../world/a-package.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { deletedIn } from './safety-world.js';
import { at, NO_ANSWER, TRUE_ANSWER, type Moment } from './stop-world.js';

/** A stop may take so long, whatever is busy. A run that did not stop would take a minute at least. */
const MILLISECONDS = 6_000;

const [jq] = executablesOnPath('jq', process.env.PATH ?? '');

let folder: string;
/** As it is installed. */
let program: string;
let company: Company;
let world: World;
let child: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stops-'));
  const { nodeModules } = await aPackage();
  program = path.join(nodeModules, 'bitbucket-port', 'bin', 'bitbucket-port.js');
  await writeFile(path.join(folder, 'endless.json'), JSON.stringify(endlessMapping()));
});

beforeEach(async () => {
  company = thirtyProjects();
  world = await startWorld(company);
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await world.close();
});

afterAll(() => rm(folder, { recursive: true }));

/** So many projects that jq, which may take two seconds for each, is not done with them in time. */
function thirtyProjects(): Company {
  const builder = aCompany();
  for (let number = 1; number <= 30; number += 1) builder.withRepository(`P${number}`, 'api');
  return builder.withRepository('P1', 'shop').build();
}

function endlessMapping(): unknown {
  const mappings = {
    identifier: '.key',
    blueprint: '"bitbucketProject"',
    properties: { description: 'last(range(infinite))' },
  };
  const entity = { mappings };
  const users = { ...mappings, identifier: '.name', blueprint: '"bitbucketUser"', properties: {} };
  return {
    resources: [
      { kind: 'project', selector: { query: 'true' }, port: { entity } },
      { kind: 'user', selector: { query: 'true' }, port: { entity: { mappings: users } } },
    ],
  };
}

/** A run in a process of its own. */
function start(line: string, variables: Readonly<Record<string, string>> = {}): ChildProcess {
  child = spawn(process.execPath, [program, ...line.split(' ')], {
    env: { ...world.env, PATH: '', ...variables },
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.resume();
  return child;
}

/** How it ended, and whether it took no longer than a stop may take. */
async function endOf(running: ChildProcess, since: number): Promise<unknown> {
  await once(running, 'close');
  return { exitCode: running.exitCode, inTime: performance.now() - since < MILLISECONDS };
}

/**
 * When the next run makes its first request, its time limit under way. Until then a busy machine may
 * have taken any time to start the process, which is no part of a stop.
 */
function beginOfRun(): Promise<number> {
  return new Promise((resolve) => {
    const begin = (): void => {
      resolve(performance.now());
    };
    at(world, { server: 'port', path: '/auth/access_token' }, begin, TRUE_ANSWER);
  });
}

const READING: Moment = { server: 'bitbucket', path: '/api/pull-requests' };
const JQ_IS_BUSY: Moment = { server: 'bitbucket', path: '/users' };
const WRITING: Moment = { server: 'port', path: '/entities/bulk' };
const DELETING: Moment = { server: 'port', path: '/bulk/entities/delete' };

const NATIVE = jq === undefined ? [] : [['SIGHUP', 'jq is busy', jq, 129] as const];

it('ends in time while Bitbucket does not answer', async () => {
  const running = start('sync');
  const stopped = new Promise<number>((resolve) => {
    at(world, READING, () => {
      running.kill('SIGTERM');
      resolve(performance.now());
    });
  });
  expect(await endOf(running, await stopped)).toEqual({ exitCode: 143, inTime: true });
});

it.each([['SIGINT', 'jq-web is busy', '', 130] as const, ...NATIVE])(
  'ends in time on %s while %s',
  async (signal, _name, jqPath, exitCode) => {
    const running = start('sync --mapping endless.json', jqPath === '' ? {} : { JQ_PATH: jqPath });
    const stopped = new Promise<number>((resolve) => {
      const stop = (): void => {
        running.kill(signal);
        resolve(performance.now());
      };
      at(world, JQ_IS_BUSY, stop, TRUE_ANSWER);
    });
    expect(await endOf(running, await stopped)).toEqual({ exitCode, inTime: true });
  },
);

it('ends in time when --timeout runs out while jq-web is busy', async () => {
  const begun = beginOfRun();
  const running = start('sync --mapping endless.json --timeout 1s');
  // jq was busy before anything was written.
  expect(await endOf(running, await begun)).toEqual({ exitCode: 6, inTime: true });
});

it('ends at once on a second signal while Port does not answer a write', async () => {
  const running = start('sync');
  const stopped = new Promise<number>((resolve) => {
    const stopTwice = (): void => {
      running.kill('SIGTERM');
      // Both at once would be taken for one.
      running.stderr?.once('data', () => {
        running.kill('SIGTERM');
        resolve(performance.now());
      });
    };
    at(world, WRITING, stopTwice, NO_ANSWER);
  });
  expect(await endOf(running, await stopped)).toEqual({ exitCode: 143, inTime: true });
});

describe('while Port does not answer a deletion', () => {
  /** Everything is in the catalog, and a repository is gone. */
  beforeEach(async () => {
    expect((await world.run('sync')).exitCode).toBe(0);
    removeRepository(company, 'P1', 'shop');
    world.clock.advance(60_000);
    world.port.reset();
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends in time on %s', async (signal, exitCode) => {
    const running = start('sync');
    const stopped = new Promise<number>((resolve) => {
      const stop = (): void => {
        running.kill(signal);
        resolve(performance.now());
      };
      at(world, DELETING, stop, NO_ANSWER);
    });
    expect(await endOf(running, await stopped)).toEqual({ exitCode, inTime: true });
    expect(deletedIn(world)).toEqual([]);
  });

  it('ends in time when --timeout runs out', async () => {
    // On a busy machine it may take longer until anything is deleted: then it gets more time.
    for (let seconds = 5; ; seconds *= 2) {
      world.forget();
      const isDeleting = new Promise<true>((resolve) => {
        const reached = (): void => {
          resolve(true);
        };
        at(world, DELETING, reached, NO_ANSWER);
      });
      const begun = beginOfRun();
      const running = start(`sync --timeout ${seconds}s`);
      const end = endOf(running, (await begun) + seconds * 1_000);
      if (!(await Promise.race([isDeleting, end.then(() => false)]))) continue;
      // What had not changed was confirmed before.
      expect(await end).toEqual({ exitCode: 4, inTime: true });
      break;
    }
    expect(deletedIn(world)).toEqual([]);
  });
});
