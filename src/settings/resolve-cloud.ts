import type { Problem } from '../problems/problem.js';
import { bitbucketSettings } from './declarations/bitbucket.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { serverSettings } from './declarations/bitbucket-server.js';
import { spelledOut, type Origin } from './origin.js';
import type { Finding, SettingReader } from './reader.js';
import {
  halvesSet,
  missCredentials,
  resolvePair,
  type CredentialPair,
} from './resolve-credentials.js';
import type { CloudCredentials, CloudSettings } from './settings.js';

/**
 * Settings of Bitbucket Cloud; null when they have problems, which are recorded.
 * @param platformWorkspace the workspace that Bitbucket Pipelines runs in, which counts last
 * @param warnings takes what the run's list of problems must show
 */
export function resolveCloud(
  reader: SettingReader,
  found: Finding<string>,
  platformWorkspace: string | null,
  warnings: Problem[],
): CloudSettings | null {
  const workspace =
    found.state === 'unset' && platformWorkspace !== null
      ? platformWorkspace
      : reader.demand(cloudSettings.workspace, found);
  const hostUrl = reader.read(cloudSettings.hostUrl);
  const credentials = resolveCredentials(reader, warnings);
  const requests = reader.read(serverSettings.rateLimitQuota);
  const windowMilliseconds = reader.read(serverSettings.rateLimitWindow);
  tellServerSelectors(reader);
  if (workspace === null || credentials === null) return null;
  const rateLimit = requests === null ? null : { requests, windowMilliseconds };
  return { type: 'cloud', workspace, hostUrl, credentials, rateLimit };
}

/** A user name with what proves it, in the order in which they are preferred. */
const PAIRS = [
  {
    kind: 'API token',
    username: cloudSettings.userEmail,
    password: cloudSettings.userScopedToken,
  },
  {
    kind: 'app password',
    username: bitbucketSettings.username,
    password: cloudSettings.appPassword,
  },
] as const;

/** The first that is whole: workspace token, API token, app password. */
function resolveCredentials(reader: SettingReader, warnings: Problem[]): CloudCredentials | null {
  const tokens = reader.find(cloudSettings.workspaceToken);
  if (tokens.state === 'invalid') return null;
  if (tokens.state === 'set') {
    tellUnused(reader, tokens.origin, PAIRS);
    return { scheme: 'bearer', tokens: tokens.value };
  }
  const begun = PAIRS.map((pair) => ({ pair, halves: halvesSet(reader, pair) })).filter(
    ({ halves }) => halves > 0,
  );
  const chosen = begun.find(({ halves }) => halves === 2) ?? begun[0];
  if (chosen === undefined) {
    missCredentials(reader, 'Bitbucket Cloud', cloudSettings.workspaceToken, PAIRS);
    return null;
  }
  return resolveChosen(reader, chosen.pair, warnings);
}

function resolveChosen(
  reader: SettingReader,
  pair: (typeof PAIRS)[number],
  warnings: Problem[],
): CloudCredentials | null {
  const { kind } = pair;
  const used = reader.whereSet(pair.password);
  const credentials = resolvePair(reader, pair);
  if (credentials === null || used === null) return null;
  if (kind === 'app password') {
    warnings.push({ code: 'app-password-removed', spelling: spelledOut(used) });
  }
  tellUnused(reader, used, PAIRS.slice(PAIRS.indexOf(pair) + 1));
  return { ...credentials, kind };
}

/** Who sets several credentials learns which of them counts. */
function tellUnused(reader: SettingReader, used: Origin, others: readonly CredentialPair[]): void {
  for (const pair of others) {
    const unused = reader.whereSet(pair.password);
    if (unused === null || halvesSet(reader, pair) < 2) continue;
    reader.notices.push(
      `${spelledOut(used)} and ${spelledOut(unused)} are both set: the first is used`,
    );
  }
}

/** What narrows a run over Data Center has no counterpart here. */
function tellServerSelectors(reader: SettingReader): void {
  for (const selector of [serverSettings.projects, serverSettings.pullRequestState]) {
    const origin = reader.whereSet(selector);
    if (origin !== null) {
      reader.notices.push(`${spelledOut(origin)} means nothing for Bitbucket Cloud and is ignored`);
    }
  }
}
