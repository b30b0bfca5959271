/** A values.yaml of the Helm chart, with the placeholders that its users are told to replace. */
export const HELM_VALUES = `
initializePortResources: true
scheduledResyncInterval: 120
integration:
  identifier: my-ocean-bitbucket-server-integration
  type: bitbucket-server
  eventListener:
    type: POLLING
  config:
    bitbucketBaseUrl: BITBUCKET_BASE_URL
    bitbucketUsername: BITBUCKET_USERNAME
    bitbucketIsVersion8Point7OrOlder: BITBUCKET_IS_VERSION_8_POINT_7_OR_OLDER
  secrets:
    bitbucketPassword: BITBUCKET_PASSWORD
    bitbucketWebhookSecret: BITBUCKET_WEBHOOK_SECRET
`;

/** The same with values in their places. */
export function filledIn(values: string): string {
  return values
    .replace(': BITBUCKET_BASE_URL', ': https://bitbucket.example.com')
    .replace(': BITBUCKET_USERNAME', ': ann')
    .replace(': BITBUCKET_IS_VERSION_8_POINT_7_OR_OLDER', ': false')
    .replace(': BITBUCKET_PASSWORD', ': hunter2')
    .replace(': BITBUCKET_WEBHOOK_SECRET', ': webhook-secret')
    .concat('port:\n  clientId: id\n  clientSecret: secret\n');
}

/** What says how Kubernetes runs the container. */
export const KUBERNETES_VALUES = [
  'baseUrl: https://hooks.example.com',
  'liveEvents: { baseUrl: https://hooks.example.com }',
  'resources: { limits: { memory: 1024Mi } }',
  'imagePullPolicy: Always',
  'extraEnv: [{ name: HTTPS_PROXY, value: http://proxy:1 }]',
  'integration: { version: "0.1.0", extraConfig: {} }',
].join('\n');

/** The block of the container's GitHub action, each with how its keys are written. */
export const WORKFLOW_INPUTS: readonly (readonly [string, string])[] = [
  [
    'in snake case',
    `
type: 'bitbucket-server'
identifier: mine
version: latest
initialize_port_resources: false
port_client_id: id
port_client_secret: secret
port_base_url: https://api.getport.io
config: |
  bitbucket_username: ann
  bitbucket_password: hunter2
  bitbucket_base_url: https://bitbucket.example.com
  bitbucket_webhook_secret: webhook-secret
  bitbucket_is_version_8_point_7_or_older: false
`,
  ],
  [
    'in camel case',
    `
type: 'bitbucket-server'
identifier: mine
initialize_port_resources: false
port_client_id: id
port_client_secret: secret
config:
  bitbucketUsername: ann
  bitbucketPassword: hunter2
  bitbucketBaseUrl: https://bitbucket.example.com
WEBHOOK_SECRET: webhook-secret
IS_VERSION_8_7_OR_OLDER: true
`,
  ],
];

/** What only GitHub fills in. */
export const WORKFLOW_EXPRESSION =
  'config: |\n  bitbucket_password: ${{ secrets.BITBUCKET_PASSWORD }}\n';
