/** The places that settings come from, strongest first. */
export const LAYERS = ['flag', 'environment', 'env-file', 'yaml', 'default'] as const;

/** One of the places that settings come from. */
export type LayerName = (typeof LAYERS)[number];

/** Where a value was found. */
export interface Origin {
  readonly layer: LayerName;
  /** As the user wrote it: `--kinds`, `PORT_CLIENT_ID`, `port.clientId`. Empty for a default. */
  readonly spelling: string;
  /** The file's name as the user gave it; null for flags, the environment and defaults. */
  readonly file: string | null;
}

/** The origin of a value that nobody set. */
export const DEFAULT_ORIGIN: Origin = { layer: 'default', spelling: '', file: null };

/** `PORT_CLIENT_ID`, `PORT_CLIENT_ID in .env`, `port.clientId in bitbucket-port.yml`. */
export function spelledOut(origin: Origin): string {
  return origin.file === null ? origin.spelling : `${origin.spelling} in ${origin.file}`;
}

/** Whether `origin` stands above `other` in the order of precedence. */
export function isStronger(origin: Origin, other: Origin): boolean {
  return LAYERS.indexOf(origin.layer) < LAYERS.indexOf(other.layer);
}
