import { z } from 'zod';
import type { JsonObject, JsonValue } from '../model/json.js';

/**
 * Any value. An answer came through JSON.parse, so whatever it holds is JSON: walking through it
 * once more would only cost time, on a thousand entities a page.
 */
export const jsonValue = z.custom<JsonValue>((value) => value !== undefined);

/** An object, its members unchecked for the same reason. */
export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
