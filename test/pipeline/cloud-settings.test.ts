import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Credential } from '../../src/sandbox/cloud/credential.js';
import { readPermissions } from '../../src/sandbox/cloud/credential.js';
import { aCompany } from '../world/a-company.js';
import { startCloudWorld, WORKSPACE_TOKEN, type CloudWorld } from '../world/a-cloud-world.js';

let world: CloudWorld;
const folders: string[] = [];

afterEach(async () => {
  await world.close();
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

const company = () => aCompany().withRepository('PAY', 'api').build();

/** Neither workspace nor credential comes from the environment. */
const nothingSet = {
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE: undefined,
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: undefined,
};

const apiToken: Credential = {
  type: 'api-token',
  email: 'admin@example.com',
  token: 'cloud-api-token',
  scopes: readPermissions,
};
const appPassword = {
  type: 'app-password',
  username: 'admin',
  password: 'cloud-app-password',
} as const;

const asUser = {
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: undefined,
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_USER_EMAIL: 'admin@example.com',
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_USER_SCOPED_TOKEN: 'cloud-api-token',
};
const withAppPassword = {
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: undefined,
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME: 'admin',
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_APP_PASSWORD: 'cloud-app-password',
};

/** The chart's values as its documentation shows them, with the placeholders replaced. */
const values = `
initializePortResources: true
scheduledResyncInterval: 120
integration:
  identifier: my-ocean-bitbucket-cloud-integration
  type: bitbucket-cloud
  eventListener:
    type: POLLING
  config:
    bitbucketUsername: BITBUCKET_USERNAME
    bitbucketWorkspace: fernlicht
  secrets:
    bitbucketAppPassword: BITBUCKET_APP_PASSWORD
    bitbucketWorkspaceToken: ${WORKSPACE_TOKEN}
`;

async function aFolderWith(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cloud-settings-'));
  folders.push(folder);
  await writeFile(path.join(folder, name), text);
  return folder;
}

const senders = (): readonly string[] => [
  ...new Set(world.bitbucket.requests.map(({ headers }) => headers.authorization ?? 'nobody')),
];

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('variables of the container', () => {
  it('drive a run unchanged, those without a meaning for one run included', async () => {
    world = await startCloudWorld(company());

    const { exitCode } = await world.run('sync', {
      env: {
        OCEAN__EVENT_LISTENER: '{"type":"ONCE"}',
        OCEAN__INITIALIZE_PORT_RESOURCES: 'true',
        OCEAN__SEND_RAW_DATA_EXAMPLES: 'true',
        OCEAN__BASE_URL: '',
        OCEAN__INTEGRATION__IDENTIFIER: 'our-bitbucket',
        OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME: '',
        OCEAN__INTEGRATION__CONFIG__BITBUCKET_APP_PASSWORD: '',
      },
    });

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toEqual(['api']);
    expect(world.port.integration('our-bitbucket')).toBeDefined();
    expect(senders()).toEqual([`Bearer ${WORKSPACE_TOKEN}`]);
  });
});

describe("the chart's values.yaml", () => {
  it('drives a run as --config', async () => {
    world = await startCloudWorld(company());
    const cwd = await aFolderWith('values.yaml', values);

    const { exitCode } = await world.run('sync --config values.yaml', { env: nothingSet, cwd });

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toEqual(['api']);
    expect(world.port.integration('my-ocean-bitbucket-cloud-integration')).toMatchObject({
      installationAppType: 'bitbucket-cloud',
    });
    expect(senders()).toEqual([`Bearer ${WORKSPACE_TOKEN}`]);
  });
});

describe('credentials', () => {
  it('may be an API token with the e-mail address of its account', async () => {
    world = await startCloudWorld(company(), { bitbucket: { credentials: [apiToken] } });

    const { exitCode } = await world.run('sync --strict', { env: asUser });

    expect(exitCode).toBe(0);
    expect(senders()).toEqual([basic('admin@example.com:cloud-api-token')]);
  });

  it('that are several are taken in order, which is told', async () => {
    world = await startCloudWorld(company());

    const { exitCode, stderr } = await world.run('sync', {
      env: { ...asUser, ...withAppPassword, BITBUCKET_WORKSPACE_TOKEN: WORKSPACE_TOKEN },
    });

    expect(exitCode).toBe(0);
    expect(senders()).toEqual([`Bearer ${WORKSPACE_TOKEN}`]);
    expect(stderr).toContain(
      'BITBUCKET_WORKSPACE_TOKEN and OCEAN__INTEGRATION__CONFIG__BITBUCKET_APP_PASSWORD are both set: the first is used',
    );
  });

  it('that are an app password are warned about, and still sent', async () => {
    world = await startCloudWorld(company(), {
      bitbucket: { credentials: [{ ...appPassword, accepted: true }] },
    });

    const { exitCode, result } = await world.run('sync', { env: withAppPassword });

    expect(exitCode).toBe(0);
    expect(senders()).toEqual([basic('admin:cloud-app-password')]);
    expect(result).toContain('BITBUCKET_APP_PASSWORD is an app password');
  });

  it('that are an app password are explained when Bitbucket refuses them', async () => {
    world = await startCloudWorld(company(), { bitbucket: { credentials: [appPassword] } });

    const { exitCode, result } = await world.run('sync', { env: withAppPassword });

    expect(exitCode).toBe(3);
    expect(result).toContain('Bitbucket Cloud removed app passwords on 2026-07-28');
    expect(result).toContain('BITBUCKET_WORKSPACE_TOKEN');
    expect(world.bitbucket.requests).toHaveLength(1);
    expect(world.port.writes).toEqual([]);
  });

  it('that are wrong end the run with 3, and never show', async () => {
    world = await startCloudWorld(company());

    const { exitCode, result, stdout, stderr } = await world.run('sync --log-level debug', {
      env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: 'not-the-token' },
    });

    expect(exitCode).toBe(3);
    expect(result).toContain('refused OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN');
    expect(stdout + stderr).not.toContain('not-the-token');
  });

  it('that lack a scope end the run with 3, which names it', async () => {
    const scopes = ['account'];
    const token = 'cloud-poor-token';
    world = await startCloudWorld(company(), {
      bitbucket: { credentials: [{ type: 'workspace-token', token, scopes }] },
    });

    const { exitCode, result } = await world.run('sync', {
      env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: token },
    });

    expect(exitCode).toBe(3);
    expect(result).toContain('the token lacks the scope repository (it has: account)');
  });
});

describe('a workspace that is not there', () => {
  it('ends the run with 2, which names it', async () => {
    world = await startCloudWorld(company());

    const { exitCode, result } = await world.run('sync', {
      env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE: 'elsewhere' },
    });

    expect(exitCode).toBe(2);
    expect(result).toContain('BITBUCKET_WORKSPACE names elsewhere');
    expect(world.port.writes).toEqual([]);
  });
});

describe('a host that cannot be reached', () => {
  it('is told with the variable that holds its address', async () => {
    world = await startCloudWorld(company());

    const { exitCode, result } = await world.run('sync', {
      env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_HOST_URL: 'http://127.0.0.1:9' },
    });

    expect(exitCode).toBe(6);
    expect(result).toContain('Check OCEAN__INTEGRATION__CONFIG__BITBUCKET_HOST_URL,');
  });
});
