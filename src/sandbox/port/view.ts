import type { JsonObject, JsonValue } from '../../model/json.js';
import type { Catalog } from './catalog.js';
import type { CatalogEntity } from './entity.js';
import { mirrorValues } from './mirror.js';

/** Which parts of an entity an answer holds. The identifier is always there. */
export interface Selection {
  /** Such as `title` or `createdAt`, without a `$`. */
  readonly field: (name: string) => boolean;
  readonly property: (name: string) => boolean;
  readonly relation: (name: string) => boolean;
  /** Whether properties that Port computes are among them. */
  readonly computed: boolean;
  /** Whether `properties` and `relations` are left out when nothing stands in them. */
  readonly omitsEmpty: boolean;
}

/** `include` and `exclude` as a call gives them. */
export interface IncludeExclude {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Selection of a blueprint search: names of properties and relations, fields with a `$`. */
export function selectByName({ include, exclude }: IncludeExclude): Selection {
  const isSelected = selected(include, exclude);
  return {
    field: (name) => isSelected([`$${name}`]),
    property: (name) => isSelected([name]),
    relation: (name) => isSelected([name]),
    computed: true,
    omitsEmpty: include !== undefined,
  };
}

/** Selection of the other reads: paths within the entity's JSON, such as `properties.url`. */
export function selectByPath({ include, exclude }: IncludeExclude, computed: boolean): Selection {
  const isSelected = selected(include, exclude);
  return {
    field: (name) => isSelected([name]),
    property: (name) => isSelected([`properties.${name}`, 'properties']),
    relation: (name) => isSelected([`relations.${name}`, 'relations']),
    computed,
    omitsEmpty: include !== undefined,
  };
}

/** Everything, as a write answers it. */
export const WHOLE: Selection = selectByPath({}, true);

/** The entity as an answer holds it: every relation of its blueprint has a value. */
export function view(catalog: Catalog, entity: CatalogEntity, selection: Selection): JsonObject {
  const { blueprint } = catalog.shelf(entity.blueprint);
  const properties = pick(
    selection.computed
      ? { ...entity.properties, ...mirrorValues(catalog, entity) }
      : entity.properties,
    selection.property,
  );
  const relations: Record<string, JsonValue> = {};
  for (const [name, { many }] of Object.entries(blueprint.relations)) {
    if (!selection.relation(name)) continue;
    relations[name] = entity.relations[name] ?? (many ? [] : null);
  }
  const { title, icon, team, createdAt, createdBy, updatedAt, updatedBy } = entity;
  const fields = { title, icon, team, blueprint: entity.blueprint };
  const audit = { createdAt, createdBy, updatedAt, updatedBy };
  const isKept = (values: JsonObject): boolean =>
    !selection.omitsEmpty || Object.keys(values).length > 0;
  return {
    identifier: entity.identifier,
    ...pick(fields, selection.field),
    ...(isKept(properties) ? { properties } : {}),
    ...(isKept(relations) ? { relations } : {}),
    ...pick(audit, selection.field),
  };
}

function selected(
  include: readonly string[] | undefined,
  exclude: readonly string[] | undefined,
): (names: readonly string[]) => boolean {
  const wanted = include === undefined ? undefined : new Set(include);
  const unwanted = new Set(exclude);
  return (names) =>
    (wanted === undefined || names.some((name) => wanted.has(name))) &&
    !names.some((name) => unwanted.has(name));
}

function pick(values: JsonObject, isPicked: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => isPicked(name)));
}
