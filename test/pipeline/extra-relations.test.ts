import { afterEach, describe, expect, it } from '@jest/globals';
import { aCommit, aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { aLoadingWorld, bulksOf, repositories } from './loading-world.js';
import { resource } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const company = () =>
  aCompany()
    .withUser({ name: 'ana', emailAddress: 'ana@example.com' })
    .withRepository('PAY', 'api', {
      commits: [aCommit({ author: { name: 'ana', emailAddress: 'ana@example.com' } })],
    })
    .withRepository('PAY', 'web', {
      commits: [aCommit({ author: { name: 'gone', emailAddress: 'gone@example.com' } })],
    })
    .build();

const REPOSITORY = {
  identifier: '.slug',
  blueprint: '"repository"',
  relations: { author: '.__latestCommit.author.emailAddress' },
};
const RESOURCES = [
  repositories(REPOSITORY),
  resource('user', { identifier: '.emailAddress', blueprint: '"user"', title: '.displayName' }),
];
const BLUEPRINTS = {
  user: {},
  repository: { relations: { author: 'user' } },
};

describe('a relation to the author of the latest commit, who is no user', () => {
  it('is left out and told where Port makes no targets, and the repository loads', async () => {
    const mapping = { createMissingRelatedEntities: false };
    world = await aLoadingWorld(company(), BLUEPRINTS, RESOURCES, { mapping });

    const { exitCode, result } = await world.run('sync --strict');

    expect(exitCode).toBe(0);
    expect(world.port.entity('repository', 'api')?.relations.author).toBe('ana@example.com');
    expect(world.port.entity('repository', 'web')?.relations.author ?? null).toBeNull();
    const said = result.replace(/\s+/gu, ' ');
    expect(said).toContain('relations.author of');
    expect(said).toContain('is left out, as Port does not have user gone@example.com');
    world.port.reset();
    expect((await world.run('plan --detailed-exitcode')).exitCode).toBe(0);
    expect((await world.run('sync --strict')).exitCode).toBe(0);
    expect(world.port.writes).toEqual([]);
  });

  it('makes no stub of a blueprint that requires more than an identifier', async () => {
    const blueprints = { ...BLUEPRINTS, user: { required: ['name'], properties: {} } };
    const user = {
      identifier: '.emailAddress',
      blueprint: '"user"',
      properties: { name: '.displayName' },
    };
    const resources = [repositories(REPOSITORY), resource('user', user)];
    world = await aLoadingWorld(company(), blueprints, resources);

    expect((await world.run('sync --strict')).exitCode).toBe(0);

    expect(world.identifiers('repository')).toEqual(['api', 'web']);
    expect(world.identifiers('user')).not.toContain('gone@example.com');
    expect(world.port.entity('repository', 'api')?.relations.author).toBe('ana@example.com');
    world.port.reset();
    expect((await world.run('sync --strict')).exitCode).toBe(0);
    expect(world.port.writes).toEqual([]);
  });

  it('is left out by a plan as by the first load, where Port has no blueprint of users yet', async () => {
    world = await startWorld(company());

    const plan = await world.run('plan');
    const sync = await world.run('sync');

    expect(plan.exitCode).toBe(0);
    expect(sync.exitCode).toBe(0);
    for (const { result } of [plan, sync]) {
      const said = result.replace(/\s+/gu, ' ');
      expect(said).toContain('is left out, as Port does not have bitbucketUser gone');
      expect(said).not.toContain('relations lead to');
    }
    expect(world.identifiers('bitbucketUser')).toEqual(['admin@example.com', 'ana@example.com']);
  });

  it('is made of nothing but an identifier where Port may make it so', async () => {
    world = await aLoadingWorld(company(), BLUEPRINTS, RESOURCES);

    expect((await world.run('sync')).exitCode).toBe(0);

    expect(world.identifiers('user')).toContain('gone@example.com');
    expect(world.port.entity('repository', 'web')?.relations.author).toBe('gone@example.com');
    expect(bulksOf(world).length).toBeGreaterThan(0);
  });
});
