import { canonicalJson, isJsonArray, type JsonObject, type JsonValue } from '../../model/json.js';
import { computedNames, relationOf, type CatalogBlueprint } from './blueprint.js';
import { hasFormat } from '../../model/blueprint.js';
import { unprocessable } from './refusal.js';
import type { PropertySchema } from './schemas/blueprint-body.js';

/** What both a property and the members of a list are checked against. */
interface ValueSchema {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly enum?: readonly JsonValue[] | undefined;
}

/**
 * Checks the properties that are written against the blueprint. Null clears, so it always fits.
 * @throws Refusal with the first reason.
 */
export function checkProperties(blueprint: CatalogBlueprint, properties: JsonObject): void {
  const { properties: known } = blueprint.schema;
  for (const [name, value] of Object.entries(properties)) {
    const schema = Object.hasOwn(known, name) ? known[name] : undefined;
    if (schema === undefined) throw unprocessable(unknownProperty(blueprint, name));
    const reason = value === null ? undefined : propertyFault(value, schema);
    if (reason !== undefined) throw unprocessable(`property "${name}" ${reason}`);
  }
}

/**
 * Checks that what the blueprint requires is there once the write is done.
 * @throws Refusal with the first that is missing.
 */
export function checkRequired(
  blueprint: CatalogBlueprint,
  result: { readonly properties: JsonObject; readonly relations: JsonObject },
): void {
  const property = (blueprint.schema.required ?? []).find((name) =>
    isMissing(result.properties[name]),
  );
  if (property !== undefined) throw unprocessable(`property "${property}" is required`);
  const relation = Object.entries(blueprint.relations).find(
    ([name, schema]) => schema.required && isMissing(result.relations[name]),
  );
  if (relation !== undefined) throw unprocessable(`relation "${relation[0]}" is required`);
}

/**
 * Checks that a relation exists and is given as its blueprint says: a list for `many`, else one.
 * @throws Refusal
 */
export function checkRelationShape(
  blueprint: CatalogBlueprint,
  name: string,
  value: JsonValue,
): void {
  const relation = relationOf(blueprint, name);
  if (relation === undefined) {
    throw unprocessable(`blueprint "${blueprint.identifier}" has no relation "${name}"`);
  }
  if (value === null) return;
  if (isJsonArray(value) !== relation.many) {
    throw unprocessable(
      `relation "${name}" takes ${relation.many ? 'a list of identifiers' : 'one identifier'}`,
    );
  }
}

function unknownProperty(blueprint: CatalogBlueprint, name: string): string {
  return computedNames(blueprint).includes(name)
    ? `property "${name}" is computed and cannot be written`
    : `blueprint "${blueprint.identifier}" has no property "${name}"`;
}

function isMissing(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || (isJsonArray(value) && value.length === 0);
}

function propertyFault(value: JsonValue, schema: PropertySchema): string | undefined {
  const fault = valueFault(value, schema);
  if (fault !== undefined || !isJsonArray(value) || schema.items === undefined) return fault;
  for (const [index, item] of value.entries()) {
    const itemFault = valueFault(item, schema.items);
    if (itemFault !== undefined) return `[${index}] ${itemFault}`;
  }
  return undefined;
}

function valueFault(value: JsonValue, schema: ValueSchema): string | undefined {
  if (schema.type !== undefined && typeName(value) !== schema.type) {
    return `must be of type ${schema.type}, not ${typeName(value)}`;
  }
  const { format } = schema;
  if (format !== undefined && typeof value === 'string' && !hasFormat(value, format)) {
    return `must match format "${format}"`;
  }
  if (schema.enum?.every((allowed) => canonicalJson(allowed) !== canonicalJson(value)) === true) {
    return 'must be one of the allowed values';
  }
  return undefined;
}

function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  return isJsonArray(value) ? 'array' : typeof value;
}
