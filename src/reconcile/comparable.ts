import type { Blueprint, BlueprintProperty } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../model/json.js';
import type { FieldChange } from '../model/plan.js';

/** What can be compared: an entity as mapped, or as Port holds it. */
export interface Comparable {
  readonly team?: JsonValue;
  readonly properties: JsonObject;
  readonly relations: JsonObject;
}

/**
 * Whether an entity can be compared at all. Where a search query stands for its identifier, its team
 * or a relation, only Port can tell what that comes to.
 */
export function isComparable(entity: Entity, blueprint: Pick<Blueprint, 'relations'>): boolean {
  const { search, team, relations } = entity;
  return (
    search === undefined &&
    !isJsonObject(team) &&
    Object.entries(relations).every(
      ([name, value]) => !isJsonObject(value) || !blueprint.relations.has(name),
    )
  );
}

/** Writes out an entity: equal texts exactly where nothing would change. Empty: it fills no field. */
export type TextOf = (entity: Comparable) => string;

/**
 * Tells how entities are written out for a comparison on the given fields.
 * Null, absent and an empty many-relation are the same; teams and the targets of a many-relation
 * have no order; values are compared as the blueprint types them. Title and icon are not part of it:
 * Port takes no null there, so that they are compared apart, by `sameLabels`.
 */
export function comparison(
  fields: MappedFields,
  blueprint: Pick<Blueprint, 'properties' | 'relations'>,
): TextOf {
  const properties = fields.properties.map((name, index) => ({
    name,
    key: `p${index}`,
    property: blueprint.properties.get(name),
  }));
  const relations = fields.relations.map((name, index) => ({
    name,
    key: `r${index}`,
    many: blueprint.relations.get(name)?.many === true,
  }));
  return (entity) => {
    let text = fields.team ? written('t', unordered(entity.team ?? null)) : '';
    for (const { name, key, property } of properties) {
      text += written(key, comparableValue(fieldOf(entity.properties, name), property));
    }
    for (const { name, key, many } of relations) {
      const value = fieldOf(entity.relations, name);
      text += written(key, many || isJsonArray(value) ? unordered(value) : value);
    }
    return text;
  };
}

/** Canonical JSON holds no line feed, so that nothing else is written alike. */
function written(key: string, value: JsonValue): string {
  return value === null ? '' : `${key} ${canonicalJson(value)}\n`;
}

/**
 * The entity with the blueprint's defaults where it clears a property, as Port may complete it; null
 * when there is no such property. Whether Port keeps a null beside a default is not documented, so
 * that either counts for the same.
 */
export function withDefaults(
  entity: Entity,
  { properties }: { readonly properties: ReadonlyMap<string, BlueprintProperty> },
): Entity | null {
  const completed: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(entity.properties)) {
    const standard = properties.get(name)?.default;
    if (value === null && standard !== undefined) completed.push([name, standard]);
  }
  if (completed.length === 0) return null;
  return {
    ...entity,
    properties: { ...entity.properties, ...Object.fromEntries(completed) },
  };
}

/** What a person sees of an entity at first. */
export interface Labels {
  readonly title?: string | null;
  readonly icon?: string | null;
}

/** Whether title and icon would stay as they are. A null is never sent, so it changes nothing. */
export function sameLabels(mapped: Labels, existing: Labels): boolean {
  return (
    (mapped.title ?? existing.title ?? null) === (existing.title ?? null) &&
    (mapped.icon ?? existing.icon ?? null) === (existing.icon ?? null)
  );
}

/** Null for an absent field; what every object inherits (`constructor`) is not a field. */
function fieldOf(values: JsonObject, name: string): JsonValue {
  return Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}

function unordered(value: JsonValue): JsonValue {
  if (value === null || typeof value === 'string') return value === null ? null : [value];
  const entries = isJsonArray(value) ? value : [value];
  if (entries.every((entry) => typeof entry === 'string')) {
    return entries.length === 0 ? null : [...new Set(entries)].sort();
  }
  const distinct = new Map(
    entries.filter((entry) => entry !== null).map((entry) => [canonicalJson(entry), entry]),
  );
  if (distinct.size === 0) return null;
  return [...distinct.keys()].sort().map((key) => distinct.get(key) ?? null);
}

/** Formats whose text names an instant. */
const INSTANT_FORMATS: readonly (string | null)[] = ['date-time', 'timer'];

/** A JSON number, as a text may hold one. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/iu;

/**
 * A value in the one spelling that all values of the same meaning have, by what the blueprint says of
 * the property: a date-time is the instant that it names; where a number, boolean or text is wanted,
 * `"1"` and 1 and 1.0 are the same. Texts in a list have no order, as Bitbucket gives reviewers in
 * another one each time. A null in an object says no more than no key.
 */
export function comparableValue(
  value: JsonValue,
  property: BlueprintProperty | undefined,
): JsonValue {
  return withoutNulls(spelled(value, property));
}

function spelled(value: JsonValue, property: BlueprintProperty | undefined): JsonValue {
  if (property === undefined || value === null) return value;
  const { type, format, itemsType, itemsFormat } = property;
  if (!isJsonArray(value)) return typed(value, type, format);
  const members = value.map((member) => typed(member, itemsType, itemsFormat));
  const areTexts =
    INSTANT_FORMATS.includes(itemsFormat) || members.every((member) => typeof member === 'string');
  return areTexts ? [...members].sort() : members;
}

function withoutNulls(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isJsonArray(value)) {
    return value.some((member) => typeof member === 'object') ? value.map(withoutNulls) : value;
  }
  const filled = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(filled.map(([key, member]) => [key, withoutNulls(member)]));
}

function typed(value: JsonValue, type: string | null, format: string | null): JsonValue {
  if (typeof value === 'string') {
    if (INSTANT_FORMATS.includes(format)) return instant(value);
    if (type === 'number' && NUMBER.test(value)) return Number(value);
    if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
    return value;
  }
  const isSimple = typeof value === 'number' || typeof value === 'boolean';
  return type === 'string' && isSimple ? String(value) : value;
}

function instant(text: string): JsonValue {
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? text : milliseconds;
}

const NONE: MappedFields = {
  title: false,
  icon: false,
  team: false,
  properties: [],
  relations: [],
};

/**
 * The fields that an upsert would change, by the same comparison that decides whether an entity is
 * sent at all. A null title or icon cannot be told to Port, so that it changes nothing.
 * @param fields those that the upsert writes; one that `sent` does not name would be emptied
 */
export function fieldChanges(
  existing: Comparable & Labels,
  sent: Comparable & Labels,
  fields: MappedFields,
  blueprint: Pick<Blueprint, 'properties' | 'relations'>,
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const name of ['title', 'icon'] as const) {
    const old = existing[name] ?? null;
    const next = sent[name] ?? null;
    if (fields[name] && next !== null && next !== old)
      changes.push({ field: name, old, new: next });
  }
  const compare = (one: MappedFields, change: FieldChange): void => {
    const textOf = comparison(one, blueprint);
    if (textOf(existing) !== textOf(sent)) changes.push(change);
  };
  if (fields.team) {
    const change = { field: 'team', old: existing.team ?? null, new: sent.team ?? null };
    compare({ ...NONE, team: true }, change);
  }
  for (const kind of ['properties', 'relations'] as const) {
    for (const name of fields[kind]) {
      const values = { old: own(existing[kind], name), new: own(sent[kind], name) };
      compare({ ...NONE, [kind]: [name] }, { field: `${kind}.${name}`, ...values });
    }
  }
  return changes;
}

function own(values: Readonly<Record<string, JsonValue>>, name: string): JsonValue {
  return Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}
