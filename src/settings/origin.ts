import type { FilePlace } from '../problems/places.js';

/** The places that settings come from, strongest first. */
export const LAYERS = ['flag', 'environment', 'env-file', 'yaml', 'default'] as const;

/** One of the places that settings come from. */
export type LayerName = (typeof LAYERS)[number];

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
export function placedAt({ file, at }: Origin): { readonly at?: FilePlace } {
  return file === null || at === undefined ? {} : { at: { file, ...at } };
}

/** Whether `origin` stands above `other` in the order of precedence. */
export function isStronger(origin: Origin, other: Origin): boolean {
  return LAYERS.indexOf(origin.layer) < LAYERS.indexOf(other.layer);
}
