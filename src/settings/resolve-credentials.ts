import type { SettingDeclaration } from './declaration.js';
import { cloudSettings } from './declarations/bitbucket-cloud.js';
import { serverSettings } from './declarations/bitbucket-server.js';
import { bitbucketSettings } from './declarations/bitbucket.js';
import type { Finding, SettingReader } from './reader.js';
import type { BasicCredentials, CloudCredentials, ServerSettings } from './settings.js';
import { type Origin, spelledOut, spellingsOf } from './spelling.js';

/** A user name setting and the setting of what proves it. */
interface CredentialPair {
  readonly username: SettingDeclaration<string | null>;
  readonly password: SettingDeclaration<string | null>;
}

const serverUser = { username: bitbucketSettings.username, password: serverSettings.password };

/** Of Bitbucket Data Center: a token, else a user name and password; null with problems, which are recorded. */
export function serverCredentials(reader: SettingReader): ServerSettings['credentials'] | null {
  const token = reader.find(serverSettings.token);
  if (token.state === 'invalid') return null;
  if (token.state === 'set') {
    const unused = reader.whereSet(serverUser.password);
    if (unused !== null) {
      reader.notices.push(
        `${spelledOut(token.origin)} and ${spelledOut(unused)} are both set: the token is used`,
      );
    }
    return { scheme: 'bearer', token: token.value };
  }
  if (halvesSet(reader, serverUser) > 0) return resolvePair(reader, serverUser);
  missCredentials(reader, 'Bitbucket Data Center', serverSettings.token, [serverUser]);
  return null;
}

/** A user name with what proves it, in the order in which they are preferred. */
const CLOUD_USERS = [
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

/**
 * Of Bitbucket Cloud, the first that is whole: workspace token, API token, app password; null with
 * problems, which are recorded.
 */
export function cloudCredentials(reader: SettingReader): CloudCredentials | null {
  const tokens = reader.find(cloudSettings.workspaceToken);
  if (tokens.state === 'invalid') return null;
  if (tokens.state === 'set') {
    tellUnused(reader, tokens.origin, CLOUD_USERS);
    return { scheme: 'bearer', tokens: eachOnce(reader, tokens) };
  }
  const begun = CLOUD_USERS.filter((user) => halvesSet(reader, user) > 0);
  const chosen = begun.find((user) => halvesSet(reader, user) === 2) ?? begun[0];
  if (chosen === undefined) {
    missCredentials(reader, 'Bitbucket Cloud', cloudSettings.workspaceToken, CLOUD_USERS);
    return null;
  }
  for (const user of begun.slice(0, begun.indexOf(chosen))) tellHalf(reader, user);
  return cloudUser(reader, chosen);
}

function cloudUser(
  reader: SettingReader,
  user: (typeof CLOUD_USERS)[number],
): CloudCredentials | null {
  const { kind } = user;
  const used = reader.whereSet(user.password);
  const credentials = resolvePair(reader, user);
  if (credentials === null || used === null) return null;
  if (kind === 'app password') {
    reader.warnings.push({ code: 'app-password-removed', spelling: spelledOut(used) });
  }
  tellUnused(reader, used, CLOUD_USERS.slice(CLOUD_USERS.indexOf(user) + 1));
  return { ...credentials, kind };
}

/** A pair that would be preferred if it were whole. */
function tellHalf(reader: SettingReader, { username, password }: CredentialPair): void {
  const [half, other] =
    reader.whereSet(username) === null ? [password, username] : [username, password];
  const origin = reader.whereSet(half);
  if (origin === null) return;
  const missing = reader.whyUnset([other]) ?? `${shortName(other)} is not set`;
  reader.notices.push(`${spelledOut(origin)} is not used: ${missing}`);
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

/** Both halves of a pair; null when one has a problem, which is recorded. */
function resolvePair(reader: SettingReader, pair: CredentialPair): BasicCredentials | null {
  const username = reader.required(pair.username);
  const password = reader.required(pair.password);
  return username === null || password === null ? null : { scheme: 'basic', username, password };
}

/** How many halves of the pair are set. */
function halvesSet(reader: SettingReader, pair: CredentialPair): number {
  return [pair.username, pair.password].filter((half) => reader.whereSet(half) !== null).length;
}

/** Records that no credential is set at all, naming each that may be, a token first, by its short variables. */
function missCredentials(
  reader: SettingReader,
  subject: string,
  bearer: SettingDeclaration<unknown>,
  pairs: readonly CredentialPair[],
): void {
  const halves = pairs.flatMap(({ username, password }) => [username, password]);
  reader.missing(
    `a credential for ${subject}`,
    [
      shortName(bearer),
      ...pairs.map((pair) => `${shortName(pair.username)} with ${shortName(pair.password)}`),
    ],
    reader.whyUnset([...halves, bearer]),
  );
}

const shortName = (declaration: SettingDeclaration<unknown>): string =>
  spellingsOf(declaration)[0] ?? declaration.name;
