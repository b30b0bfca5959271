import { afterEach, describe, expect, it } from '@jest/globals';
import { startCloudWorld, WORKSPACE_TOKEN, type CloudWorld } from '../world/a-cloud-world.js';
import { aCompany } from '../world/a-company.js';

let world: CloudWorld;

afterEach(async () => {
  await world.close();
});

const tokens = (value: string) => ({
  env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: value },
});

describe('two tokens, of which Bitbucket does not know one', () => {
  it.each([
    ['first', `gone,${WORKSPACE_TOKEN}`, 1],
    ['second', `${WORKSPACE_TOKEN},gone`, 2],
  ])('the %s: the run goes on with the other, and says so', async (_which, value, position) => {
    world = await startCloudWorld(aCompany().withRepository('PAY', 'api').build());

    const { exitCode, result } = await world.run('sync', tokens(value));

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toHaveLength(1);
    expect(result).toContain(
      `warning: Bitbucket refused token ${position} of 2; the run went on without it`,
    );
    expect(result).toContain('Replace it in BITBUCKET_WORKSPACE_TOKEN');
    const withGone = world.bitbucket.requests.filter(
      ({ headers }) => headers.authorization === 'Bearer gone',
    );
    expect(withGone).toHaveLength(1);
  });

  it('check examines every kind with the other, and warns', async () => {
    world = await startCloudWorld(aCompany().withRepository('PAY', 'api').build());

    const { exitCode, result } = await world.run('check', tokens(`gone,${WORKSPACE_TOKEN}`));

    expect(exitCode).toBe(0);
    expect(result).toContain('warning Bitbucket refused token 1 of 2');
    expect(result).toContain('pull-request: may be read');
  });

  it('both: the run ends with 3', async () => {
    world = await startCloudWorld(aCompany().build());

    const { exitCode, result } = await world.run('sync', tokens('gone,lost'));

    expect(exitCode).toBe(3);
    expect(result).toContain('refused OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: ');
    expect(world.port.writes).toEqual([]);
  });
});
