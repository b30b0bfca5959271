import type { Problem } from '../../src/problems/problem.js';
import type { Changes } from './sources.js';

/** How the message about an address begins. */
export const WHOLE_ADDRESS = 'must be an http or https address, such as';
const TIME = 'must be a time such as 90s, 25m or 1h (more than 0, at most 7 days)';
const BRANCH = 'must be a JSON object such as {"key":"value"}';
const TOKEN = 'must be the bare token: ASCII letters, digits and signs without spaces';

/** A value that cannot be used. */
export function invalid(spelling: string, reason: string): Problem {
  return { code: 'setting-invalid', spelling, reason };
}

function missing(setting: string, ...spellings: string[]): Problem {
  return { code: 'setting-missing', setting, spellings };
}

/** A key that no setting has. */
export function unknown(key: string, nearest?: string): Problem {
  const problem = { code: 'setting-unknown', key, origin: 'bitbucket-port.yml' } as const;
  return nearest === undefined ? problem : { ...problem, nearest };
}

const clientIdMissing = missing(
  'port.clientId',
  'PORT_CLIENT_ID',
  'OCEAN__PORT__CLIENT_ID',
  'port.clientId (YAML)',
);
const addressSpellings = [
  'BITBUCKET_BASE_URL',
  'BITBUCKET_HOST',
  'OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL',
  'integration.config.bitbucketBaseUrl (YAML)',
];
const NEITHER = 'which Bitbucket to read';
const CLOUD_SET = 'BITBUCKET_WORKSPACE with BITBUCKET_WORKSPACE_TOKEN for Bitbucket Cloud';
const DATA_CENTER = 'BITBUCKET_BASE_URL with BITBUCKET_TOKEN for Data Center';
const NO_CREDENTIAL = missing(
  'a credential for Bitbucket Data Center',
  'BITBUCKET_TOKEN',
  'BITBUCKET_USERNAME with BITBUCKET_PASSWORD',
);
const CLOUD = { BITBUCKET_BASE_URL: undefined, BITBUCKET_WORKSPACE: 'acme' };

