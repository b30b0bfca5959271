import { createHttpClient } from '../../http/create-http-client.js';
import { RequestQuota } from '../../http/request-quota.js';
import type { ServerSettings } from '../../settings/settings.js';
import { createServerSource } from '../../source/server/create-server-source.js';
import { inspectServer } from '../../source/server/inspect.js';
import {
  type BitbucketConnection,
  clientOptions,
  type ConnectionOptions,
} from './connection-options.js';

/** Opens a client for Bitbucket Data Center. Nothing is sent yet. */
export function openServer(
  bitbucket: ServerSettings,
  options: ConnectionOptions,
): BitbucketConnection {
  const { concurrency: first, mostConcurrency: most, enrich } = options.settings.sync;
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
    inspection: inspectServer(http, baseUrl),
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
