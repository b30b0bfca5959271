import type { FileLocation } from '../problems/file-location.js';
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

/** Of the keys that a run asks for: a few hundred, each again and again. */
const comparables = new Map<string, string>();

/** The same for a dotted key of a declaration. */
export function comparable(key: string): string {
  const known = comparables.get(key);
  if (known !== undefined) return known;
  const form = comparableKey(key.split('.'));
  comparables.set(key, form);
  return form;
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

/** The places that settings come from, strongest first. */
const LAYERS = ['flag', 'environment', 'env-file', 'yaml', 'default'] as const;

/** One of the places that settings come from. */
type LayerName = (typeof LAYERS)[number];

/** A place in a text. Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a member stands in a text, or its key; null where that cannot be told. */
export type Locate = (path: readonly string[], points: 'key' | 'value') => Position | null;

/** A settings file that was read and parsed. */
export interface SettingsFile<Content> {
  /** As the user named it. */
  readonly file: string;
  readonly content: Content;
  /** Absent: what it holds is not known as text. */
  readonly text?: string;
  readonly locate?: Locate;
}

/** Where a value was found. */
export interface Origin {
  readonly layer: LayerName;
  /** As the user wrote it: `--kinds`, `PORT_CLIENT_ID`, `port.clientId`. Empty for a default. */
  readonly spelling: string;
  /** The file's name as the user gave it; null for flags, the environment and defaults. */
  readonly file: string | null;
  /** Where it stands in the file; absent where that is not known. */
  readonly at?: Position;
}

/** The origin of a value that nobody set. */
export const DEFAULT_ORIGIN: Origin = { layer: 'default', spelling: '', file: null };

/** `PORT_CLIENT_ID`, `PORT_CLIENT_ID in .env`, `port.clientId in bitbucket-port.yml`. */
export function spelledOut(origin: Origin): string {
  return origin.file === null ? origin.spelling : `${origin.spelling} in ${origin.file}`;
}

/** Where the value stands, for a problem with it. */
export function locatedAt({ file, at }: Origin): { readonly at?: FileLocation } {
  return file === null || at === undefined ? {} : { at: { file, ...at } };
}

/** Whether `origin` stands above `other` in the order of precedence. */
export function isStronger(origin: Origin, other: Origin): boolean {
  return LAYERS.indexOf(origin.layer) < LAYERS.indexOf(other.layer);
}
