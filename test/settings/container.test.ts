import { describe, expect, it } from '@jest/globals';
import {
  filledIn,
  HELM_VALUES,
  KUBERNETES_VALUES,
  WORKFLOW_EXPRESSION,
  WORKFLOW_INPUTS,
} from './container-files.js';
import { resolveOnly, settingsOf } from './sources.js';

/** What the container's Jenkins stage passes on, with values in it. */
const JENKINS = {
  OCEAN__EVENT_LISTENER: '{"type":"ONCE"}',
  OCEAN__INITIALIZE_PORT_RESOURCES: 'true',
  OCEAN__SEND_RAW_DATA_EXAMPLES: 'true',
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME: 'ann',
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: 'hunter2',
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL: 'https://bitbucket.example.com',
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_WEBHOOK_SECRET: 'webhook-secret',
  OCEAN__INTEGRATION__CONFIG__BITBUCKET_IS_VERSION_8_POINT_7_OR_OLDER: 'false',
  OCEAN__PORT__CLIENT_ID: 'id',
  OCEAN__PORT__CLIENT_SECRET: 'secret',
  OCEAN__PORT__BASE_URL: 'https://api.getport.io',
};

const EXPECTED = {
  port: { clientId: 'id', clientSecret: 'secret', baseUrl: 'https://api.getport.io' },
  bitbucket: {
    type: 'server',
    baseUrl: 'https://bitbucket.example.com',
    credentials: { scheme: 'basic', username: 'ann', password: 'hunter2' },
  },
  initializePortResources: true,
  sendRawDataExamples: true,
};

describe("the container's variables", () => {
  it('of its Jenkins stage drive a run unchanged', () => {
    const resolution = resolveOnly({ env: JENKINS });
    expect(settingsOf(resolution)).toMatchObject(EXPECTED);
    expect(resolution.notices).toEqual([]);
    expect(resolution.secrets).toContain('webhook-secret');
  });

  it('that Azure left unexpanded count as unset', () => {
    const azure = Object.fromEntries(Object.keys(JENKINS).map((name) => [name, `$(${name})`]));
    const { problems, settings } = resolveOnly({ env: { ...JENKINS, ...azure } });
    expect(settings).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(['setting-missing', 'setting-missing']);
  });

  it('for an event listener are silent about ONCE and tell anything else', () => {
    const noticesFor = (env: Readonly<Record<string, string>>) =>
      resolveOnly({ env: { ...EXPECTED_ENV, ...env } }).notices;
    expect(noticesFor({ OCEAN__EVENT_LISTENER: '{"type":"ONCE"}' })).toEqual([]);
    expect(noticesFor({ OCEAN__EVENT_LISTENER__TYPE: 'ONCE' })).toEqual([]);
    expect(noticesFor({ OCEAN__EVENT_LISTENER: '{"type":"POLLING"}' })).toEqual([
      'without a meaning for a single run, and not used: OCEAN__EVENT_LISTENER',
    ]);
  });

  it('without a setting are told, with the one that may be meant', () => {
    const { notices, problems } = resolveOnly({
      env: { ...EXPECTED_ENV, OCEAN__PORT__CLIENT_IDD: 'x', OCEAN__FOO: 'y' },
      dotEnv: { OCEAN__BAR: 'z' },
    });
    expect(problems).toEqual([]);
    expect(notices).toEqual([
      'OCEAN__FOO is no setting and not used',
      'OCEAN__PORT__CLIENT_IDD is no setting and not used; did you mean OCEAN__PORT__CLIENT_ID?',
      'OCEAN__BAR in .env is no setting and not used',
    ]);
  });

  it('are understood as the short names of the import script, too', () => {
    const { settings } = resolveOnly({
      env: {
        PORT_CLIENT_ID: 'id',
        PORT_CLIENT_SECRET: 'secret',
        PORT_API_URL: 'https://api.us.getport.io/v1',
        BITBUCKET_HOST: 'http://localhost:7990',
        BITBUCKET_USERNAME: 'ann',
        BITBUCKET_PASSWORD: 'hunter2',
        BITBUCKET_PROJECTS_FILTER: 'PAY,WEB',
        WEBHOOK_SECRET: 'bitbucket_webhook_secret',
        IS_VERSION_8_7_OR_OLDER: 'true',
        PULL_REQUEST_STATE: 'ALL',
      },
    });
    expect(settings).toMatchObject({
      port: { baseUrl: 'https://api.us.getport.io' },
      bitbucket: {
        baseUrl: 'http://localhost:7990',
        projects: ['PAY', 'WEB'],
        pullRequestState: 'ALL',
      },
    });
  });
});

const EXPECTED_ENV = {
  PORT_CLIENT_ID: 'id',
  PORT_CLIENT_SECRET: 'secret',
  BITBUCKET_BASE_URL: 'https://bitbucket.example.com',
  BITBUCKET_USERNAME: 'ann',
  BITBUCKET_PASSWORD: 'hunter2',
};

describe("the container's files", () => {
  it('of its Helm chart work as they are once filled in, with one notice', () => {
    const resolution = resolveOnly({ yaml: filledIn(HELM_VALUES) });
    expect(settingsOf(resolution)).toMatchObject({
      ...EXPECTED,
      integration: {
        type: 'bitbucket-server',
        identifier: 'my-ocean-bitbucket-server-integration',
        isIdentifierChosen: true,
      },
    });
    expect(resolution.notices).toEqual([
      'without a meaning for a single run, and not used: integration.eventListener in bitbucket-port.yml, scheduledResyncInterval in bitbucket-port.yml',
    ]);
  });

  it('of its Helm chart leave to variables what is still a placeholder', () => {
    const resolution = resolveOnly({ yaml: HELM_VALUES, env: EXPECTED_ENV });
    expect(settingsOf(resolution)).toMatchObject(EXPECTED);
    expect(resolution.origins.get('integration.config.bitbucketBaseUrl')).toMatchObject({
      layer: 'environment',
    });
  });

  it('of its Helm chart may say how Kubernetes runs it', () => {
    const { problems } = resolveOnly({
      env: EXPECTED_ENV,
      yaml: KUBERNETES_VALUES,
    });
    expect(problems).toEqual([]);
  });

  it.each(WORKFLOW_INPUTS)("of its GitHub workflow's inputs work %s", (_name, yaml) => {
    const resolution = resolveOnly({ yaml });
    expect(settingsOf(resolution)).toMatchObject({
      ...EXPECTED,
      initializePortResources: false,
      integration: { identifier: 'mine', isIdentifierChosen: true },
    });
    expect(resolution.secrets).toEqual(
      expect.arrayContaining(['id', 'secret', 'hunter2', 'webhook-secret']),
    );
    // The version of the container means nothing here.
    expect(resolution.notices).toHaveLength(/^version:/mu.test(yaml) ? 1 : 0);
  });

  it('of its GitHub workflow hold expressions that only GitHub can fill in', () => {
    const { problems } = resolveOnly({
      env: EXPECTED_ENV,
      yaml: WORKFLOW_EXPRESSION,
    });
    expect(problems).toEqual([]);
  });
});
