import type { SettingDeclaration } from './declaration.js';

const OCEAN_PREFIX = /^OCEAN__(?=.)/iu;

/** `bitbucketIsVersion8Point7OrOlder` -> `BITBUCKET_IS_VERSION_8_POINT_7_OR_OLDER`. */
export function snakeCase(name: string): string {
  return name
    .replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[a-z])/gu, '_')
    .toUpperCase();
}

/** `port.clientId` -> `OCEAN__PORT__CLIENT_ID`. */
export function oceanVariable(key: string): string {
  return ['OCEAN', ...key.split('.').map(snakeCase)].join('__');
}

/**
 * What two spellings of one key have in common: `port.clientId`, `port.client_id` and
 * `PORT.CLIENT_ID` all give `port.clientid`.
 */
export function comparableKey(segments: readonly string[]): string {
  return segments.map((segment) => segment.replace(/[_-]/gu, '').toLowerCase()).join('.');
}

/** The same for an `OCEAN__` variable; null for any other variable. Upper and lower case are one. */
export function comparableVariable(variable: string): string | null {
  if (!OCEAN_PREFIX.test(variable)) return null;
  return comparableKey(variable.replace(OCEAN_PREFIX, '').split('__'));
}

/** The same for a dotted key of a declaration. */
export function comparable(key: string): string {
  return comparableKey(key.split('.'));
}

/** Every way to set it that is worth telling a user: variables, the `OCEAN__` one, the YAML key. */
export function spellingsOf(declaration: SettingDeclaration<unknown>): readonly string[] {
  const { variables, keys } = declaration;
  const container = keys.find((key) => key.startsWith('integration.config.')) ?? keys[0];
  return [
    ...variables,
    ...(container === undefined ? [] : [oceanVariable(container)]),
    ...keys.slice(0, 1).map((key) => `${key} (YAML)`),
  ];
}
