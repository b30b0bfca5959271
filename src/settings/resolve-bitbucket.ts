import type { SettingDeclaration } from './declaration.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { serverSettings } from './declarations/bitbucket-server.js';
import { bitbucketSettings } from './declarations/bitbucket.js';
import { syncSettings } from './declarations/sync.js';
import { type Finding, type SettingReader, valueOf } from './reader.js';
import { cloudCredentials, serverCredentials } from './resolve-credentials.js';
import type { IntegrationType, CloudSettings, ServerSettings } from './settings.js';
import { spelledOut } from './spelling.js';

/** The type whose address is set, whether or not it can be used: a base URL means Data Center, a workspace Cloud. */
export function addressedType(reader: SettingReader): IntegrationType | null {
  const hasBaseUrl = reader.whereSet(serverSettings.baseUrl) !== null;
  const hasWorkspace = reader.whereSet(cloudSettings.workspace) !== null;
  if (hasBaseUrl === hasWorkspace) return null;
  return hasBaseUrl ? 'bitbucket-server' : 'bitbucket-cloud';
}

/**
 * Which Bitbucket is read and how; null when that has problems, which are recorded.
 * @param chosen what is set for the type
 * @param platformWorkspace the workspace that Bitbucket Pipelines runs in, which counts last
 */
export function resolveBitbucket(
  reader: SettingReader,
  chosen: Finding<IntegrationType>,
  platformWorkspace: string | null,
): ServerSettings | CloudSettings | null {
  if (chosen.state === 'invalid') return null;
  switch (valueOf(chosen) ?? addressedType(reader)) {
    case 'bitbucket-server':
      return resolveServer(reader);
    case 'bitbucket-cloud':
      return resolveCloud(reader, platformWorkspace);
    case null:
      tellUndecided(reader, platformWorkspace !== null);
      return null;
  }
}

/** Neither address is set, or both are. */
function tellUndecided(reader: SettingReader, isInPipelines: boolean): void {
  const baseUrl = reader.find(serverSettings.baseUrl);
  const workspace = reader.find(cloudSettings.workspace);
  if (baseUrl.state !== 'unset' && workspace.state !== 'unset') {
    reader.problems.push({
      code: 'settings-contradict',
      spellings: [spelledOut(baseUrl.origin), spelledOut(workspace.origin)],
      reason:
        'the first means Bitbucket Data Center, the second Bitbucket Cloud; remove one, or set BITBUCKET_TYPE to bitbucket-server or bitbucket-cloud',
    });
    return;
  }
  const setting = 'which Bitbucket to read';
  const dataCenter = 'BITBUCKET_BASE_URL with BITBUCKET_TOKEN for Data Center';
  if (isInPipelines) {
    reader.missing(
      setting,
      ['BITBUCKET_TYPE=bitbucket-cloud', dataCenter],
      'Bitbucket Pipelines itself sets BITBUCKET_WORKSPACE, so that it does not choose Bitbucket Cloud',
    );
    return;
  }
  const because = reader.whyUnset([serverSettings.baseUrl, cloudSettings.workspace]);
  const cloud = 'BITBUCKET_WORKSPACE with BITBUCKET_WORKSPACE_TOKEN for Bitbucket Cloud';
  reader.missing(setting, [cloud, dataCenter], because);
}

/** Settings of Bitbucket Data Center; null when they have problems, which are recorded. */
function resolveServer(reader: SettingReader): ServerSettings | null {
  const baseUrl = reader.required(serverSettings.baseUrl);
  const credentials = serverCredentials(reader);
  const rateLimit = resolveRateLimit(reader);
  const projects = reader.read(serverSettings.projects);
  const pullRequestState = reader.read(serverSettings.pullRequestState);
  const { maxRequests, requestReserve } = cloudSettings;
  tellIgnored(
    reader,
    [maxRequests, requestReserve, syncSettings.maxStale],
    'Bitbucket Data Center',
  );
  if (baseUrl === null || credentials === null) return null;
  return { type: 'server', baseUrl, credentials, rateLimit, projects, pullRequestState };
}

/** Settings of Bitbucket Cloud; null when they have problems, which are recorded. */
function resolveCloud(
  reader: SettingReader,
  platformWorkspace: string | null,
): CloudSettings | null {
  const found = reader.find(cloudSettings.workspace);
  const workspace =
    found.state === 'unset' && platformWorkspace !== null
      ? platformWorkspace
      : reader.demand(cloudSettings.workspace, found);
  const hostUrl = reader.read(cloudSettings.hostUrl);
  const credentials = cloudCredentials(reader);
  const rateLimit = resolveRateLimit(reader);
  // What narrows a run over Data Center has no counterpart here.
  const { projects, pullRequestState } = serverSettings;
  tellIgnored(reader, [projects, pullRequestState], 'Bitbucket Cloud');
  if (workspace === null || credentials === null) return null;
  return { type: 'cloud', workspace, hostUrl, credentials, rateLimit };
}

/** Says which of these are set, though the Bitbucket that is read has no use for them. */
function tellIgnored(
  reader: SettingReader,
  settings: readonly SettingDeclaration<unknown>[],
  bitbucket: 'Bitbucket Cloud' | 'Bitbucket Data Center',
): void {
  for (const setting of settings) {
    const origin = reader.whereSet(setting);
    if (origin === null) continue;
    reader.warnings.push({ code: 'setting-ignored', spelling: spelledOut(origin), bitbucket });
  }
}

/** The limit that the user sets for either Bitbucket; null leaves it to Bitbucket's own. */
function resolveRateLimit(reader: SettingReader): ServerSettings['rateLimit'] {
  const requests = reader.read(bitbucketSettings.rateLimitQuota);
  const windowMilliseconds = reader.read(bitbucketSettings.rateLimitWindow);
  return requests === null ? null : { requests, windowMilliseconds };
}
