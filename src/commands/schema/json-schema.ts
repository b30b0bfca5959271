import { z } from 'zod';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../model/json.js';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = JsonObject;

/** Draft 2020-12. */
export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * What may be written where a zod schema reads.
 * @param io `output` for what we write ourselves
 */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema {
  // Through its text, as zod's own value is no plain JSON.
  const text = JSON.stringify(z.toJSONSchema(schema, { io }));
  return withoutDialect(z.record(z.string(), z.json()).parse(JSON.parse(text)));
}

/** The schema as part of another one. */
export function withoutDialect(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}

/** A copy in which every object has gone through `change`, the inner ones first. */
export function mapSchema(value: JsonValue, change: (schema: JsonSchema) => JsonSchema): JsonValue {
  if (isJsonArray(value)) return value.map((member) => mapSchema(member, change));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(
    ([key, member]) => [key, mapSchema(member, change)] as const,
  );
  return change(Object.fromEntries(members));
}
