import { reportSchema } from '../../report/report-document.js';
import type { Runtime } from '../../runtime.js';
import type { JsonObject } from '../../model/json.js';
import { configSchema } from './config-schema.js';
import { DIALECT, jsonSchemaOf, type JsonSchema } from './json-schema.js';
import { mappingSchema } from './mapping-schema.js';

/** Everything that there is a schema of. */
export const schemas = {
  config: configSchema,
  mapping: mappingSchema,
  report: (): JsonSchema => ({
    $schema: DIALECT,
    title: 'Report of bitbucket-port',
    ...jsonSchemaOf(reportSchema, 'output'),
  }),
} as const satisfies Record<string, () => JsonSchema>;

/** A schema as the text of a file. */
export function schemaText(schema: JsonObject): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** `schema config`, `schema mapping` and `schema report`: a JSON Schema on stdout. */
export function schemaCommand(
  name: keyof typeof schemas,
): (runtime: Pick<Runtime, 'stdout'>) => Promise<number> {
  return ({ stdout }) => {
    stdout.write(schemaText(schemas[name]()));
    return Promise.resolve(0);
  };
}
