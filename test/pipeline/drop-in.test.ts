import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { aCompany, type CompanyBuilder } from '../world/a-company.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { mappingOf, resource } from './safety-world.js';

let world: CloudWorld;

afterEach(async () => {
  await world.close();
});

const company = () =>
  aCompany()
    .withUser({ name: 'bo', displayName: 'Bo' })
    .withRepository('PAY', 'api', { files: { 'README.md': '# API', 'src/a.yml': 'a: 1' } })
    .withPullRequest('PAY', 'api', { reviewers: ['bo', 'admin'] })
    .build();

function putMapping(config: JsonObject): void {
  world.port.putIntegration({
    installationId: 'my-bitbucket-cloud-integration',
    installationAppType: 'bitbucket-cloud',
    version: 'bitbucket-port-0.0.1',
    changelogDestination: {},
    config,
  });
}

/** The expression that the container's own default mapping has for reviewers. */
const CONTAINER_REVIEWERS = '[.reviewers[].user.display_name]';

describe('the mapping that the container left in Port', () => {
  it('loads no list of nulls without a word, and the warning names the path to use', async () => {
    world = await startCloudWorld(company());
    await world.run('sync');
    const mappings: JsonObject = {
      identifier: '.id | tostring',
      blueprint: '"bitbucketPullRequest"',
      properties: { reviewers: CONTAINER_REVIEWERS },
    };
    putMapping(mappingOf([resource('pull-request', mappings)]));

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    const said = result.replace(/\s+/gu, ' ');
    expect(said).toContain('2 nulls left out of properties.reviewers');
    expect(said).toContain('there is no key user');
    expect(said).toContain('Use the path .reviewers[].display_name in the mapping');
    expect(world.port.entity('bitbucketPullRequest', '1')?.properties.reviewers).toEqual([]);
    expect((await world.run('sync --strict')).exitCode).toBe(4);
    const checked = (await world.run('check')).result.replace(/\s+/gu, ' ');
    expect(checked).toContain('Use the path .reviewers[].display_name in the mapping');
  });

  it.each<[string, (builder: CompanyBuilder) => CompanyBuilder]>([
    ['has no reviewers', (builder) => builder.withPullRequest('PAY', 'api')],
    ['is not there', (builder) => builder],
  ])('has its wrong path named by check also where the sample %s', async (_name, sampled) => {
    const builder = sampled(aCompany().withRepository('PAY', 'api'));
    world = await startCloudWorld(builder.build());
    await world.run('sync');
    const mappings: JsonObject = {
      identifier: '.id | tostring',
      blueprint: '"bitbucketPullRequest"',
      properties: {
        reviewers: CONTAINER_REVIEWERS,
        assignees: '[.participants[].user.display_name]',
      },
    };
    putMapping(mappingOf([resource('pull-request', mappings)]));

    const { exitCode, result } = await world.run('check');

    expect(exitCode).toBe(0);
    expect(result).toContain(
      'pull-request: properties.reviewers gives nulls alone, as there is no key user in reviewers',
    );
    expect(result).toContain('Use the path .reviewers[].display_name in the mapping');
    expect(result).not.toContain('properties.assignees gives nulls');
  });

  it('may have selectors that name nothing, which are skipped with a notice', async () => {
    world = await startCloudWorld(company());
    await world.run('sync');
    const entity = (path: string): JsonObject => ({
      identifier: path,
      blueprint: '"bitbucketRepository"',
    });
    putMapping(
      mappingOf([
        resource('folder', entity('.folder.path'), {
          folders: [{ path: '' }, { path: '.' }, { path: 'src' }],
        }),
        resource('file', entity('.metadata.path'), { files: { path: '', filenames: [] } }),
        resource('project', { identifier: '.key', blueprint: '"bitbucketProject"' }),
      ]),
    );

    const { exitCode, result } = await world.run('sync --no-delete');

    expect(exitCode).toBe(0);
    const said = result.replace(/\s+/gu, ' ');
    for (const place of ['[0].selector.folders[0].path', '[0].selector.folders[1].path']) {
      expect(said).toContain(`resources${place} names nothing, and nothing is read for it`);
    }
    expect(said).toContain('resources[1].selector.files.filenames names nothing');
    expect(world.identifiers('bitbucketRepository')).toEqual(['api', 'src']);
  });
});
