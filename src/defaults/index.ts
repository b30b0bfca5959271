import type { JsonObject } from '../model/json.js';
import type { DefaultBlueprint } from '../model/blueprint.js';
import { cloudBlueprints } from './cloud/blueprints.js';
import { cloudMapping } from './cloud/default-mapping.js';
import { serverBlueprints } from './server/blueprints.js';
import { serverMapping } from './server/default-mapping.js';

/** What an integration starts with. */
export interface Defaults {
  /** In the shape in which Port keeps it; to be parsed like any other. */
  readonly mapping: JsonObject;
  /** Those that the mapping fills, in the order in which they can be created. */
  readonly blueprints: readonly DefaultBlueprint[];
}

/** The built-in mapping and blueprints, by the type of the source. */
export const DEFAULTS = {
  'bitbucket-cloud': { mapping: cloudMapping, blueprints: cloudBlueprints },
  'bitbucket-server': { mapping: serverMapping, blueprints: serverBlueprints },
} as const satisfies Readonly<Record<string, Defaults>>;
