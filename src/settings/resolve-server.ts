import { bitbucketSettings } from './declarations/bitbucket.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { serverSettings } from './declarations/bitbucket-server.js';
import { spelledOut } from './origin.js';
import type { Finding, SettingReader } from './reader.js';
import { halvesSet, missCredentials, resolvePair } from './resolve-credentials.js';
import { resolveRateLimit } from './resolve-rate-limit.js';
import type { ServerSettings } from './settings.js';
import { tellIgnored } from './tell-ignored.js';

/** Settings of Bitbucket Data Center; null when they have problems, which are recorded. */
export function resolveServer(
  reader: SettingReader,
  address: Finding<string>,
): ServerSettings | null {
  const baseUrl = reader.demand(serverSettings.baseUrl, address);
  const credentials = resolveCredentials(reader);
  const rateLimit = resolveRateLimit(reader);
  const projects = reader.read(serverSettings.projects);
  const pullRequestState = reader.read(serverSettings.pullRequestState);
  tellIgnored(
    reader,
    [cloudSettings.maxRequests, cloudSettings.requestReserve],
    'Bitbucket Data Center',
  );
  if (baseUrl === null || credentials === null) return null;
  return {
    type: 'server',
    baseUrl,
    credentials,
    rateLimit,
    projects,
    pullRequestState,
  };
}

const user = { username: bitbucketSettings.username, password: serverSettings.password };

function resolveCredentials(reader: SettingReader): ServerSettings['credentials'] | null {
  const token = reader.find(serverSettings.token);
  if (token.state === 'invalid') return null;
  if (token.state === 'set') {
    const unused = reader.whereSet(user.password);
    if (unused !== null) {
      reader.notices.push(
        `${spelledOut(token.origin)} and ${spelledOut(unused)} are both set: the token is used`,
      );
    }
    return { scheme: 'bearer', token: token.value };
  }
  if (halvesSet(reader, user) > 0) return resolvePair(reader, user);
  missCredentials(reader, 'Bitbucket Data Center', serverSettings.token, [user]);
  return null;
}
