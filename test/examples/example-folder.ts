import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import type { JsonObject } from '../../src/model/json.js';

const root = fileURLToPath(new URL('../../examples', import.meta.url));

const object = z.record(z.string(), z.json());
const blueprintSchema = z.object({
  identifier: z.string(),
  schema: z.object({ properties: object }),
  relations: z.record(z.string(), z.object({ target: z.string() })),
});
const entityMapping = z.object({
  blueprint: z.string(),
  properties: z.record(z.string(), z.unknown()).default({}),
  relations: z.record(z.string(), z.unknown()).default({}),
});
const mappingSchema = z.object({
  resources: z.array(
    z.object({
      selector: z.looseObject({ blueprints: z.array(z.string()).optional() }),
      port: z.object({ entity: z.object({ mappings: entityMapping }) }),
    }),
  ),
});
const configSchema = z.looseObject({
  integration: z.object({
    type: z.enum(['bitbucket-cloud', 'bitbucket-server']),
    identifier: z.string(),
  }),
  mapping: z.literal('mapping.yml'),
});

/** A blueprint of an example. */
export interface ExampleBlueprint {
  readonly identifier: string;
  readonly properties: readonly string[];
  readonly relations: readonly { readonly field: string; readonly target: string }[];
  /** All of it, as the file holds it. */
  readonly body: JsonObject;
}

/** A raw item to preview. */
export interface Sample {
  readonly kind: string;
  readonly file: string;
}

/** An example as it stands in its folder. */
export interface ExampleFolder {
  readonly name: string;
  readonly configFile: string;
  readonly config: z.output<typeof configSchema>;
  readonly mapping: JsonObject;
  readonly mapped: readonly MappedField[];
  /** In the order in which they can be created. */
  readonly blueprints: readonly ExampleBlueprint[];
  readonly readme: string;
  readonly samples: readonly Sample[];
}

/** A field that a mapping fills. */
export interface MappedField {
  readonly blueprint: string;
  readonly part: 'properties' | 'relations';
  readonly field: string;
}

/** The page about all examples. */
export const overview = readFileSync(path.join(root, 'README.md'), 'utf8');

/** The repository's root, which command lines of READMEs are run in. */
export const repositoryRoot = path.dirname(root);

/** Every folder of `examples/`. */
export const exampleFolders: readonly ExampleFolder[] = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => exampleFolder(name))
  .sort((one, other) => one.name.localeCompare(other.name));

function exampleFolder(name: string): ExampleFolder {
  const text = (...parts: readonly string[]): string =>
    readFileSync(path.join(root, name, ...parts), 'utf8');
  const filesIn = (folder: string): readonly string[] =>
    readdirSync(path.join(root, name), { withFileTypes: true }).some(
      (entry) => entry.isDirectory() && entry.name === folder,
    )
      ? readdirSync(path.join(root, name, folder)).sort()
      : [];
  const mapping = object.parse(parse(text('mapping.yml')));
  return {
    name,
    configFile: path.join(root, name, 'bitbucket-port.yml'),
    config: configSchema.parse(parse(text('bitbucket-port.yml'))),
    mapping,
    mapped: mappedFields(mapping),
    blueprints: filesIn('blueprints').map((file) =>
      blueprintOf(object.parse(JSON.parse(text('blueprints', file)))),
    ),
    readme: text('README.md'),
    samples: filesIn('samples').map((file) => ({
      kind: path.basename(file, '.json'),
      file: path.join(root, name, 'samples', file),
    })),
  };
}

function mappedFields(mapping: JsonObject): readonly MappedField[] {
  return mappingSchema.parse(mapping).resources.flatMap(({ selector, port }) => {
    const { blueprint, properties, relations } = port.entity.mappings;
    const fed = selector.blueprints ?? [blueprint.replaceAll('"', '')];
    const fields = [
      ...Object.keys(properties).map((field) => ({ part: 'properties' as const, field })),
      ...Object.keys(relations).map((field) => ({ part: 'relations' as const, field })),
    ];
    return fed.flatMap((identifier) =>
      fields.map((member) => ({ blueprint: identifier, ...member })),
    );
  });
}

function blueprintOf(body: JsonObject): ExampleBlueprint {
  const { identifier, schema, relations } = blueprintSchema.parse(body);
  return {
    identifier,
    properties: Object.keys(schema.properties),
    relations: Object.entries(relations).map(([field, { target }]) => ({ field, target })),
    body,
  };
}
