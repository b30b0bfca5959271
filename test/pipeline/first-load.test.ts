import { afterEach, describe, expect, it } from '@jest/globals';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const company = () =>
  aCompany()
    .withUser({ name: 'ana' })
    .withUser({ name: 'bot', emailAddress: null })
    .withRepository('PAY', 'api', { files: { 'ReadMe.md': '# API' } })
    .withRepository('PAY', 'empty', { empty: true })
    .withRepository('WEB', 'shop', { archived: true })
    .withPullRequest('PAY', 'api', { id: 1, author: 'ana', reviewers: ['bot', 'admin'] })
    .withPullRequest('WEB', 'shop', { id: 1, state: 'MERGED' })
    .build();

describe('the first run over an empty catalog', () => {
  it('creates the default blueprints and loads all four kinds', async () => {
    world = await startWorld(company());

    const { exitCode, result } = await world.run('sync');

    expect(result).toContain('Complete');
    expect(exitCode).toBe(0);
    expect(
      world.port
        .blueprints()
        .map(({ identifier }) => identifier)
        .sort(),
    ).toEqual(['bitbucketProject', 'bitbucketPullRequest', 'bitbucketRepository', 'bitbucketUser']);
    expect(world.identifiers('bitbucketProject')).toEqual(['PAY', 'WEB']);
    expect(world.identifiers('bitbucketRepository')).toEqual(['api', 'empty', 'shop']);
    expect(world.identifiers('bitbucketPullRequest')).toEqual(['api-1']);
    expect(world.identifiers('bitbucketUser')).toEqual(['admin@example.com', 'ana@example.com']);
  });

  it('fills the readme and the latest commit, and neither on an empty repository', async () => {
    world = await startWorld(company());

    await world.run('sync');

    const api = world.port.entity('bitbucketRepository', 'api');
    expect(api?.properties.documentation).toBe('# API');
    expect(api?.relations.latestCommitAuthor).toBe('admin@example.com');
    const empty = world.port.entity('bitbucketRepository', 'empty');
    expect(empty?.properties.documentation).toBe('');
    expect(empty?.relations.latestCommitAuthor).toBeNull();
  });

  it('keeps a pull request whose reviewer has no e-mail address, and counts what was dropped', async () => {
    world = await startWorld(company());

    const { result } = await world.run('sync');

    const pullRequest = world.port.entity('bitbucketPullRequest', 'api-1');
    expect(pullRequest?.properties.owner).toBe('ana@example.com');
    expect(result).toContain('its identifier is null or empty');
  });

  it('registers the integration under our version and marks it initialised', async () => {
    world = await startWorld(company());

    await world.run('sync');

    expect(world.port.integration('my-bitbucket-server-integration')).toMatchObject({
      installationAppType: 'bitbucket-server',
      arePortResourcesInitialized: true,
      version: expect.stringMatching(/^bitbucket-port-/u),
    });
  });

  it('makes no entity or blueprint write the second time', async () => {
    world = await startWorld(company());
    await world.run('sync');
    world.port.reset();

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.port.writes).toEqual([]);
    expect(result).toMatch(/0 new, 0 changed, 0 deleted, 8 same/u);
  });

  it('reads repositories once for the kinds that need them', async () => {
    world = await startWorld(company());

    await world.run('sync');

    const listings = world.bitbucket.requests.filter(({ path }) => path.endsWith('/repos'));
    expect(listings.map(({ path, query }) => `${path}?${query.toString()}`)).toHaveLength(1);
  });
});
