import { afterEach, describe, expect, it } from '@jest/globals';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { startWorld, type World } from '../world/a-world.js';
import { aCompanyToDeleteFrom, syncedBefore } from './deletion-world.js';

let world: World | CloudWorld;

afterEach(async () => {
  await world.close();
});

/** A repository is gone, but something on the way turns down whoever asks for it. */
describe.each([
  ['Data Center', (company: ReturnType<typeof aCompanyToDeleteFrom>) => startWorld(company)],
  ['Cloud', (company: ReturnType<typeof aCompanyToDeleteFrom>) => startCloudWorld(company)],
])('a firewall in front of %s', (_flavour, start) => {
  const page = (status: number) =>
    ({
      type: 'answer',
      answer: {
        status,
        headers: { 'content-type': 'text/html' },
        body: '<!DOCTYPE html><html><title>Request blocked</title></html>',
      },
    }) as const;

  // Neither proof that it is gone, nor a refusal by which Bitbucket says who may not see it.
  it.each([403, 401, 404, 410])('keeps what it answers %i for, and ends with 4', async (status) => {
    const company = aCompanyToDeleteFrom();
    world = await syncedBefore<World | CloudWorld>(await start(company), () => {
      removeRepository(company, 'PAY', 'shop');
    });
    world.bitbucket.fail({ when: ({ path }) => path.endsWith('/shop'), fault: page(status) });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(world.identifiers('bitbucketRepository')).toHaveLength(4);
    expect(result).toContain('Bitbucket gave no clear answer when it was asked for it');
    if (status === 403) expect(result).toContain('something on the way, such as a firewall');
  });

  it('that turns down the first question is no matter of permissions', async () => {
    world = await start(aCompanyToDeleteFrom());
    world.bitbucket.fail({ when: () => true, fault: page(403) });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(6);
    expect(result).toContain('something on the way, such as a firewall, turned it down');
    expect(result).not.toContain('does not let these credentials');
    expect(world.port.writes).toEqual([]);
  });
});
