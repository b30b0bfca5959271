import type { Problem } from '../problems/problem.js';
import { bitbucketSettings } from './declarations/bitbucket.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { serverSettings } from './declarations/bitbucket-server.js';
import { spelledOut, spellingsOf } from './spelling.js';
import type { Finding, SettingReader } from './reader.js';
import { resolveCloud } from './resolve-cloud.js';
import type { CloudSettings, ServerSettings } from './settings.js';
import {
  halvesSet,
  missCredentials,
  resolvePair,
  resolveRateLimit,
  tellIgnored,
} from './resolve-credentials.js';

/** Which Bitbucket is read and how; null when that has problems, which are recorded. */
export function resolveBitbucket(
  reader: SettingReader,
  platformWorkspace: string | null,
  warnings: Problem[],
): ServerSettings | CloudSettings | null {
  const type = reader.find(bitbucketSettings.type);
  if (type.state === 'invalid') return null;
  if (type.state === 'unset') return inferred(reader, platformWorkspace, warnings);
  return type.value === 'bitbucket-server'
    ? resolveServer(reader, reader.find(serverSettings.baseUrl))
    : resolveCloud(reader, reader.find(cloudSettings.workspace), platformWorkspace, warnings);
}

/** A base URL means Data Center, a workspace means Cloud. */
function inferred(
  reader: SettingReader,
  platformWorkspace: string | null,
  warnings: Problem[],
): ServerSettings | CloudSettings | null {
  const baseUrl = reader.find(serverSettings.baseUrl);
  const workspace = reader.find(cloudSettings.workspace);
  if (baseUrl.state !== 'unset' && workspace.state !== 'unset') {
    reader.problems.push({
      code: 'settings-contradict',
      spellings: [spelledOut(baseUrl.origin), spelledOut(workspace.origin)],
      reason:
        'the first means Bitbucket Data Center, the second Bitbucket Cloud; remove one, or set BITBUCKET_TYPE to bitbucket-server or bitbucket-cloud',
    });
    return null;
  }
  if (baseUrl.state !== 'unset') return resolveServer(reader, baseUrl);
  if (workspace.state !== 'unset')
    return resolveCloud(reader, workspace, platformWorkspace, warnings);
  tellMissing(reader, platformWorkspace !== null);
  return null;
}

function tellMissing(reader: SettingReader, isInPipelines: boolean): void {
  const addresses = spellingsOf(serverSettings.baseUrl);
  const workspaces = spellingsOf(cloudSettings.workspace);
  const setting = 'the address of Bitbucket Data Center (or the workspace of Bitbucket Cloud)';
  if (isInPipelines) {
    reader.missing(
      setting,
      [...addresses, 'BITBUCKET_TYPE=bitbucket-cloud'],
      'Bitbucket Pipelines itself sets BITBUCKET_WORKSPACE, so that it does not choose Bitbucket Cloud',
    );
    return;
  }
  const because = reader.whyUnset([serverSettings.baseUrl, cloudSettings.workspace]);
  reader.missing(setting, [...addresses, ...workspaces], because);
}

/** Settings of Bitbucket Data Center; null when they have problems, which are recorded. */
function resolveServer(reader: SettingReader, address: Finding<string>): ServerSettings | null {
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
