import { MAPPING_DESCRIPTIONS } from '../../mapping/descriptions.js';
import { mappingSchema as written } from '../../mapping/mapping-schema.js';
import { isJsonArray, isJsonObject, type JsonValue } from '../../model/json.js';
import { cloudKinds } from '../../source/cloud/kinds/index.js';
import { serverKinds } from '../../source/server/kinds/index.js';
import { DIALECT, type JsonSchema, jsonSchemaOf, mapSchema } from './json-schema.js';

const kinds = [...serverKinds, ...cloudKinds];
const names = [...new Set(kinds.map(({ name }) => name))];

/**
 * JSON Schema of a mapping, for either Bitbucket: a kind that both have takes the selector keys of
 * either.
 */
export function mappingSchema(): JsonSchema {
  const described = mapSchema(jsonSchemaOf(written), (schema) =>
    withDescriptions(withKinds(schema)),
  );
  if (!isJsonObject(described)) throw new Error('a schema that is no object');
  return { $schema: DIALECT, title: 'Mapping of bitbucket-port', ...described };
}

/** A resource is recognised by its kind and its selector. */
function withKinds(schema: JsonSchema): JsonSchema {
  const { properties } = schema;
  if (!isJsonObject(properties) || !('kind' in properties) || !('selector' in properties)) {
    return schema;
  }
  const query = queryOf(properties.selector);
  return {
    ...schema,
    properties: { ...properties, kind: { type: 'string', enum: names }, selector: {} },
    allOf: names.map((name) => ({
      if: { properties: { kind: { const: name } }, required: ['kind'] },
      then: thenOf(name, query),
    })),
  };
}

/** The schema of `query`, which all selectors share. */
function queryOf(selector: JsonValue | undefined): JsonSchema {
  const schema = isJsonObject(selector) ? selector : {};
  const alternatives = isJsonArray(schema.anyOf) ? schema.anyOf : [schema];
  const queries = alternatives.map((alternative) =>
    isJsonObject(alternative) && isJsonObject(alternative.properties)
      ? alternative.properties.query
      : undefined,
  );
  return queries.find(isJsonObject) ?? {};
}

/** What follows from a kind. Some have nothing to read unless their selector tells it. */
function thenOf(name: string, query: JsonSchema): JsonSchema {
  const { selector, isNeeded } = selectorOf(name, query);
  const properties = withDescriptions({ properties: { selector } });
  return isNeeded ? { ...properties, required: ['selector'] } : properties;
}

function selectorOf(name: string, query: JsonSchema): { selector: JsonSchema; isNeeded: boolean } {
  const selectors = kinds
    .filter((kind) => kind.name === name)
    .map(({ selector }) => describedSelector(jsonSchemaOf(selector), query));
  const isNeeded = selectors.every((selector) => 'required' in selector);
  return { selector: { anyOf: isNeeded ? selectors : [...selectors, { type: 'null' }] }, isNeeded };
}

function describedSelector({ properties, ...rest }: JsonSchema, query: JsonSchema): JsonSchema {
  const own = isJsonObject(properties) ? properties : {};
  const described = mapSchema({ ...rest, properties: { ...own, query } }, withDescriptions);
  return isJsonObject(described) ? described : {};
}

function withDescriptions(schema: JsonSchema): JsonSchema {
  const { properties } = schema;
  if (!isJsonObject(properties)) return schema;
  const described = Object.entries(properties).map(([name, member]) => {
    const description = MAPPING_DESCRIPTIONS[name];
    return [
      name,
      isJsonObject(member) && description !== undefined ? { description, ...member } : member,
    ] as const;
  });
  return { ...schema, properties: Object.fromEntries(described) };
}
