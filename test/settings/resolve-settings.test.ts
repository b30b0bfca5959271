import { describe, expect, it } from '@jest/globals';
import { allSettings } from '../../src/settings/declarations/index.js';
import { setInWords } from '../../src/settings/shown-settings.js';
import { resolveOnly, resolveWith, settingsOf, type Changes } from './sources.js';

const SOURCES = {
  flags: { '--concurrency': '1' },
  env: { OCEAN__SYNC__CONCURRENCY: '2' },
  dotEnv: { OCEAN__SYNC__CONCURRENCY: '3' },
  yaml: 'sync:\n  concurrency: 4',
} satisfies Changes;

describe('a row of the table of settings', () => {
  it('is read by a command for one of the two Bitbuckets', () => {
    const server = { BITBUCKET_BASE_URL: undefined, BITBUCKET_TOKEN: undefined };
    const cloud = { BITBUCKET_WORKSPACE: 'acme', BITBUCKET_ACCESS_TOKEN: 'token' };
    const half = { BITBUCKET_USERNAME: 'ci-reader' };
    const runs = [
      { env: { HTTPS_PROXY: 'http://proxy.example.com:3128' } },
      { env: { ...half, BITBUCKET_TOKEN: undefined } },
      { env: { ...server, ...cloud } },
      { env: { ...server, ...half, BITBUCKET_WORKSPACE: 'acme' } },
      {
        env: {
          ...server,
          BITBUCKET_WORKSPACE: 'acme',
          OCEAN__INTEGRATION__CONFIG__BITBUCKET_USER_EMAIL: 'ci@example.com',
          OCEAN__INTEGRATION__SECRETS__BITBUCKET_USER_SCOPED_TOKEN: 'token',
        },
      },
    ].map((changes) => resolveWith(changes, { makesWebhooks: true }));
    const read = new Set(runs.flatMap(({ origins }) => [...origins.keys()]));
    expect(allSettings.map(({ name }) => name).filter((name) => !read.has(name))).toEqual([]);
  });
});

describe('precedence', () => {
  it.each([
    ['a flag', SOURCES, 1, 'flag', '--concurrency'],
    ['the environment', { ...SOURCES, flags: {} }, 2, 'environment', 'OCEAN__SYNC__CONCURRENCY'],
    [
      'an .env file',
      { dotEnv: SOURCES.dotEnv, yaml: SOURCES.yaml },
      3,
      'env-file',
      'OCEAN__SYNC__CONCURRENCY',
    ],
    ['YAML', { yaml: SOURCES.yaml }, 4, 'yaml', 'sync.concurrency'],
    ['the default', {}, 8, 'default', ''],
  ] as const)('gives %s the word', (_name, changes: Changes, concurrency, layer, spelling) => {
    const resolution = resolveWith(changes);
    expect(settingsOf(resolution).sync.concurrency).toBe(concurrency);
    expect(resolution.origins.get('sync.concurrency')).toMatchObject({ layer, spelling });
  });

  it.each([
    ['empty', ''],
    ['a placeholder', 'OCEAN__SYNC__CONCURRENCY'],
    ['an unexpanded macro', '$(CONCURRENCY)'],
    ['null', 'null'],
  ])('passes over a value that is %s', (name, value) => {
    const stronger =
      name === 'null'
        ? { yaml: 'sync:\n  concurrency: ~' }
        : { env: { OCEAN__SYNC__CONCURRENCY: value } };
    const weaker = name === 'null' ? {} : { dotEnv: SOURCES.dotEnv };
    const { concurrency } = settingsOf(resolveWith({ ...stronger, ...weaker })).sync;
    expect(concurrency).toBe(name === 'null' ? 8 : 3);
  });

  it('does not let a wrong value give way to a weaker layer', () => {
    const { problems } = resolveWith({ ...SOURCES, flags: { '--concurrency': 'x' } });
    expect(problems).toHaveLength(1);
  });

  it('does not look at a wrong value that a stronger layer hides', () => {
    const { problems } = resolveWith({ ...SOURCES, yaml: 'sync:\n  concurrency: ${NOWHERE}' });
    expect(problems).toEqual([]);
  });

  it('gives the OCEAN__ spelling the word within a layer, and tells a difference', () => {
    const { settings, notices } = resolveWith({
      env: { OCEAN__PORT__CLIENT_ID: 'other', PORT_CLIENT_ID: 'id' },
    });
    expect(settings?.port.clientId).toBe('other');
    expect(notices).toEqual([
      'OCEAN__PORT__CLIENT_ID and PORT_CLIENT_ID differ: OCEAN__PORT__CLIENT_ID is used',
    ]);
  });

  it('takes two spellings that mean the same for no difference', () => {
    const { settings, notices } = resolveWith({
      env: { PORT_BASE_URL: 'https://api.getport.io/', PORT_API_URL: 'https://api.getport.io/v1' },
    });
    expect(settings?.port.baseUrl).toBe('https://api.getport.io');
    expect(notices).toEqual([]);
  });

  it('tells where each setting comes from, a secret without its value', () => {
    const { shown } = resolveWith(SOURCES);
    expect(shown.flatMap((setting) => setInWords(setting) ?? [])).toEqual([
      'port.clientId = *** (PORT_CLIENT_ID)',
      'port.clientSecret = *** (PORT_CLIENT_SECRET)',
      'integration.config.bitbucketBaseUrl = https://bitbucket.example.com (BITBUCKET_BASE_URL)',
      'integration.secrets.bitbucketToken = *** (BITBUCKET_TOKEN)',
      'sync.concurrency = 1 (--concurrency)',
    ]);
  });
});

