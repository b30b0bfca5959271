import { afterEach, describe, expect, it } from '@jest/globals';
import { aCompany } from '../world/a-company.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';

let world: CloudWorld;

afterEach(async () => {
  await world.close();
});

const company = () =>
  aCompany()
    .withUser({ name: 'ana', displayName: 'Ana' })
    .withUser({ name: 'bo', displayName: 'Bo' })
    .withProject('PAY', { description: 'Money' })
    .withRepository('PAY', 'api', {
      files: { 'README.md': '# API', CODEOWNERS: '* @ana' },
    })
    .withRepository('PAY', 'empty', { empty: true })
    .withPullRequest('PAY', 'api', {
      id: 1,
      author: 'ana',
      reviewers: ['bo'],
      participants: ['admin'],
    })
    .withPullRequest('PAY', 'api', { id: 2, state: 'MERGED' })
    .build();

describe('the first run over an empty catalog', () => {
  it('creates the default blueprints and fills all three', async () => {
    world = await startCloudWorld(company());

    const { exitCode, result, stderr } = await world.run('sync --strict');

    expect(result).toContain('Complete');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Bitbucket Cloud fernlicht -> Port');
    expect(
      world.port
        .blueprints()
        .map(({ identifier }) => identifier)
        .sort(),
    ).toEqual(['bitbucketProject', 'bitbucketPullRequest', 'bitbucketRepository']);
    expect(world.identifiers('bitbucketProject')).toHaveLength(1);
    expect(world.identifiers('bitbucketRepository')).toEqual(['api', 'empty']);
    expect(world.identifiers('bitbucketPullRequest')).toEqual(['api1']);
  });

  it('fills reviewers and assignees, which lists leave out unless asked', async () => {
    world = await startCloudWorld(company());

    await world.run('sync');

    const { properties, relations } = world.port.entity('bitbucketPullRequest', 'api1') ?? {};
    expect(properties).toMatchObject({
      creator: 'Ana',
      reviewers: ['Bo'],
      assignees: ['Bo', 'Admin'],
      status: 'OPEN',
    });
    expect(relations).toMatchObject({ repository: 'api' });
  });

  it('fills readme and codeowners, and neither on an empty repository', async () => {
    world = await startCloudWorld(company());

    await world.run('sync');

    const properties = (identifier: string) =>
      world.port.entity('bitbucketRepository', identifier)?.properties;
    expect(properties('api')).toMatchObject({ readme: '# API', codeowners: '* @ana' });
    expect(properties('empty')).toMatchObject({ defaultBranch: null, readme: null });
  });

  it('registers the integration as one of Cloud', async () => {
    world = await startCloudWorld(company());

    await world.run('sync');

    expect(world.port.integration('my-bitbucket-cloud-integration')).toMatchObject({
      installationAppType: 'bitbucket-cloud',
      arePortResourcesInitialized: true,
    });
  });

  it('makes no entity or blueprint write the second time', async () => {
    world = await startCloudWorld(company());
    await world.run('sync');
    world.port.reset();

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.port.writes).toEqual([]);
    expect(result).toMatch(/0 new, 0 changed, 0 deleted, 4 same/u);
  });
});

describe('a run for some kinds only', () => {
  it('knows those of Cloud', async () => {
    world = await startCloudWorld(company());

    const { exitCode } = await world.run('sync --kinds repository');

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketPullRequest')).toEqual([]);
    expect(world.identifiers('bitbucketRepository')).toEqual(['api', 'empty']);
  });

  it('refuses those of Data Center', async () => {
    world = await startCloudWorld(company());

    const { exitCode, stdout, stderr } = await world.run('sync --kinds group');

    expect(exitCode).toBe(2);
    expect((stdout + stderr).replace(/\s+/gu, ' ')).toContain(
      '--kinds names group, which this Bitbucket does not have; its kinds are project, repository, pull-request, folder, file, user, branch, tag',
    );
    expect(world.bitbucket.requests).toEqual([]);
  });
});