/** Settings that are complete but for one thing that is wrong, and what is found of it. */
export const wrongSettings: readonly (readonly [string, Changes, readonly Problem[]])[] = [
  ['no client id', { env: { PORT_CLIENT_ID: undefined } }, [clientIdMissing]],
  ['an empty client id', { env: { PORT_CLIENT_ID: '' } }, [clientIdMissing]],
  ['a client id of white space', { env: { PORT_CLIENT_ID: ' \t' } }, [clientIdMissing]],
  ['a placeholder', { env: { PORT_CLIENT_ID: 'YOUR_PORT_CLIENT_ID' } }, [clientIdMissing]],
  ['an Azure macro', { env: { PORT_CLIENT_ID: '$(OCEAN__PORT__CLIENT_ID)' } }, [clientIdMissing]],
  ['a shell reference', { env: { PORT_CLIENT_ID: '$OCEAN__PORT__CLIENT_ID' } }, [clientIdMissing]],
  [
    'an expression of GitHub Actions in a file',
    {
      env: { PORT_CLIENT_ID: undefined },
      yaml: 'port:\n  clientId: ${{ secrets.PORT_CLIENT_ID }}',
    },
    [clientIdMissing],
  ],
  [
    'a client secret with a space',
    { env: { PORT_CLIENT_SECRET: 'a b' } },
    [invalid('PORT_CLIENT_SECRET', TOKEN)],
  ],
  [
    'a header instead of a token',
    { env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_TOKEN: 'Bearer abcdef' } },
    [invalid('OCEAN__INTEGRATION__CONFIG__BITBUCKET_TOKEN', TOKEN)],
  ],
  [
    'a base URL of Port without a scheme',
    { env: { PORT_BASE_URL: 'api.getport.io' } },
    [invalid('PORT_BASE_URL', `${WHOLE_ADDRESS} https://api.getport.io`)],
  ],
  [
    'a base URL of Port that is no web address',
    { env: { PORT_API_URL: 'ftp://api.getport.io' } },
    [invalid('PORT_API_URL', `${WHOLE_ADDRESS} https://api.getport.io`)],
  ],
  [
    "Port's page instead of its API",
    { env: { OCEAN__PORT__BASE_URL: 'https://app.us.getport.io' } },
    [
      invalid(
        'OCEAN__PORT__BASE_URL',
        'is where people look at Port; its API is at https://api.getport.io or https://api.us.getport.io',
      ),
    ],
  ],
  [
    'a typo in a level',
    { flags: { '--log-level': 'debgu' } },
    [invalid('--log-level', 'must be one of debug, info, warning, error; did you mean debug?')],
  ],
  [
    'a misspelt variable',
    { env: { PORT_CLIENT_SECRET: undefined, PORT_CLIENT_SECRT: 'x' } },
    [
      missing(
        'port.clientSecret',
        'PORT_CLIENT_SECRET',
        'OCEAN__PORT__CLIENT_SECRET',
        'port.clientSecret (YAML)',
      ),
    ],
  ],
  [
    'an unknown region',
    { flags: { '--port-region': 'asia' } },
    [invalid('--port-region', 'must be one of eu, us')],
  ],
  [
    'a Bitbucket address with credentials in it',
    { env: { BITBUCKET_BASE_URL: 'https://ann:hunter2@bitbucket.example.com' } },
    [
      invalid(
        'BITBUCKET_BASE_URL',
        'must not hold a user name or password; they have settings of their own',
      ),
    ],
  ],
  [
    'a Bitbucket address with a query',
    {
      env: { BITBUCKET_BASE_URL: undefined, BITBUCKET_HOST: 'https://bitbucket.example.com/?x=1' },
    },
    [invalid('BITBUCKET_HOST', 'must not hold a ? or #')],
  ],
  [
    'neither an address nor a workspace',
    { env: { BITBUCKET_BASE_URL: undefined } },
    [missing(NEITHER, CLOUD_SET, DATA_CENTER)],
  ],
  [
    'only the workspace that Bitbucket Pipelines sets',
    {
      env: {
        BITBUCKET_BASE_URL: undefined,
        BITBUCKET_WORKSPACE: 'acme',
        BITBUCKET_BUILD_NUMBER: '7',
      },
    },
    [missing(NEITHER, 'BITBUCKET_TYPE=bitbucket-cloud', DATA_CENTER)],
  ],
  [
    'an address and a workspace',
    { env: { BITBUCKET_WORKSPACE: 'acme' } },
    [
      {
        code: 'settings-contradict',
        spellings: ['BITBUCKET_BASE_URL', 'BITBUCKET_WORKSPACE'],
        reason:
          'the first means Bitbucket Data Center, the second Bitbucket Cloud; remove one, or set BITBUCKET_TYPE to bitbucket-server or bitbucket-cloud',
      },
    ],
  ],
  [
    'an unknown type',
    { env: { BITBUCKET_TYPE: 'bitbucket' } },
    [invalid('BITBUCKET_TYPE', 'must be one of bitbucket-server, bitbucket-cloud')],
  ],
  [
    'type Data Center without an address',
    { env: { BITBUCKET_TYPE: 'bitbucket-server', BITBUCKET_BASE_URL: undefined } },
    [missing('integration.config.bitbucketBaseUrl', ...addressSpellings)],
  ],
  ['no credential', { env: { BITBUCKET_TOKEN: undefined } }, [NO_CREDENTIAL]],
  [
    'a user name without a password',
    { env: { BITBUCKET_TOKEN: undefined, BITBUCKET_USERNAME: 'ann' } },
    [
      missing(
        'integration.secrets.bitbucketPassword',
        'BITBUCKET_PASSWORD',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD',
        'integration.secrets.bitbucketPassword (YAML)',
      ),
    ],
  ],
  [
    'a password without a user name',
    { env: { BITBUCKET_TOKEN: undefined, BITBUCKET_PASSWORD: 'hunter2' } },
    [
      missing(
        'integration.config.bitbucketUsername',
        'BITBUCKET_USERNAME',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME',
        'integration.config.bitbucketUsername (YAML)',
      ),
    ],
  ],
  [
    'a user name with a colon',
    { env: { BITBUCKET_TOKEN: undefined, BITBUCKET_USERNAME: 'a:b', BITBUCKET_PASSWORD: 'c' } },
    [invalid('BITBUCKET_USERNAME', 'must not hold a colon')],
  ],
  [
    'a password of two lines',
    { env: { BITBUCKET_TOKEN: undefined, BITBUCKET_USERNAME: 'ann', BITBUCKET_PASSWORD: 'a\nb' } },
    [invalid('BITBUCKET_PASSWORD', 'must be one line without control characters')],
  ],
  [
    'Cloud without a credential',
    { env: { ...CLOUD } },
    [
      missing(
        'a credential for Bitbucket Cloud',
        'BITBUCKET_WORKSPACE_TOKEN',
        'BITBUCKET_USER_EMAIL with BITBUCKET_USER_SCOPED_TOKEN',
        'BITBUCKET_USERNAME with BITBUCKET_APP_PASSWORD',
      ),
    ],
  ],
  [
    'Cloud with an e-mail address alone',
    { env: { ...CLOUD, BITBUCKET_USER_EMAIL: 'ann@example.com' } },
    [
      missing(
        'integration.secrets.bitbucketUserScopedToken',
        'BITBUCKET_USER_SCOPED_TOKEN',
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_USER_SCOPED_TOKEN',
        'integration.secrets.bitbucketUserScopedToken (YAML)',
      ),
    ],
  ],
  [
    "a workspace's address instead of its name",
    {
      env: {
        ...CLOUD,
        BITBUCKET_WORKSPACE: 'https://bitbucket.org/acme',
        BITBUCKET_WORKSPACE_TOKEN: 't',
      },
    },
    [
      invalid(
        'BITBUCKET_WORKSPACE',
        "must be the workspace's name as it stands in its address, such as acme",
      ),
    ],
  ],
  [
    'workspace tokens with a gap',
    { env: { ...CLOUD, BITBUCKET_WORKSPACE_TOKEN: 'one,t wo' } },
    [
      invalid(
        'BITBUCKET_WORKSPACE_TOKEN',
        'must be one or more tokens, separated by commas, without spaces inside',
      ),
    ],
  ],
  [
    'an identifier that Port refuses',
    { env: { PORT_INTEGRATION_IDENTIFIER: 'my integration' } },
    [
      invalid(
        'PORT_INTEGRATION_IDENTIFIER',
        'may hold letters, digits and @ _ . + : \\ / = - only',
      ),
    ],
  ],
  [
    'a state that no pull request has',
    { env: { PULL_REQUEST_STATE: 'CLOSED' } },
    [invalid('PULL_REQUEST_STATE', 'must be one of ALL, OPEN, MERGED, DECLINED')],
  ],
  [
    'a filter that names no project',
    { env: { BITBUCKET_PROJECTS_FILTER: ' , ' } },
    [invalid('BITBUCKET_PROJECTS_FILTER', 'must be a list of names, separated by commas')],
  ],
  [
    'a quota of nothing',
    { env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_RATE_LIMIT_QUOTA: '0' } },
    [
      invalid(
        'OCEAN__INTEGRATION__CONFIG__BITBUCKET_RATE_LIMIT_QUOTA',
        'must be a whole number from 1 to 1000000',
      ),
    ],
  ],
  [
    'a switch that is neither on nor off',
    { env: { INITIALIZE_PORT_RESOURCES: 'maybe' } },
    [invalid('INITIALIZE_PORT_RESOURCES', 'must be true or false')],
  ],
  [
    'too many requests at a time',
    { flags: { '--concurrency': '1000' } },
    [invalid('--concurrency', 'must be a whole number from 1 to 100')],
  ],
  [
    'half a request at a time',
    { flags: { '--concurrency': '2.5' } },
    [invalid('--concurrency', 'must be a whole number from 1 to 100')],
  ],
  ['a time without a number', { flags: { '--timeout': 'soon' } }, [invalid('--timeout', TIME)]],
  ['no time at all', { flags: { '--timeout': '0' } }, [invalid('--timeout', TIME)]],
  ['a time that has passed', { flags: { '--timeout': '-5m' } }, [invalid('--timeout', TIME)]],
  ['more than a week', { flags: { '--timeout': '169h' } }, [invalid('--timeout', TIME)]],
  [
    'a threshold above 1',
    { flags: { '--deletion-threshold': '1.5' } },
    [invalid('--deletion-threshold', 'must be a number from 0 to 1')],
  ],
  [
    'a threshold below 0',
    { yaml: 'sync:\n  deletionThreshold: -1' },
    [invalid('sync.deletionThreshold in bitbucket-port.yml', 'must be a number from 0 to 1')],
  ],
  [
    'an empty list of kinds',
    { yaml: 'sync:\n  kinds: []' },
    [invalid('sync.kinds in bitbucket-port.yml', 'must name at least one')],
  ],
  [
    'a kind that there is not',
    { env: { OCEAN__SYNC__KINDS: 'project,repo' } },
    [
      invalid(
        'OCEAN__SYNC__KINDS',
        'may list project, repository, pull-request, folder, file, user, branch, tag, pipeline, deployment, environment, request, group only; did you mean repository?',
      ),
    ],
  ],
  [
    'a kind of the other Bitbucket',
    {
      env: { ...CLOUD, BITBUCKET_WORKSPACE_TOKEN: 'token' },
      flags: { '--kinds': 'project,group' },
    },
    [
      invalid(
        '--kinds',
        'names group, which this Bitbucket does not have; its kinds are project, repository, pull-request, folder, file, user, branch, tag, pipeline, deployment, environment, request',
      ),
    ],
  ],
  [
    'a path of requests that leads elsewhere',
    { yaml: 'sync:\n  allowRequests: [rest/../admin]' },
    [
      invalid(
        'sync.allowRequests in bitbucket-port.yml',
        'may list paths below the address of Bitbucket: names of letters, digits and . _ ~ -, with * for any of a name and ** for any number of names, or {workspace}, {project}, {repository} in place of a name',
      ),
    ],
  ],
  [
    'an enrichment that there is not',
    { yaml: 'sync:\n  enrich: [readme, licence]' },
    [invalid('sync.enrich in bitbucket-port.yml', 'may list readme, latestCommit only')],
  ],
  ...(
    ['ftp://proxy.example.com', 'socks4://proxy.example.com', 'http://[', 'http://'] as const
  ).map((HTTPS_PROXY): (typeof wrongSettings)[number] => [
    `a proxy that is none of ours: ${HTTPS_PROXY}`,
    { env: { HTTPS_PROXY } },
    [
      invalid(
        'HTTPS_PROXY',
        'must be an http, https or socks5 proxy, such as http://proxy.example.com:3128',
      ),
    ],
  ]),
  [
    'a proxy whose user belongs to a domain',
    { env: { HTTP_PROXY: 'http://corp\\user:pw@proxy.example.com:3128' } },
    [invalid('HTTP_PROXY', 'must not hold a backslash; write it as %5C')],
  ],
  [
    'a proxy whose password holds a percent sign',
    { env: { all_proxy: 'http://me:100%@proxy.example.com' } },
    [
      invalid(
        'all_proxy',
        'holds a % in its name or password that stands for nothing; write it as %25',
      ),
    ],
  ],
  [
    'an unknown log level in a .env file',
    { dotEnv: { OCEAN__LOG_LEVEL: 'loud' } },
    [invalid('OCEAN__LOG_LEVEL in .env', 'must be one of debug, info, warning, error')],
  ],
  [
    'an unknown log format',
    { flags: { '--log-format': 'xml' } },
    [invalid('--log-format', 'must be one of text, json')],
  ],
  [
    'quiet and talkative at once',
    { flags: { '--quiet': true, '--log-level': 'debug' } },
    [
      {
        code: 'settings-contradict',
        spellings: ['--quiet', '--log-level'],
        reason: '--quiet logs errors only; leave one of them out',
      },
    ],
  ],
  [
    'a list for a mapping',
    { yaml: 'mapping: [1]' },
    [invalid('mapping in bitbucket-port.yml', 'must be a file name or a mapping with resources')],
  ],
  [
    'a variable that is not set',
    { yaml: 'integration:\n  identifier: ${TEAM}-catalog' },
    [
      invalid(
        'integration.identifier in bitbucket-port.yml',
        'refers to ${TEAM}, which is not set',
      ),
    ],
  ],
  [
    'a secret in a variable that is not set',
    { env: { PORT_CLIENT_SECRET: undefined }, yaml: 'port:\n  clientSecret: ${MY_SECRET}' },
    [
      invalid(
        'port.clientSecret in bitbucket-port.yml',
        'refers to ${MY_SECRET}, which is not set',
      ),
    ],
  ],
  [
    'a reference that names no variable',
    { yaml: 'integration:\n  identifier: ${a-b}' },
    [
      invalid(
        'integration.identifier in bitbucket-port.yml',
        'holds a ${…} that names no variable; write $${ for a plain ${',
      ),
    ],
  ],
  [
    'a typo in a key',
    { yaml: 'port:\n  clientSecrte: x' },
    [unknown('port.clientSecrte', 'port.clientSecret')],
  ],
  ['a typo in a branch', { yaml: 'prot:\n  clientId: x' }, [unknown('prot', 'port')]],
  [
    'a key in the wrong place',
    { yaml: 'concurrency: 4' },
    [unknown('concurrency', 'sync.concurrency')],
  ],
  ['a key that is like no other', { yaml: 'x: 1' }, [unknown('x')]],
  [
    'a mapping at the root of the settings',
    { yaml: 'resources:\n  - kind: project' },
    [unknown('resources', 'mapping.resources')],
  ],
  [
    'a value where a branch belongs',
    { yaml: 'port: https://api.getport.io' },
    [invalid('port in bitbucket-port.yml', 'must hold keys and values')],
  ],
  [
    'a list where a branch belongs',
    { yaml: 'integration: []' },
    [invalid('integration in bitbucket-port.yml', 'must hold keys and values')],
  ],
  [
    'a branch where a value belongs',
    { yaml: 'sync:\n  timeout:\n    minutes: 5' },
    [invalid('sync.timeout in bitbucket-port.yml', 'must be a time such as 90s, 25m or 1h')],
  ],
  [
    'a branch in a variable that is not JSON',
    { env: { OCEAN__INTEGRATION__CONFIG: "{'bitbucketToken':'hunter2'}" } },
    [invalid('OCEAN__INTEGRATION__CONFIG', `${BRANCH}: it is not valid JSON`)],
  ],
  [
    'a branch in a variable of the .env file that is cut short',
    { dotEnv: { OCEAN__PORT: '{"clientSecret":"hunter' } },
    [invalid('OCEAN__PORT in .env', `${BRANCH}: it is not valid JSON; put it in single quotes`)],
  ],
  [
    'a list in a variable where a branch belongs',
    { env: { OCEAN__INTEGRATION: '["hunter2"]' } },
    [invalid('OCEAN__INTEGRATION', `${BRANCH}: it holds no object`)],
  ],
  [
    'a value inside of a variable where a branch belongs',
    { env: { OCEAN__INTEGRATION: '{"config":["hunter2"]}' } },
    [invalid('config in OCEAN__INTEGRATION', 'must hold keys and values')],
  ],
  [
    'a key twice in a variable',
    { env: { OCEAN__PORT: '{"clientId":"a","clientId":"b"}' } },
    [
      invalid(
        'OCEAN__PORT',
        `${BRANCH}: line 1, column 17: the same key stands twice, first in line 1`,
      ),
    ],
  ],
  [
    'a wrong value inside of a variable',
    { env: { OCEAN__PORT: '{"base_url":"nowhere"}' } },
    [invalid('base_url in OCEAN__PORT', `${WHOLE_ADDRESS} https://api.getport.io`)],
  ],
];