describe('the region of Port', () => {
  const US = 'https://api.us.getport.io';
  const OWN = 'https://port.example.com';

  it.each([
    ['a flag stands for the address', { flags: { '--port-region': 'us' } }, US],
    ['a key stands for the address', { yaml: 'port_region: us' }, US],
    [
      'a flag beats a variable',
      { flags: { '--port-region': 'us' }, env: { PORT_BASE_URL: OWN } },
      US,
    ],
    ['a variable beats a key', { yaml: 'port_region: us', env: { PORT_BASE_URL: OWN } }, OWN],
    ['the address beats it in one layer', { yaml: `port_region: us\nport_base_url: ${OWN}` }, OWN],
  ] as const)('%s', (_name, changes: Changes, address) => {
    expect(settingsOf(resolveWith(changes)).port.baseUrl).toBe(address);
  });

  it('in seconds without a unit is told as such', () => {
    const { notices, settings } = resolveWith({ flags: { '--timeout': '25' } });
    expect(notices).toEqual(['--timeout 25 means 25 seconds; for minutes write 25m']);
    expect(settings?.sync.timeoutMilliseconds).toBe(25_000);
    expect(resolveWith({ flags: { '--timeout': '25m' } }).notices).toEqual([]);
  });

  it('is told where it differs from the address in one layer', () => {
    const { notices } = resolveWith({ yaml: `port:\n  region: us\n  baseUrl: ${OWN}` });
    expect(notices).toEqual([
      'port.baseUrl in bitbucket-port.yml and port.region in bitbucket-port.yml differ: port.baseUrl is used',
      'credentials of the environment go where files of this folder say: port.baseUrl in bitbucket-port.yml, port.region in bitbucket-port.yml',
    ]);
  });
});

describe('variables in YAML', () => {
  it('come from the environment, then from the .env file', () => {
    const { settings } = resolveOnly({
      env: { A: 'from-env', SECRET: '', BITBUCKET_TOKEN: 'token' },
      dotEnv: { A: 'from-file', SECRET: 'from-file' },
      yaml: [
        'port: { clientId: "${A}", clientSecret: "${SECRET}" }',
        'integration:',
        '  identifier: x-${A}',
        '  config: { bitbucketBaseUrl: "https://${A}.example.com" }',
      ].join('\n'),
    });
    expect(settings).toMatchObject({
      port: { clientId: 'from-env', clientSecret: 'from-file' },
      integration: { identifier: 'x-from-env' },
      bitbucket: { baseUrl: 'https://from-env.example.com' },
    });
  });

  it('can be written plainly with a second dollar sign', () => {
    const { settings } = resolveWith({
      env: { BITBUCKET_TOKEN: undefined },
      yaml: 'integration:\n  config:\n    bitbucketUsername: ann\n    bitbucketPassword: a$${b}c',
    });
    expect(settings?.bitbucket).toMatchObject({ credentials: { password: 'a${b}c' } });
  });

  it('are left alone in a mapping', () => {
    const { mapping } = resolveWith({ yaml: 'mapping:\n  resources:\n    - kind: ${KIND}\n' });
    expect(mapping).toEqual({
      type: 'inline',
      document: {
        origin: 'mapping in bitbucket-port.yml',
        value: { resources: [{ kind: '${KIND}' }] },
      },
      file: 'bitbucket-port.yml',
    });
  });
});

