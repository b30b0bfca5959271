import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serverBlueprints } from '../../src/defaults/server/blueprints.js';
import { serverMapping } from '../../src/defaults/server/default-mapping.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { IDENTIFIER, mappingOf, putMapping, resource } from './safety-world.js';

let world: World;
let folder: string;

beforeEach(async () => {
  world = await startWorld(aCompany().withRepository('PAY', 'api').build());
  folder = await mkdtemp(path.join(tmpdir(), 'integration-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const MAPPING = mappingOf([
  resource('repository', {
    identifier: '.slug',
    blueprint: '"bitbucketRepository"',
    properties: { state: '.state', link: '.links.self[0].href', age: '1', owner: '"x"', rank: '1' },
  }),
]);

async function localMapping(): Promise<string> {
  const file = path.join(folder, 'mapping.json');
  await writeFile(file, JSON.stringify(MAPPING));
  return `--mapping ${file}`;
}

describe('an integration in Port', () => {
  it.each(['sync', 'plan', 'sync LOCAL', 'plan LOCAL'])(
    'of another program under our identifier ends %s with 2',
    async (line) => {
      world.port.putIntegration({
        installationId: IDENTIFIER,
        installationAppType: 'github-ocean',
        version: '3.0.0',
        changelogDestination: {},
        config: MAPPING,
      });
      const { exitCode, result } = await world.run(line.replace('LOCAL', await localMapping()));
      expect({ exitCode, result }).toMatchObject({ exitCode: 2 });
      expect(result).toContain('is of type github-ocean, not bitbucket-server');
      expect(world.port.writes).toEqual([]);
    },
  );

  it.each([
    ['nothing', {}],
    ['root keys alone', { createMissingRelatedEntities: false, entityDeletionThreshold: 0.5 }],
  ])('that holds %s for a mapping gets the built-in one, as in a first run', async (_, config) => {
    putMapping(world, config);
    const { exitCode, result } = await world.run('sync');
    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(world.identifiers('bitbucketRepository')).toEqual(['api']);
    expect(world.port.integration(IDENTIFIER)?.config).toEqual({ ...serverMapping, ...config });
    world.port.reset();
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(world.port.requests.filter(({ path: at }) => at.endsWith('/config'))).toEqual([]);
  });

  it('keeps what it holds where the mapping is a local one', async () => {
    putMapping(world, {});
    await world.run(`sync ${await localMapping()}`);
    expect(world.port.integration(IDENTIFIER)?.config).toEqual({});
  });
});

describe('a property that Port computes', () => {
  it('is told as what it is, not as one to be added', async () => {
    const mirror = { title: 'Owner', path: 'project.$title' };
    for (const blueprint of serverBlueprints) {
      const isRepository = blueprint.identifier === 'bitbucketRepository';
      const computed = {
        calculationProperties: {
          age: { title: 'Age', type: 'number', calculation: '1' },
        },
        mirrorProperties: { owner: mirror },
      };
      world.port.putBlueprint({ ...blueprint, ...(isRepository ? computed : {}) });
    }
    for (const line of ['sync', 'check']) {
      const { exitCode, result } = await world.run(`${line} ${await localMapping()}`);
      expect({ exitCode, result }).toMatchObject({ exitCode: 4 });
      expect(result).toContain(
        'Port itself computes properties.age, properties.owner of blueprint bitbucketRepository',
      );
      expect(result).toContain('blueprint bitbucketRepository has no properties.rank; ');
    }
    expect(world.port.entity('bitbucketRepository', 'api')).toBeDefined();
  });
});
