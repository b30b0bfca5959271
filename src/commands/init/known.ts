import { portAddress } from '../../settings/address.js';
import type { SettingDeclaration } from '../../settings/declaration.js';
import { cloudSettings } from '../../settings/declarations/bitbucket-cloud.js';
import { serverSettings } from '../../settings/declarations/bitbucket-server.js';
import { bitbucketSettings } from '../../settings/declarations/bitbucket.js';
import { portSettings, REGION_ADDRESSES } from '../../settings/declarations/port.js';
import { allSettings } from '../../settings/declarations/index.js';
import type { SettingsReading } from '../../settings/read-settings.js';
import type { IntegrationType } from '../../settings/settings.js';

/** What was set already, by the setting's name; of a secret, only that it is. */
export type Known = ReadonlyMap<string, string>;

/** What variables and files set. */
export function knownIn({ shown }: Pick<SettingsReading, 'shown'>): Known {
  return new Map(
    shown.flatMap(({ name, value, origin }) =>
      value === null || origin.layer === 'default' ? [] : [[name, value] as const],
    ),
  );
}

/** The address of Port's API that is set, by itself or by its region; null: the usual one. */
export function portKnown(known: Known): string | null {
  const address = portAddress.safeParse(known.get(portSettings.baseUrl.name)).data;
  const region = portSettings.region.schema.safeParse(known.get(portSettings.region.name)).data;
  return address ?? (region === undefined || region === null ? null : REGION_ADDRESSES[region]);
}

/** A variable that a run needs, with what it holds. */
export interface Needed {
  readonly name: string;
  readonly note: string;
}

/** None where all of them are set here; else all, as the one place to look them up. */
export function notSet(needed: readonly Needed[], known: Known): readonly Needed[] {
  const names = allSettings.filter(({ name }) => known.has(name)).flatMap((one) => one.variables);
  return needed.every(({ name }) => names.includes(name)) ? [] : needed;
}

/** The token that a run is usually given, and the user it may be given instead. */
interface Credentials {
  readonly token: SettingDeclaration<unknown>;
  readonly user: readonly {
    readonly setting: SettingDeclaration<unknown>;
    readonly note: string;
  }[];
}

const CREDENTIALS: Readonly<Record<IntegrationType, Credentials>> = {
  'bitbucket-cloud': {
    token: cloudSettings.workspaceToken,
    user: [
      { setting: cloudSettings.userEmail, note: "the e-mail address of the token's account" },
      { setting: cloudSettings.userScopedToken, note: 'an API token that may read the workspace' },
    ],
  },
  'bitbucket-server': {
    token: serverSettings.token,
    user: [
      {
        setting: bitbucketSettings.username,
        note: 'a user who may read what is to be loaded',
      },
      { setting: serverSettings.password, note: "that user's password" },
    ],
  },
};

/** What stands in the place of a token where a user is set and no token is. */
export interface UserInstead {
  /** The variable of the token: `BITBUCKET_TOKEN`. */
  readonly token: string;
  readonly user: readonly Needed[];
}

/** The user that is set instead of a token; null: a token, or nothing. */
export function userInstead(type: IntegrationType, known: Known): UserInstead | null {
  const { token, user } = CREDENTIALS[type];
  if (known.has(token.name) || !user.some(({ setting }) => known.has(setting.name))) return null;
  return {
    token: token.variables[0] ?? token.name,
    user: user.map(({ setting, note }) => ({ name: setting.variables[0] ?? setting.name, note })),
  };
}
