import { proxyAddress } from '../address.js';
import { setting, urlSecret } from '../declaration.js';
import { duration, text, truth, wholeNumber } from '../values.js';

/** How the two systems and jq are reached, and how long that may take. */
export const networkSettings = {
  requestTimeout: setting({
    name: 'sync.requestTimeout',
    description: 'Time for one request, such as 60s.',
    keys: ['sync.requestTimeout', 'clientTimeout'],
    schema: duration,
    default: 60_000,
    defaultWords: '60s',
  }),

  retries: setting({
    name: 'sync.retries',
    description: 'How often a failed request is repeated.',
    schema: wholeNumber(0, 20),
    default: 5,
  }),

  jqTimeout: setting({
    name: 'sync.jqTimeout',
    description: 'Time for the mapping of one item, such as 2s.',
    schema: duration,
    default: 2_000,
    defaultWords: '2s',
  }),

  jqPath: setting({
    name: 'sync.jqPath',
    description: 'The jq to use, 1.7 or newer.',
    variables: ['JQ_PATH'],
    schema: text,
    default: null,
    defaultWords: "node-jq's, else the one on the PATH, else a built-in one",
  }),

  caFile: setting({
    name: 'sync.caFile',
    description:
      'PEM file with certificates of authorities to trust in addition to the public ones.',
    flag: {
      name: '--ca-file',
      argument: '<file>',
      description: 'PEM file of a private certificate authority',
    },
    schema: text,
    default: null,
  }),

  sslCertFile: setting({
    name: 'sslCertFile',
    description: 'Like sync.caFile, under the name that OpenSSL uses. Both are trusted.',
    variables: ['SSL_CERT_FILE'],
    keys: [],
    schema: text,
    default: null,
  }),

  nodeExtraCaCerts: setting({
    name: 'nodeExtraCaCerts',
    description: 'Like sync.caFile, under the name that Node.js uses. All are trusted.',
    variables: ['NODE_EXTRA_CA_CERTS'],
    keys: [],
    schema: text,
    default: null,
  }),

  httpsProxy: setting({
    name: 'httpsProxy',
    description: 'Proxy for https addresses.',
    variables: ['https_proxy', 'HTTPS_PROXY'],
    keys: [],
    schema: proxyAddress,
    default: null,
    secret: urlSecret,
  }),

  httpProxy: setting({
    name: 'httpProxy',
    description: 'Proxy for http addresses.',
    variables: ['http_proxy', 'HTTP_PROXY'],
    keys: [],
    schema: proxyAddress,
    default: null,
    secret: urlSecret,
  }),

  allProxy: setting({
    name: 'allProxy',
    description: 'Proxy for addresses that the other two variables do not cover.',
    variables: ['all_proxy', 'ALL_PROXY'],
    keys: [],
    schema: proxyAddress,
    default: null,
    secret: urlSecret,
  }),

  noProxy: setting({
    name: 'noProxy',
    description: 'Hosts that are reached without a proxy, separated by commas.',
    variables: ['no_proxy', 'NO_PROXY'],
    keys: [],
    schema: text,
    default: null,
  }),

  verifyPort: setting({
    name: 'ssl.port.verify',
    description: 'Whether the certificate of Port is verified. It is better to trust a private CA.',
    schema: truth,
    default: true,
  }),

  verifyBitbucket: setting({
    name: 'ssl.thirdParty.verify',
    description:
      'Whether the certificate of Bitbucket is verified. It is better to trust a private CA.',
    schema: truth,
    default: true,
  }),
};