describe('values', () => {
  it('have their defaults', () => {
    expect(settingsOf(resolveWith())).toEqual({
      port: {
        clientId: 'id-of-port-client',
        clientSecret: 'secret-of-port-client',
        baseUrl: 'https://api.getport.io',
      },
      integration: {
        type: 'bitbucket-server',
        identifier: 'my-bitbucket-server-integration',
        isIdentifierChosen: false,
      },
      bitbucket: {
        type: 'server',
        baseUrl: 'https://bitbucket.example.com',
        credentials: { scheme: 'bearer', token: 'token-of-bitbucket' },
        rateLimit: null,
        projects: null,
        pullRequestState: null,
      },
      initializePortResources: true,
      sendRawDataExamples: true,
      sync: {
        concurrency: 8,
        mostConcurrency: 16,
        timeoutMilliseconds: null,
        maxStaleMilliseconds: 86_400_000,
        delete: true,
        deletionThreshold: null,
        deleteOnly: null,
        approval: null,
        allowCascade: false,
        maxRequests: null,
        requestReserve: 0.1,
        kinds: null,
        reportToPort: true,
        enrich: ['readme', 'latestCommit'],
        allowRequests: [],
      },
      webhooks: { secret: null, isVersion87OrOlder: null },
      network: {
        requestTimeoutMilliseconds: 60_000,
        retries: 5,
        httpsProxy: null,
        httpProxy: null,
        noProxy: null,
        verify: { bitbucket: true, port: true },
      },
      jq: { path: null, itemTimeoutMilliseconds: 2_000 },
      reports: { reportFile: null, summaryFile: null },
      output: { logLevel: 'info', logFormat: 'text', strict: false },
    });
  });

  it.each([
    ['90s', 90_000],
    ['25m', 1_500_000],
    ['1h', 3_600_000],
    ['1.5h', 5_400_000],
    ['500ms', 500],
    ['90', 90_000],
    [' 5 m ', 300_000],
  ])('read the time %j', (timeout, milliseconds) => {
    const { sync } = settingsOf(resolveWith({ flags: { '--timeout': timeout } }));
    expect(sync.timeoutMilliseconds).toBe(milliseconds);
  });

  it.each([
    ['https://bitbucket.example.com/', 'https://bitbucket.example.com'],
    ['https://bitbucket.example.com/rest/api/1.0', 'https://bitbucket.example.com'],
    ['https://bitbucket.example.com/rest/api/latest/', 'https://bitbucket.example.com'],
    ['http://localhost:7990/bitbucket/', 'http://localhost:7990/bitbucket'],
    ['http://localhost:7990/bitbucket/rest', 'http://localhost:7990/bitbucket'],
    ['HTTPS://Bitbucket.Example.com', 'https://bitbucket.example.com'],
  ])('read the address %s', (written, address) => {
    const { bitbucket } = settingsOf(resolveWith({ env: { BITBUCKET_BASE_URL: written } }));
    expect(bitbucket).toMatchObject({ baseUrl: address });
  });

  it.each([
    ['true', true],
    ['True', true],
    ['1', true],
    ['yes', true],
    ['FALSE', false],
    ['0', false],
    ['off', false],
  ])('read the switch %j', (written, value) => {
    const settings = settingsOf(resolveWith({ env: { SEND_RAW_DATA_EXAMPLES: written } }));
    expect(settings.sendRawDataExamples).toBe(value);
  });

  it.each([
    ['a text', 'sync:\n  kinds: project, user'],
    ['a list', 'sync:\n  kinds: [project, user]'],
    ['JSON in a text', `sync:\n  kinds: '["project","user"]'`],
  ])('read a list from %s', (_name, yaml) => {
    expect(settingsOf(resolveWith({ yaml })).sync.kinds).toEqual(['project', 'user']);
  });

  it('tell an empty list of enrichments from none', () => {
    expect(settingsOf(resolveWith({ yaml: 'sync:\n  enrich: []' })).sync.enrich).toEqual([]);
    expect(settingsOf(resolveWith({ yaml: 'sync:\n  enrich:' })).sync.enrich).toHaveLength(2);
  });

  it('keep what YAML would take for a number or an answer', () => {
    const { settings } = resolveWith({
      env: { BITBUCKET_TOKEN: undefined },
      yaml: 'integration:\n  config:\n    bitbucketUsername: 0123\n    bitbucketPassword: 1e3',
    });
    expect(settings?.bitbucket).toMatchObject({
      credentials: { scheme: 'basic', username: '0123', password: '1e3' },
    });
  });

  it('lose the line end that echo adds to a secret, and nothing else', () => {
    const { settings } = resolveWith({
      env: {
        BITBUCKET_TOKEN: undefined,
        BITBUCKET_USERNAME: ' ann\n',
        BITBUCKET_PASSWORD: ' a b \r\n',
      },
    });
    expect(settings?.bitbucket).toMatchObject({
      credentials: { username: 'ann', password: ' a b ' },
    });
  });

  it('narrow a run', () => {
    const { bitbucket } = settingsOf(
      resolveWith({
        flags: { '--pull-request-state': 'merged' },
        env: { BITBUCKET_PROJECTS_FILTER: 'PAY, ~ann,' },
      }),
    );
    expect(bitbucket).toMatchObject({ projects: ['PAY', '~ann'], pullRequestState: 'MERGED' });
  });

  it('hold a budget only when the user sets one', () => {
    const env = { BITBUCKET_RATE_LIMIT_QUOTA: '500' };
    expect(settingsOf(resolveWith({ env })).bitbucket).toMatchObject({
      rateLimit: { requests: 500, windowMilliseconds: 3_600_000 },
    });
  });

  it('warn when certificates are not verified', () => {
    const { settings, warnings } = resolveWith({
      env: { OCEAN__SSL__PORT__VERIFY: 'false', OCEAN__SSL__THIRD_PARTY__VERIFY: 'true' },
    });
    expect(settings?.network.verify).toEqual({ bitbucket: true, port: false });
    expect(warnings).toEqual([
      { code: 'verification-off', side: 'port', spelling: 'OCEAN__SSL__PORT__VERIFY' },
    ]);
  });

  it('take ALL_PROXY for what has no proxy of its own, and do not mind it otherwise', () => {
    const proxies = (env: Readonly<Record<string, string>>) =>
      settingsOf(resolveWith({ env })).network;
    expect(proxies({ all_proxy: 'proxy:3128', HTTPS_PROXY: 'http://secure:1' })).toMatchObject({
      httpProxy: 'http://proxy:3128',
      httpsProxy: 'http://secure:1',
    });
    expect(
      proxies({ ALL_PROXY: 'socks5://s:1', HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'http://b:1' }),
    ).toMatchObject({ httpProxy: 'http://a:1', httpsProxy: 'http://b:1' });
  });

  it.each(['socks5://me:secret@proxy:1080', 'socks5h://proxy', 'https://corp%5Cme:pw@proxy:3129'])(
    'take the proxy %s',
    (HTTPS_PROXY) => {
      expect(settingsOf(resolveWith({ env: { HTTPS_PROXY } })).network.httpsProxy).toBe(
        HTTPS_PROXY,
      );
    },
  );

  it('warn of entries of NO_PROXY that cover no host, where there is a proxy', () => {
    const no_proxy = 'bitbucket.example.com, 10.0, 10.0.0.0/8 <local>';
    expect(resolveWith({ env: { no_proxy } }).warnings).toEqual([]);
    expect(resolveWith({ env: { no_proxy, HTTPS_PROXY: 'proxy:3128' } }).warnings).toEqual([
      { code: 'no-proxy-void', spelling: 'no_proxy', entry: '10.0' },
      { code: 'no-proxy-void', spelling: 'no_proxy', entry: '<local>' },
    ]);
  });

  it('log errors only when they are to be quiet', () => {
    const { output } = settingsOf(
      resolveWith({ flags: { '--quiet': true }, env: { OCEAN__LOG_LEVEL: 'DEBUG' } }),
    );
    expect(output.logLevel).toBe('error');
  });
});

