import { afterEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/run.js';
import { aCompany } from '../world/a-company.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { startWorld, type World } from '../world/a-world.js';
import { IDENTIFIER, resource } from './safety-world.js';

let world: World | CloudWorld;

afterEach(async () => {
  await world.close();
});

const company = () => aCompany().withRepository('PAY', 'api').build();

describe('a bug of ours', () => {
  it('does not leave the run under way on the page of the integration in Port', async () => {
    world = await startWorld(company());
    const runtime = world.runtime('sync --log-format json');
    const broken = { ...runtime.stderr, write: breaksAt('resource-ended', runtime.stderr) };
    const exitCode = await run({ ...runtime, stderr: broken });
    expect({ exitCode, stderr: runtime.written.stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('internal-error'),
    });
    expect(world.port.integration(IDENTIFIER)?.resyncState).toMatchObject({ status: 'failed' });
  });
});

/** Writes, and fails as a bug does when a certain word is to be written. */
function breaksAt(word: string, { write }: { write: (text: string) => void }) {
  return (text: string): void => {
    if (text.includes(word)) throw new TypeError('a mistake of ours');
    write(text);
  };
}

describe('a mapping in Port with a key that we do not know inside of a selector', () => {
  it.each([
    ['file', { files: { path: '', filenames: ['README.md'], repo: ['api'], skipParsing: true } }],
    ['folder', { folders: [{ path: '*', branch: 'main' }] }],
  ])('costs neither the run nor the rest of the selector of a %s', async (kind, selector) => {
    const cloud = await startCloudWorld(
      aCompany()
        .withRepository('PAY', 'api', { files: { 'README.md': '# Api', 'docs/a': '' } })
        .build(),
    );
    world = cloud;
    cloud.port.putBlueprint({ identifier: 'thing', title: 'Thing', schema: { properties: {} } });
    const config = {
      resources: [
        resource(
          kind,
          { identifier: '(.metadata.path // .folder.path)', blueprint: '"thing"' },
          selector,
        ),
      ],
    };
    cloud.port.putIntegration({
      installationId: 'my-bitbucket-cloud-integration',
      installationAppType: 'bitbucket-cloud',
      version: 'bitbucket-port-0.0.1',
      changelogDestination: {},
      config,
    });
    const { exitCode, result } = await cloud.run('sync');
    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(result).toContain(
      kind === 'file' ? 'an unknown key repo (did you mean repos?)' : 'an unknown key branch',
    );
    expect(cloud.identifiers('thing')).toEqual([kind === 'file' ? 'README.md' : 'docs']);
  });
});
