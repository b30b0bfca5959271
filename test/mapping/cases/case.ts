import type { MappedItem } from '../../../src/mapping/mapper.js';
import type { JsonObject } from '../../../src/model/json.js';
import type { ResourceSketch } from '../world.js';

/** What a mapping makes of an item. */
export interface MappingCase {
  readonly name: string;
  readonly resource: ResourceSketch;
  readonly value: JsonObject;
  /** Defaults to `mapped`. */
  readonly status?: MappedItem['status'];
  /** Entities; members of `repository` that are not said are those of an entity of slug `api`. */
  readonly entities: readonly JsonObject[];
  /** Problems, without where they happened. */
  readonly problems?: readonly JsonObject[];
}

/** The raw item that most cases start from. */
export const api = { slug: 'api' } as const;

/** The problem of a field whose expression ended in an error. */
export function fieldFailed(field: string, expression: string, message: string): JsonObject {
  return { code: 'field-failed', field, expression, message };
}
