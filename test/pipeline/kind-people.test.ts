import { afterEach, describe, expect, it } from '@jest/globals';
import { deactivateUser } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import {
  deletedIn,
  entityWrites,
  FLAVOURS,
  type KindWorld,
  startKindWorld,
  withoutLast,
} from './kinds-world.js';
import { status } from './safety-world.js';

let world: KindWorld;

afterEach(async () => {
  await world.close();
});

function aCompanyOfPeople(): Company {
  const company = aCompany()
    .withUser({ name: 'ana', displayName: 'Ana Pérez' })
    .withUser({ name: 'bo', emailAddress: null })
    .withRepository('PAY', 'api')
    .build();
  const groups = [
    { name: 'payments & more', members: ['ana', 'bo'] },
    { name: 'web', members: ['ana'] },
    { name: 'nobody', members: [] },
  ];
  return { ...company, groups };
}

/** Has loaded the company once, with nothing recorded of it. */
async function start(
  flavour: (typeof FLAVOURS)[number],
  company: Company,
  kind: string,
  selector = {},
): Promise<void> {
  world = await startKindWorld(flavour, company, kind, selector);
  const { exitCode, result } = await world.run('sync');
  if (exitCode !== 0) throw new Error(result);
  world.forget();
}

describe.each(FLAVOURS)('users of %s', (flavour) => {
  const isCloud = flavour === 'bitbucket-cloud';
  const isListing = ({ path }: { readonly path: string }): boolean =>
    path.endsWith(isCloud ? '/members' : '/admin/users');
  const titles = () => world.port.entities('bitbucketUser').map(({ title }) => title);

  it('are loaded with one request, and unchanged ones are not written again', async () => {
    await start(flavour, aCompanyOfPeople(), 'user');

    expect(titles().sort()).toEqual(['Admin', 'Ana Pérez', 'bo']);
    const ana = world.port.entities('bitbucketUser').find(({ title }) => title === 'Ana Pérez');
    expect(ana?.properties).toMatchObject(
      isCloud
        ? { nickname: 'ana', accountId: expect.stringContaining(':') }
        : { directory: 'Bitbucket Internal Directory', lastLogin: '2025-05-20T00:00:00Z' },
    );

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(entityWrites(world)).toEqual([]);
    const isLarge = ({ query }: { readonly query: URLSearchParams }): boolean =>
      ['100', '1000'].includes(query.get('pagelen') ?? query.get('limit') ?? '');
    expect(world.bitbucket.requests.filter(isListing).filter(isLarge)).toHaveLength(1);
  });

  it('go when they left, once Bitbucket says so at their address', async () => {
    const company = aCompanyOfPeople();
    await start(flavour, company, 'user');
    if (isCloud) deactivateUser(company, 'bo');
    else company.users.splice(2, 1);

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(titles().sort()).toEqual(['Admin', 'Ana Pérez']);
    const isOfBo = ({ path }: { readonly path: string }): boolean =>
      isCloud ? path.includes('/members/%7B') : path.endsWith('/users/bo');
    expect(world.bitbucket.requests.filter(isOfBo)).toHaveLength(1);
  });

  it('stay while their listing leaves them out although they are there', async () => {
    await start(flavour, aCompanyOfPeople(), 'user');
    world.bitbucket.fail({
      when: ({ path, query }) => isListing({ path }) && !query.has('filter'),
      fault: withoutLast,
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(deletedIn(world)).toEqual([]);
  });

  it.each([403, 404])('stay where they may not be read: %d', async (code) => {
    await start(flavour, aCompanyOfPeople(), 'user');
    world.bitbucket.fail({ when: isListing, fault: status(code) });

    expect((await world.run('sync')).exitCode).toBe(4);

    expect(titles()).toHaveLength(3);
  });
});

describe('groups of Data Center', () => {
  const flavour = 'bitbucket-server';
  const isOfMembers = ({ path }: { readonly path: string }): boolean =>
    path.endsWith('/more-members');
  const groups = ['nobody', 'payments=20=26=20more', 'web'];

  it('are loaded with their members, a request for each', async () => {
    await start(flavour, aCompanyOfPeople(), 'group');

    expect(world.identifiers('bitbucketGroup')).toEqual(groups);
    expect(world.port.entity('bitbucketGroup', groups[1] ?? '')).toMatchObject({
      title: 'payments & more',
      relations: { members: ['ana', 'bo'] },
    });

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(entityWrites(world)).toEqual([]);
    expect(world.bitbucket.requests.filter(isOfMembers)).toHaveLength(3);
  });

  it('are taken by their names, and members of others are not asked for', async () => {
    await start(flavour, aCompanyOfPeople(), 'group', { names: ['w*'] });
    expect(world.identifiers('bitbucketGroup')).toEqual(['web']);
    await world.run('sync');
    expect(world.bitbucket.requests.filter(isOfMembers)).toHaveLength(1);
  });

  it('go once they are deleted in Bitbucket', async () => {
    const company = aCompanyOfPeople();
    await start(flavour, company, 'group');
    company.groups?.splice(1, 1);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(deletedIn(world)).toEqual(['bitbucketGroup web']);
  });

  it.each([403, 404])('keep their members where these cannot be read: %d', async (code) => {
    await start(flavour, aCompanyOfPeople(), 'group');
    world.bitbucket.fail({ when: isOfMembers, fault: status(code) });

    const { exitCode, stderr } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(stderr).toContain('the members of nobody could not be read');
    expect(world.port.entity('bitbucketGroup', 'web')?.relations).toEqual({ members: ['ana'] });
  });

  it.each([403, 404])('stay where they may not be read: %d', async (code) => {
    await start(flavour, aCompanyOfPeople(), 'group');
    world.bitbucket.fail({ when: ({ path }) => path.endsWith('/groups'), fault: status(code) });
    expect((await world.run('sync')).exitCode).toBe(4);
    expect(world.identifiers('bitbucketGroup')).toEqual(groups);
  });
});
