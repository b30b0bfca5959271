import type { Problem } from '../problems/problem.js';
import { bitbucketSettings } from './declarations/bitbucket.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { serverSettings } from './declarations/bitbucket-server.js';
import { type Origin, spelledOut, spellingsOf } from './spelling.js';
import type { Finding, SettingReader } from './reader.js';
import {
  type CredentialPair,
  halvesSet,
  missCredentials,
  resolvePair,
  resolveRateLimit,
  tellIgnored,
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
  const rateLimit = resolveRateLimit(reader);
  // What narrows a run over Data Center has no counterpart here.
  tellIgnored(
    reader,
    [serverSettings.projects, serverSettings.pullRequestState],
    'Bitbucket Cloud',
  );
  if (workspace === null || credentials === null) return null;
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
    return { scheme: 'bearer', tokens: eachOnce(reader, tokens) };
  }
  const begun = PAIRS.map((pair) => ({ pair, halves: halvesSet(reader, pair) })).filter(
    ({ halves }) => halves > 0,
  );
  const chosen = begun.find(({ halves }) => halves === 2) ?? begun[0];
  if (chosen === undefined) {
    missCredentials(reader, 'Bitbucket Cloud', cloudSettings.workspaceToken, PAIRS);
    return null;
  }
  for (const { pair } of begun.slice(0, begun.indexOf(chosen))) tellHalf(reader, pair);
  return resolveChosen(reader, chosen.pair, warnings);
}

/** A pair that would be preferred if it were whole. */
function tellHalf(reader: SettingReader, { username, password }: CredentialPair): void {
  const [half, other] =
    reader.whereSet(username) === null ? [password, username] : [username, password];
  const origin = reader.whereSet(half);
  if (origin === null) return;
  const missing = reader.whyUnset([other]) ?? `${spellingsOf(other)[0] ?? other.name} is not set`;
  reader.notices.push(`${spelledOut(origin)} is not used: ${missing}`);
}

/** One that is listed twice has one limit all the same. */
function eachOnce(
  reader: SettingReader,
  { value, origin }: Extract<Finding<readonly string[]>, { state: 'set' }>,
): readonly string[] {
  const tokens = [...new Set(value)];
  if (tokens.length < value.length) {
    reader.notices.push(`${spelledOut(origin)} holds the same token more than once`);
  }
  return tokens;
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
