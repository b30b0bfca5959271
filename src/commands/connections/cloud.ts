import { createHttpClient } from '../../http/create-http-client.js';
import { RequestQuota } from '../../http/request-quota.js';
import type { CloudSettings } from '../../settings/settings.js';
import { authorizationsOf, type CredentialFacts } from '../../source/cloud/auth.js';
import { createCloudSource } from '../../source/cloud/create-cloud-source.js';
import {
  type BitbucketConnection,
  clientOptions,
  type ConnectionOptions,
  onWait,
} from './connection-options.js';

/** Opens a client for each token of Bitbucket Cloud. Nothing is sent yet. */
export function openCloud(
  { workspace, hostUrl: address, credentials, rateLimit }: CloudSettings,
  options: ConnectionOptions,
): BitbucketConnection {
  const { clock, emit, signal, deadline } = options;
  const { sync } = options.settings;
  const { concurrency, mostConcurrency, maxRequests, requestReserve } = sync;
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
