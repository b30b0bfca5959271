import type { IntegrationType } from '../../settings/settings.js';
import type { Known } from './known.js';

/** What a settings file says. */
export interface ConfigFacts {
  readonly type: IntegrationType;
  /** Where the user chose one; null: the usual one. */
  readonly identifier: string | null;
  /** Settings that are known already, by name: the address, and another Port than the usual one. */
  readonly known: Known;
  /** The mapping's file; null: Port keeps the mapping. */
  readonly mapping: string | null;
  /** Where editors find its schema, relative to it. */
  readonly schema: string;
}

/** What names the Bitbucket, with an example. */
const ADDRESSES = {
  'bitbucket-cloud': {
    key: 'bitbucketWorkspace',
    example: 'acme',
    variable: 'BITBUCKET_WORKSPACE',
  },
  'bitbucket-server': {
    key: 'bitbucketBaseUrl',
    example: 'https://bitbucket.example.com',
    variable: 'BITBUCKET_BASE_URL',
  },
} as const satisfies Record<IntegrationType, object>;

const CREDENTIALS: Readonly<Record<IntegrationType, readonly string[]>> = {
  'bitbucket-cloud': ['  # Secret: bitbucketWorkspaceToken, as BITBUCKET_WORKSPACE_TOKEN.'],
  'bitbucket-server': [
    '    # bitbucketUsername: port-exporter  # or BITBUCKET_USERNAME',
    '  # Secret: bitbucketPassword, as BITBUCKET_PASSWORD; or bitbucketToken, as BITBUCKET_TOKEN.',
  ],
};

/** The text of a settings file: little is set, and much is explained. */
export function configFile({ type, identifier, known, mapping, schema }: ConfigFacts): string {
  const port = known.get('port.baseUrl');
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    '# Settings of bitbucket-port. Precedence: options > variables > this file.',
    '# Keep secrets in variables; ${NAME} here is replaced by one. bitbucket-port check shows all settings.',
    '',
    'integration:',
    `  type: ${type}`,
    '  # The integration in Port: it holds the mapping and owns the entities.',
    identifier === null ? `  # identifier: my-${type}-integration` : `  identifier: ${identifier}`,
    '  config:',
    addressLine(type, known),
    ...CREDENTIALS[type],
    '',
    'port:',
    '  # https://api.us.getport.io in the United States, or PORT_BASE_URL.',
    port === undefined
      ? '  # baseUrl: https://api.getport.io'
      : `  baseUrl: ${JSON.stringify(port)}`,
    '  # Secrets: clientId and clientSecret, as PORT_CLIENT_ID and PORT_CLIENT_SECRET.',
    '',
    ...mappingLines(mapping),
    '',
    'sync:',
    '  # A run that would delete a larger share of its entities stops and deletes nothing.',
    '  # deletionThreshold: 0.9',
    '  # Time limit of a run. The next run does what is left.',
    '  # timeout: 25m',
    '  # Requests to Bitbucket at a time. By default, the number adapts to how fast Bitbucket answers.',
    `  # concurrency: ${type === 'bitbucket-cloud' ? 10 : 8}`,
  ];
  return `${lines.join('\n')}\n`;
}

function mappingLines(mapping: string | null): readonly string[] {
  return mapping === null
    ? ['# The mapping is in Port. To copy it to a file: bitbucket-port mapping pull']
    : [
        '# What is loaded into Port. Without this line, the mapping in Port is used.',
        `mapping: ${mapping}`,
      ];
}

/** The address as it is known from variables or options, or where it goes. */
function addressLine(type: IntegrationType, known: ConfigFacts['known']): string {
  const { key, example, variable } = ADDRESSES[type];
  const address = known.get(`integration.config.${key}`);
  return address === undefined
    ? `    # ${key}: ${example}  # or ${variable}`
    : `    ${key}: ${JSON.stringify(address)}`;
}
