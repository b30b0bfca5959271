import {
  type Blueprint,
  type BlueprintProperty,
  type BlueprintRelation,
  hasFormat,
} from '../model/blueprint.js';
import type { Entity } from '../model/entity.js';
import { canonicalJson, isJsonArray, isJsonObject, type JsonValue } from '../model/json.js';

/** A field of an entity that Port would refuse for its value. */
export interface Misfit {
  /** Dotted: `properties.stars`. */
  readonly field: string;
  /** What the blueprint takes there: `a number`. */
  readonly wanted: string;
  /** What the entity has: `the text "12"`. */
  readonly given: string;
}

const REQUIRED = 'a value, as it is required';

/** A type of JSON Schema in words, and how to know its values. */
interface TypeWords {
  readonly one: string;
  readonly many: string;
  readonly holds: (value: JsonValue) => boolean;
}

/** The types that a property may have. A map, as Port names them: `constructor` is none. */
const TYPES: ReadonlyMap<string | null, TypeWords> = new Map([
  ['string', { one: 'a text', many: 'texts', holds: (value) => typeof value === 'string' }],
  ['number', { one: 'a number', many: 'numbers', holds: (value) => typeof value === 'number' }],
  [
    'boolean',
    { one: 'true or false', many: 'booleans', holds: (value) => typeof value === 'boolean' },
  ],
  ['array', { one: 'a list', many: 'lists', holds: isJsonArray }],
  ['object', { one: 'an object', many: 'objects', holds: isJsonObject }],
] satisfies readonly (readonly [string, TypeWords])[]);

/**
 * What of an entity does not fit into its blueprint. Fields that the blueprint lacks are nothing to
 * fit; a null always does, unless the blueprint requires a value.
 */
export function misfitsOf(
  { properties, relations }: Pick<Entity, 'properties' | 'relations'>,
  blueprint: Pick<Blueprint, 'properties' | 'relations' | 'requiredProperties'>,
): readonly Misfit[] {
  const found: Misfit[] = [];
  const judge = (field: string, value: JsonValue, wanted: string | null): void => {
    if (wanted !== null) found.push({ field, wanted, given: given(value) });
  };
  for (const [name, value] of Object.entries(properties)) {
    const property = blueprint.properties.get(name);
    const isRequired = blueprint.requiredProperties.has(name);
    if (property === undefined) continue;
    const wanted =
      value === null ? (isRequired ? REQUIRED : null) : wantedByProperty(value, property);
    judge(`properties.${name}`, value, wanted);
  }
  for (const [name, value] of Object.entries(relations)) {
    const relation = blueprint.relations.get(name);
    if (relation !== undefined)
      judge(`relations.${name}`, value, wantedByRelation(value, relation));
  }
  return found;
}

/** Null: the value fits. */
function wantedByProperty(
  value: JsonValue,
  { type, format, itemsType, itemsFormat, allowed }: BlueprintProperty,
): string | null {
  if (!isOfType(value, type)) return TYPES.get(type)?.one ?? null;
  if (!isInFormat(value, format)) return `a text in the format ${format ?? ''}`;
  if (allowed?.every((one) => canonicalJson(one) !== canonicalJson(value)) === true) {
    return `one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`;
  }
  if (!isJsonArray(value)) return null;
  if (!value.every((member) => isOfType(member, itemsType))) {
    return `a list of ${TYPES.get(itemsType)?.many ?? ''}`;
  }
  return value.every((member) => isInFormat(member, itemsFormat))
    ? null
    : `a list of texts in the format ${itemsFormat ?? ''}`;
}

/** Null: the value fits. What a search query leads to is for Port to find out. */
function wantedByRelation(value: JsonValue, { many, required }: BlueprintRelation): string | null {
  if (isJsonObject(value)) return null;
  const isEmpty = value === null || (isJsonArray(value) && value.length === 0);
  if (isEmpty && required) return REQUIRED;
  if (value === null || isJsonArray(value) === many) return null;
  return many ? 'a list of identifiers' : 'a single identifier';
}

/** A type that is not known here is none to judge by. */
function isOfType(value: JsonValue, type: string | null): boolean {
  return TYPES.get(type)?.holds(value) ?? true;
}

function isInFormat(value: JsonValue, format: string | null): boolean {
  return format === null || typeof value !== 'string' || hasFormat(value, format);
}

function given(value: JsonValue): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (isJsonArray(value)) {
    return value.length === 0 ? 'an empty list' : `the list ${JSON.stringify(value)}`;
  }
  return isJsonObject(value) ? `the object ${JSON.stringify(value)}` : String(value);
}
