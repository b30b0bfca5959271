import type { JsonObject } from '../model/json.js';

/** A blueprint in the shape in which Port takes it. */
export type DefaultBlueprint = JsonObject & {
  readonly identifier: string;
  readonly title: string;
  readonly schema: JsonObject;
};
