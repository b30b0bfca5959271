import type { SettingDeclaration } from './declaration.js';
import type { SettingReader } from './reader.js';
import type { BasicCredentials, RateLimit } from './settings.js';
import { spelledOut, spellingsOf } from './spelling.js';
import { bitbucketSettings } from './declarations/bitbucket.js';

/** A user name setting and the setting of what proves it. */
export interface CredentialPair {
  readonly username: SettingDeclaration<string | null>;
  readonly password: SettingDeclaration<string | null>;
}

/** Both halves of a pair; null when one has a problem, which is recorded. */
export function resolvePair(reader: SettingReader, pair: CredentialPair): BasicCredentials | null {
  const username = reader.required(pair.username);
  const password = reader.required(pair.password);
  return username === null || password === null ? null : { scheme: 'basic', username, password };
}

/** How many halves of the pair are set. */
export function halvesSet(reader: SettingReader, pair: CredentialPair): number {
  return [pair.username, pair.password].filter((half) => reader.whereSet(half) !== null).length;
}

/** Records that no credential is set at all, naming each that may be, a token first, by its short variables. */
export function missCredentials(
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

/** Says which of these are set, though the Bitbucket that is read has no use for them. */
export function tellIgnored(
  reader: SettingReader,
  settings: readonly SettingDeclaration<unknown>[],
  bitbucket: 'Bitbucket Cloud' | 'Bitbucket Data Center',
): void {
  for (const setting of settings) {
    const origin = reader.whereSet(setting);
    if (origin === null) continue;
    reader.notices.push(`${spelledOut(origin)} means nothing for ${bitbucket} and is ignored`);
  }
}

/** The limit that the user sets for either Bitbucket; null leaves it to Bitbucket's own. */
export function resolveRateLimit(reader: SettingReader): RateLimit | null {
  const requests = reader.read(bitbucketSettings.rateLimitQuota);
  const windowMilliseconds = reader.read(bitbucketSettings.rateLimitWindow);
  return requests === null ? null : { requests, windowMilliseconds };
}
