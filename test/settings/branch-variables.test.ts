import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSettings, wholeSettings } from '../../src/settings/read-settings.js';
import { setInWords } from '../../src/settings/shown-settings.js';
import { COMPLETE_ENV, resolveOnly, resolveWith, settingsOf } from './sources.js';

/** As Port's Terraform modules set them, whose keys are those of the container in snake case. */
const TERRAFORM = {
  OCEAN__EVENT_LISTENER: JSON.stringify({ type: 'ONCE' }),
  OCEAN__PORT: JSON.stringify({ client_id: 'id', client_secret: 'port-secret' }),
  OCEAN__INTEGRATION: JSON.stringify({
    identifier: 'acme-bitbucket',
    type: 'bitbucket-cloud',
    config: { bitbucket_workspace: 'acme', bitbucket_user_email: null },
  }),
  OCEAN__INTEGRATION__SECRETS: JSON.stringify({ bitbucketWorkspaceToken: 'cloud-secret' }),
};

describe('a variable that holds a branch of the tree as JSON', () => {
  it('is read with all below it, whatever the spelling of its keys', () => {
    const resolution = resolveOnly({ env: TERRAFORM });
    expect(settingsOf(resolution)).toMatchObject({
      port: { clientId: 'id', clientSecret: 'port-secret', baseUrl: 'https://api.getport.io' },
      integration: { type: 'bitbucket-cloud', identifier: 'acme-bitbucket' },
      bitbucket: {
        workspace: 'acme',
        credentials: { scheme: 'bearer', tokens: ['cloud-secret'] },
      },
    });
    expect(resolution.notices).toEqual([]);
    expect(resolution.secrets).toEqual(expect.arrayContaining(['port-secret', 'cloud-secret']));
    expect(resolution.shown.map(setInWords)).toEqual(
      expect.arrayContaining([
        'port.clientSecret = *** (client_secret in OCEAN__PORT)',
        'integration.config.bitbucketWorkspace = acme (config.bitbucket_workspace in OCEAN__INTEGRATION)',
      ]),
    );
  });

  it.each([
    ['in lower case', 'ocean__port', 'clientId'],
    ['with keys in capitals', 'OCEAN__PORT', 'CLIENT_ID'],
    ['with keys in kebab case', 'OCEAN__PORT', 'client-id'],
  ])('may be written %s', (_, variable, key) => {
    const env = { PORT_CLIENT_ID: undefined, [variable]: JSON.stringify({ [key]: 'odd' }) };
    expect(settingsOf(resolveWith({ env })).port.clientId).toBe('odd');
  });

  it.each([
    ['OCEAN__PORT__CLIENT_ID', { OCEAN__PORT__CLIENT_ID: 'one', PORT_CLIENT_ID: undefined }],
    ['PORT_CLIENT_ID', { PORT_CLIENT_ID: 'one' }],
  ])('is beaten by %s, and that they differ is told', (variable, env) => {
    const resolution = resolveWith({ env: { ...env, OCEAN__PORT: '{"clientId":"other"}' } });
    expect(settingsOf(resolution).port.clientId).toBe('one');
    expect(resolution.notices).toEqual([
      `${variable} and clientId in OCEAN__PORT differ: ${variable} is used`,
    ]);
  });

  it('is beaten by one that holds less', () => {
    const env = {
      OCEAN__INTEGRATION: '{"identifier":"mine","config":{"bitbucketRateLimitQuota":10}}',
      OCEAN__INTEGRATION__CONFIG: '{"bitbucketRateLimitQuota":20}',
    };
    const settings = settingsOf(resolveWith({ env }));
    expect(settings.integration.identifier).toBe('mine');
    expect(settings.bitbucket.rateLimit).toMatchObject({ requests: 20 });
  });

  it('beats what the .env file and YAML say', () => {
    const resolution = resolveWith({
      env: { OCEAN__SYNC: '{"retries":3}' },
      dotEnv: { OCEAN__SYNC__RETRIES: '2' },
      yaml: 'sync: { retries: 1 }',
    });
    expect(settingsOf(resolution).network.retries).toBe(3);
  });

  it('keeps numbers and truths as they were written', () => {
    const env = {
      BITBUCKET_TOKEN: undefined,
      OCEAN__INTEGRATION__SECRETS: '{"bitbucketToken":12345678901234567890}',
      OCEAN__SSL: '{"third_party":{"verify":false}}',
    };
    const settings = settingsOf(resolveWith({ env }));
    expect(settings.bitbucket.credentials).toMatchObject({ token: '12345678901234567890' });
    expect(settings.network.verify).toEqual({ bitbucket: false, port: true });
  });

  it.each(['', '  ', 'null', '{}', '$(OCEAN__PORT)', '${{ secrets.PORT }}', '{"clientId":""}'])(
    'sets nothing where it is %j',
    (value) => {
      const resolution = resolveWith({ env: { OCEAN__PORT: value } });
      expect(settingsOf(resolution).port.clientId).toBe(COMPLETE_ENV.PORT_CLIENT_ID);
      expect(resolution.notices).toEqual([]);
    },
  );

  it('tells keys that no setting has, and what a single run has no use for, without their values', () => {
    const { problems, notices, secrets } = resolveWith({
      env: {
        OCEAN__INTEGRATION:
          '{"config":{"bitbucketTokn":"x1","bitbucket_webhook_secret":"x2"},"version":"1"}',
      },
      dotEnv: { OCEAN__PORT: '{"colour":"x3"}' },
    });
    expect(problems).toEqual([]);
    expect(notices).toEqual([
      'without a meaning for a single run, and not used: version in OCEAN__INTEGRATION',
      'config.bitbucketTokn in OCEAN__INTEGRATION is no setting and not used; did you mean integration.config.bitbucketToken?',
      'colour in OCEAN__PORT in .env is no setting and not used',
    ]);
    expect(secrets).toContain('x2');
  });

  it('may stand in a file that a variable names', async () => {
    const cwd = await mkdtemp(path.join(tmpdir(), 'branch-variables-'));
    await writeFile(path.join(cwd, 'port.json'), '{\n  "clientSecret": "from-a-file"\n}\n');
    const env = { ...COMPLETE_ENV, PORT_CLIENT_SECRET: undefined, OCEAN__PORT_FILE: 'port.json' };
    const { settings, secrets, origins } = wholeSettings(
      await readSettings({ flags: {}, env, cwd }),
    );
    expect(settings.port.clientSecret).toBe('from-a-file');
    expect(secrets).toContain('from-a-file');
    expect(origins.get('port.clientSecret')?.spelling).toBe('clientSecret in OCEAN__PORT_FILE');
    await rm(cwd, { recursive: true });
  });
});