describe('the type of Bitbucket', () => {
  const APP_PASSWORD = { code: 'app-password-removed', spelling: 'BITBUCKET_APP_PASSWORD' };
  const CLOUD = { BITBUCKET_BASE_URL: undefined, BITBUCKET_WORKSPACE_TOKEN: 'one, two' };

  it('is Cloud where a workspace is set', () => {
    const settings = settingsOf(resolveWith({ env: { ...CLOUD, BITBUCKET_WORKSPACE: 'acme' } }));
    expect(settings.integration.identifier).toBe('my-bitbucket-cloud-integration');
    expect(settings.sync.concurrency).toBe(10);
    expect(settings.bitbucket).toEqual({
      type: 'cloud',
      workspace: 'acme',
      hostUrl: 'https://api.bitbucket.org/2.0',
      credentials: { scheme: 'bearer', tokens: ['one', 'two'] },
      rateLimit: null,
    });
  });

  it('is what the user says where both are set', () => {
    const both = { BITBUCKET_WORKSPACE: 'acme', BITBUCKET_WORKSPACE_TOKEN: 'one' };
    const typeOf = (type: string) =>
      settingsOf(resolveWith({ env: { ...both, BITBUCKET_TYPE: type } })).bitbucket.type;
    expect(typeOf('bitbucket-cloud')).toBe('cloud');
    expect(typeOf('Bitbucket-Server')).toBe('server');
  });

  it.each([
    ['cloud', 'bitbucket-cloud'],
    ['Server', 'bitbucket-server'],
    ['data-center', 'bitbucket-server'],
  ])('is told by the short word as well that init takes: %s', (word, type) => {
    const { settings } = resolveWith({
      flags: { '--type': word },
      env: { BITBUCKET_WORKSPACE: 'acme', BITBUCKET_WORKSPACE_TOKEN: 'token' },
    });
    expect(settings?.integration.type).toBe(type);
  });

  it('is not decided by the workspace that Bitbucket Pipelines sets', () => {
    const pipelines = { BITBUCKET_BUILD_NUMBER: '7', BITBUCKET_WORKSPACE: 'acme' };
    expect(settingsOf(resolveWith({ env: pipelines })).bitbucket.type).toBe('server');
  });

  it('may use the workspace of Bitbucket Pipelines once it is Cloud, and after all others', () => {
    const pipelines = { ...CLOUD, BITBUCKET_BUILD_NUMBER: '7', BITBUCKET_WORKSPACE: 'acme' };
    const workspaceOf = (changes: Changes) =>
      settingsOf(resolveWith({ ...changes, env: { ...pipelines, ...changes.env } })).bitbucket;
    expect(workspaceOf({ env: { BITBUCKET_TYPE: 'bitbucket-cloud' } })).toMatchObject({
      workspace: 'acme',
    });
    expect(
      workspaceOf({ yaml: 'integration:\n  config:\n    bitbucketWorkspace: beta' }),
    ).toMatchObject({ workspace: 'beta' });
  });

  it.each([
    [
      'a scoped token',
      { BITBUCKET_USER_EMAIL: 'a@b.c', BITBUCKET_USER_SCOPED_TOKEN: 's' },
      'a@b.c',
      'API token',
      [],
    ],
    [
      'an app password',
      { BITBUCKET_USERNAME: 'ann', BITBUCKET_APP_PASSWORD: 's' },
      'ann',
      'app password',
      [APP_PASSWORD],
    ],
    [
      'an app password beside half a scoped token',
      { BITBUCKET_USER_EMAIL: 'a@b.c', BITBUCKET_USERNAME: 'ann', BITBUCKET_APP_PASSWORD: 's' },
      'ann',
      'app password',
      [APP_PASSWORD],
    ],
  ])('takes %s for Cloud', (_name, env, username, kind, warnings) => {
    const resolution = resolveWith({
      env: { BITBUCKET_BASE_URL: undefined, BITBUCKET_WORKSPACE: 'acme', ...env },
    });
    expect(settingsOf(resolution).bitbucket).toMatchObject({
      credentials: { scheme: 'basic', kind, username, password: 's' },
    });
    expect(resolution.warnings).toEqual(warnings);
  });

  const API_TOKEN = { BITBUCKET_USER_EMAIL: 'a@b.c', BITBUCKET_USER_SCOPED_TOKEN: 's' };
  const PASSWORD = { BITBUCKET_USERNAME: 'ann', BITBUCKET_APP_PASSWORD: 's' };

  it.each([
    [
      'the workspace token before all',
      { BITBUCKET_WORKSPACE_TOKEN: 't', ...API_TOKEN, ...PASSWORD },
      [
        'BITBUCKET_WORKSPACE_TOKEN and BITBUCKET_USER_SCOPED_TOKEN are both set: the first is used',
        'BITBUCKET_WORKSPACE_TOKEN and BITBUCKET_APP_PASSWORD are both set: the first is used',
      ],
    ],
    [
      'the API token before the app password',
      { ...API_TOKEN, ...PASSWORD },
      ['BITBUCKET_USER_SCOPED_TOKEN and BITBUCKET_APP_PASSWORD are both set: the first is used'],
    ],
    [
      'what is whole, and says nothing of halves',
      { BITBUCKET_WORKSPACE_TOKEN: 't', BITBUCKET_USERNAME: 'ann' },
      [],
    ],
  ])('takes %s', (_name, env, expected) => {
    const { notices, warnings } = resolveWith({
      env: {
        BITBUCKET_BASE_URL: undefined,
        BITBUCKET_TOKEN: undefined,
        BITBUCKET_WORKSPACE: 'acme',
        ...env,
      },
    });
    expect(notices).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  it.each([
    [{}, 'BITBUCKET_USER_SCOPED_TOKEN is not set'],
    [{ BITBUCKET_USER_SCOPED_TOKEN: '' }, 'BITBUCKET_USER_SCOPED_TOKEN is empty'],
  ])('tells of half an API token before it takes an app password (%j)', (env, missing) => {
    const { notices, warnings } = resolveWith({
      env: {
        BITBUCKET_BASE_URL: undefined,
        BITBUCKET_WORKSPACE: 'acme',
        BITBUCKET_USER_EMAIL: 'ann@example.com',
        ...PASSWORD,
        ...env,
      },
    });
    expect(notices).toEqual([`BITBUCKET_USER_EMAIL is not used: ${missing}`]);
    expect(warnings).toEqual([APP_PASSWORD]);
  });

  it('makes what narrows Data Center meaningless for Cloud', () => {
    const { warnings } = resolveWith({
      env: { ...CLOUD, BITBUCKET_WORKSPACE: 'acme', PULL_REQUEST_STATE: 'ALL' },
    });
    expect(warnings).toEqual([
      { code: 'setting-ignored', spelling: 'PULL_REQUEST_STATE', bitbucket: 'Bitbucket Cloud' },
    ]);
  });

  it.each([
    ['--max-requests', { '--max-requests': '500' }],
    ['--request-reserve', { '--request-reserve': '0.2' }],
  ])('makes %s meaningless for Data Center', (flag, flags) => {
    expect(resolveWith({ flags }).warnings).toEqual([
      { code: 'setting-ignored', spelling: flag, bitbucket: 'Bitbucket Data Center' },
    ]);
  });

  it.each([
    ['one,two', ['one', 'two'], []],
    [' one , two,,\n three ,', ['one', 'two', 'three'], []],
    [
      'one,two,one',
      ['one', 'two'],
      ['BITBUCKET_WORKSPACE_TOKEN holds the same token more than once'],
    ],
  ])('reads the tokens in %j', (list, tokens, expected) => {
    const env = { ...CLOUD, BITBUCKET_WORKSPACE: 'acme', BITBUCKET_WORKSPACE_TOKEN: list };
    const { settings, notices } = resolveWith({ env });
    expect(settings?.bitbucket).toMatchObject({ credentials: { scheme: 'bearer', tokens } });
    expect(notices).toEqual(expected);
  });

  it('takes the token of Data Center before the password, and says so', () => {
    const { settings, notices } = resolveWith({
      env: { BITBUCKET_USERNAME: 'ann', BITBUCKET_PASSWORD: 'hunter2' },
    });
    expect(settings?.bitbucket).toMatchObject({ credentials: { scheme: 'bearer' } });
    expect(notices).toEqual([
      'BITBUCKET_TOKEN and BITBUCKET_PASSWORD are both set: the token is used',
    ]);
  });
});
