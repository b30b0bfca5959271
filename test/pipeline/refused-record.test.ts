import { afterEach, describe, expect, it } from '@jest/globals';
import { serverMapping } from '../../src/defaults/server/default-mapping.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { aMappedWorld, IDENTIFIER, putMapping, status } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const company = aCompany().withRepository('PAY', 'api').withPullRequest('PAY', 'api').build();

const writesRecord = ({ method, path }: RecordedRequest): boolean =>
  method !== 'GET' && path.startsWith('/v1/integration');

/** Runs as an account that may not write the integration; the lines that complain about it. */
async function warningsOf(): Promise<readonly string[]> {
  world.port.fail({ when: writesRecord, fault: status(403) });
  const { exitCode, stdout } = await world.run('sync');
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
  return stdout.split('\n').filter((line) => line.includes('failed: 403'));
}

describe('an account that may not write the integration', () => {
  it('loads all of it with one warning, where there is a record', async () => {
    world = await aMappedWorld(company, serverMapping);
    putMapping(world, serverMapping, {
      version: (await recordOfOurs()) ?? '',
    });

    expect(await warningsOf()).toEqual([
      expect.stringContaining(`resync state of integration ${IDENTIFIER} failed`),
    ]);
    expect(world.identifiers('bitbucketPullRequest')).toEqual(['api-1']);
    expect(world.port.requests.filter(writesRecord)).toHaveLength(1);
  });

  it('loads all of it with a warning for each part that matters, where there is none', async () => {
    world = await startWorld(company);

    expect(await warningsOf()).toEqual([
      expect.stringContaining(`creating integration ${IDENTIFIER} failed`),
      // Deletions depend on it: that it could not be written is always told.
      expect.stringContaining('were judged failed'),
    ]);
    expect(world.identifiers('bitbucketPullRequest')).toEqual(['api-1']);
  });

  it('is told that the built-in mapping could not be saved, where there is none', async () => {
    world = await aMappedWorld(company, {});

    world.port.fail({ when: writesRecord, fault: status(403) });
    const { exitCode, result } = await world.run('sync');
    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(result).toContain(`writing the built-in mapping onto integration ${IDENTIFIER} failed`);
    expect(world.identifiers('bitbucketPullRequest')).toEqual(['api-1']);
  });

  it('is told besides that it cannot sign what another program loaded', async () => {
    world = await aMappedWorld(company, serverMapping);
    putMapping(world, serverMapping, { version: '0.48.0', spec: {} });

    expect(await warningsOf()).toEqual([
      expect.stringContaining('resync state of integration'),
      expect.stringContaining('were judged failed'),
    ]);
  });
});

/** The version that a whole run of ours leaves. */
async function recordOfOurs(): Promise<string | undefined> {
  await world.run('sync');
  const version = world.port.integration(IDENTIFIER)?.version;
  world.port.reset();
  return version;
}
