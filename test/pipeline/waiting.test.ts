import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoopbackServer, RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { status } from './safety-world.js';
import { aProcess, at, ended, NO_ANSWER } from './stop-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const company = aCompany().withRepository('PAY', 'api').withPullRequest('PAY', 'api').build();

/** Turns of the event loop in which any number of answers of the other side arrive. */
const LONG = 300;

/** What both servers were asked, in the order of time. */
function watch(): readonly string[] {
  const asked: string[] = [];
  const noted = (server: LoopbackServer): void => {
    server.fail({
      when: ({ method, path }) => {
        asked.push(`${method} ${path.replace(/^\/(?:rest\/api\/1\.0|v1)/u, '')}`);
        return false;
      },
      fault: { type: 'reset' },
    });
  };
  noted(world.bitbucket);
  noted(world.port);
  return asked;
}

const slow =
  (method: string, path: string) =>
  (request: RecordedRequest): number =>
    request.method === method && request.path.endsWith(path) ? LONG : 0;

const BULK = 'POST /blueprints/bitbucketProject/entities/bulk';

describe('a first run', () => {
  it('reads Bitbucket while Port creates blueprints, and writes no entity before', async () => {
    world = await startWorld(company);
    const isCreation = ({ method, path }: RecordedRequest): boolean =>
      method === 'POST' && path === '/v1/blueprints';
    world.port.fail({ when: isCreation, fault: NO_ANSWER });
    const process = aProcess(world, 'sync', world.clock);
    const pullRequests = { server: 'bitbucket', path: '/api/pull-requests' } as const;
    at(world, pullRequests, () => {
      process.signal('SIGTERM');
    });

    expect((await ended(world, process)).exitCode).toBe(143);

    expect(world.port.requests.filter(isCreation)).toHaveLength(4);
    expect(world.port.requests.filter(({ path }) => path.endsWith('/bulk'))).toEqual([]);
  });

  it('creates blueprints side by side, and does not ask for them again', async () => {
    world = await startWorld(company);
    world.port.hold(slow('POST', '/blueprints'));
    const asked = watch();

    await world.run('sync');

    const creating = asked.lastIndexOf('POST /blueprints');
    expect(creating).toBeLessThan(asked.indexOf('PATCH /blueprints/bitbucketPullRequest'));
    expect(asked.filter((line) => line === 'POST /blueprints')).toHaveLength(4);
    expect(asked.filter((line) => line === 'GET /blueprints')).toHaveLength(1);
  });

  it('writes no entity before Port was told that it runs', async () => {
    world = await startWorld(company);
    world.port.hold(slow('PATCH', '/resync-state'));
    const asked = watch();

    await world.run('sync');

    const told = asked.findIndex((line) => line.endsWith('/resync-state'));
    const marked = asked.findIndex((line) => /^PATCH \/integration\/[^/]+$/u.test(line));
    expect([told, marked, asked.indexOf(BULK)]).not.toContain(-1);
    expect(marked).toBeGreaterThan(told);
    expect(asked.indexOf(BULK)).toBeGreaterThan(marked);
  });
});

describe('a run whose preparation fails', () => {
  it('asks Bitbucket for nothing but whether the credentials are good', async () => {
    world = await startWorld(company);
    world.port.fail({ when: ({ path }) => path === '/v1/blueprints', fault: status(403) });

    expect((await world.run('sync')).exitCode).toBe(3);

    expect(world.bitbucket.requests).toHaveLength(1);
  });
});
