import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../../model/json.js';

/** Any value: bodies come out of JSON.parse, so there is nothing else to find. */
export const anyJson = z.custom<JsonValue>((value) => value !== undefined);

/** Any object, neither array nor null. */
export const anyObject: z.ZodType<JsonObject> = z.record(z.string(), anyJson);
