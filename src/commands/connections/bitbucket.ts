import { createHttpClient } from '../../http/create-http-client.js';
import { RequestQuota } from '../../http/request-quota.js';
import type { CloudSettings, ServerSettings, Settings } from '../../settings/settings.js';
import { authorizationsOf, type CredentialFacts } from '../../source/cloud/auth.js';
import { createCloudSource } from '../../source/cloud/create-cloud-source.js';
import { createServerSource } from '../../source/server/create-server-source.js';
import { inspectServer } from '../../source/server/inspect.js';
import { restRoot } from '../../source/server/routes.js';
import {
  type BitbucketConnection,
  clientOptions,
  type ConnectionOptions,
  onWait,
} from './connection-options.js';

/** Opens a client for the Bitbucket of the settings. Nothing is sent yet. */
export function openBitbucket(
  bitbucket: Settings['bitbucket'],
  options: ConnectionOptions,
): BitbucketConnection {
  return bitbucket.type === 'server'
    ? openServer(bitbucket, options)
    : openCloud(bitbucket, options);
}

/** Opens a client for each token of Bitbucket Cloud. Nothing is sent yet. */
function openCloud(
  { workspace, hostUrl: address, credentials, rateLimit }: CloudSettings,
  options: ConnectionOptions,
): BitbucketConnection {
  const { clock, emit, signal, deadline } = options;
  const { sync } = options.settings;
  const { concurrency, mostConcurrency, maxRequests, requestReserve, allowRequests } = sync;
  const hostUrl = new URL(address);
  const quota = new RequestQuota({ total: maxRequests, rate: rateLimit });
  const clients = authorizationsOf(credentials).map((authorization) =>
    createHttpClient({
      ...clientOptions('bitbucket', hostUrl, options),
      concurrency: { first: concurrency, most: mostConcurrency },
      authorization,
      quota,
      signal,
    }),
  );
  const source = createCloudSource({
    clients,
    hostUrl,
    workspace,
    concurrency: mostConcurrency,
    credentials: credentialFacts(credentials),
    clock,
    allowRequests,
    reserve: requestReserve,
    quota,
    deadline,
    signal,
    onWait: onWait('bitbucket', options),
    report: (problem) => {
      emit({ type: 'problem', problem });
    },
  });
  return {
    source,
    api: { http: source.http, root: new URL(hostUrl.href.replace(/\/+$/u, '')) },
    inspection: source.inspection,
    description: `Bitbucket Cloud ${workspace}`,
    requests: () => clients.reduce((sum, client) => sum + client.requests, 0),
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

function credentialFacts(credentials: CloudSettings['credentials']): CredentialFacts {
  if (credentials.scheme === 'bearer') {
    return { kind: 'access token', variables: ['BITBUCKET_WORKSPACE_TOKEN'] };
  }
  const { kind } = credentials;
  return kind === 'API token'
    ? { kind, variables: ['BITBUCKET_USER_EMAIL', 'BITBUCKET_USER_SCOPED_TOKEN'] }
    : { kind, variables: ['BITBUCKET_USERNAME', 'BITBUCKET_APP_PASSWORD'] };
}

/** Opens a client for Bitbucket Data Center. Nothing is sent yet. */
function openServer(bitbucket: ServerSettings, options: ConnectionOptions): BitbucketConnection {
  const {
    concurrency: first,
    mostConcurrency: most,
    enrich,
    allowRequests,
  } = options.settings.sync;
  const baseUrl = new URL(bitbucket.baseUrl);
  const authorization = authorizationOf(bitbucket);
  const http = createHttpClient({
    ...clientOptions('bitbucket', baseUrl, options),
    concurrency: { first, most },
    authorization: () => Promise.resolve({ authorization }),
    quota: new RequestQuota({ total: null, rate: bitbucket.rateLimit }),
    signal: options.signal,
  });
  const source = createServerSource({
    http,
    baseUrl,
    concurrency: most,
    overrides: {
      pullRequestState: bitbucket.pullRequestState ?? undefined,
      projectsFilter: bitbucket.projects ?? undefined,
    },
    enrich,
    allowRequests,
    credentialVariables:
      bitbucket.credentials.scheme === 'bearer'
        ? ['BITBUCKET_TOKEN']
        : ['BITBUCKET_USERNAME', 'BITBUCKET_PASSWORD'],
    report: (problem) => {
      options.emit({ type: 'problem', problem });
    },
  });
  return {
    source,
    api: { http, root: restRoot(baseUrl) },
    inspection: inspectServer(http, baseUrl, allowRequests),
    description: `Bitbucket Data Center ${bitbucket.baseUrl}`,
    requests: () => http.requests,
    close: () => http.close(),
  };
}

function authorizationOf({ credentials }: ServerSettings): string {
  if (credentials.scheme === 'bearer') return `Bearer ${credentials.token}`;
  const pair = `${credentials.username}:${credentials.password}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
