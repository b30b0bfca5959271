import type { EntityReference } from '../../model/entity.js';
import type { JsonObject } from '../../model/json.js';
import type { CatalogBlueprint } from './blueprint.js';
import type { Actor, CatalogEntity } from './entity.js';
import { identifierTaken, notFound, unprocessable } from './refusal.js';
import { findIdentifiers, isQuery, missingTargets, resolveRelations } from './resolve-relations.js';
import type { EntityInput } from './schemas/entity-body.js';
import type { SearchWorld } from './search/matcher.js';
import type { PortState } from './state.js';
import { checkProperties, checkRequired } from './validate-entity.js';

/** What happens to an entity that exists, and to relation targets that do not. */
export interface WriteOptions {
  /** `create` refuses an entity that exists; `merge` keeps what is not sent. */
  readonly mode: 'create' | 'replace' | 'merge';
  readonly createMissing: boolean;
  readonly validationOnly: boolean;
}

/** What a write came to. */
export interface Written {
  readonly entity: CatalogEntity;
  readonly created: boolean;
}

/**
 * Creates or updates one entity, or refuses it as a whole.
 * @throws Refusal 404 for a relation target that is missing, 422 for what the blueprint forbids
 */
export function writeEntity(
  state: PortState,
  actor: Actor,
  blueprint: CatalogBlueprint,
  input: EntityInput,
  options: WriteOptions,
): Written {
  const world = { catalog: state.catalog, now: state.clock.now() };
  const reference = {
    blueprint: blueprint.identifier,
    identifier: identifierOf(state, world, blueprint, input),
  };
  const previous = state.catalog.entity(reference);
  if (previous !== undefined && options.mode === 'create') {
    throw identifierTaken(`Entity "${reference.identifier}"`);
  }
  const kept = options.mode === 'merge' ? previous : undefined;
  const written = {
    properties: input.properties ?? {},
    relations: resolveRelations(world, blueprint, input.relations ?? {}),
  };
  checkProperties(blueprint, written.properties);
  const entity: CatalogEntity = {
    ...reference,
    title: input.title === undefined ? (kept?.title ?? null) : input.title,
    icon: input.icon === undefined ? (kept?.icon ?? null) : input.icon,
    team: input.team === undefined ? (kept?.team ?? []) : teamOf(world, input.team),
    properties: withDefaults(blueprint, { ...kept?.properties, ...written.properties }),
    relations: { ...kept?.relations, ...written.relations },
    ...auditOf(state, actor, previous),
  };
  checkRequired(blueprint, entity);
  const missing = missingTargets(state.catalog, blueprint, reference, entity.relations);
  if (missing[0] !== undefined && !options.createMissing) throw missingTarget(missing[0]);
  if (!options.validationOnly) {
    for (const target of missing) store(state, bareEntity(state, target, actor), true, 'related');
    store(state, entity, previous === undefined, 'requested');
  }
  return { entity, created: previous === undefined };
}

/**
 * Puts the blueprint's defaults where nothing stands. That a null counts as nothing is the harsher of
 * the two readings: Port does not say.
 */
function withDefaults(blueprint: CatalogBlueprint, properties: JsonObject): JsonObject {
  const defaults = Object.entries(blueprint.schema.properties).flatMap(([name, schema]) => {
    const isEmpty = (properties[name] ?? null) === null;
    return isEmpty && schema.default !== undefined ? [[name, schema.default] as const] : [];
  });
  return { ...properties, ...Object.fromEntries(defaults) };
}

function store(
  state: PortState,
  entity: CatalogEntity,
  created: boolean,
  cause: 'requested' | 'related',
): void {
  state.catalog.putEntity(entity);
  const { blueprint, identifier } = entity;
  state.writes.push({ type: 'entity-upserted', blueprint, identifier, created, cause });
}

function missingTarget({ blueprint, identifier }: EntityReference): Error {
  return notFound(`Relation target "${identifier}" of blueprint "${blueprint}"`);
}

function identifierOf(
  state: PortState,
  world: SearchWorld,
  blueprint: CatalogBlueprint,
  { identifier }: EntityInput,
): string {
  if (identifier === undefined) {
    return `entity-${state.catalog.shelf(blueprint.identifier).rows.length + 1}`;
  }
  if (!isQuery(identifier)) return identifier;
  const [found, ...others] = findIdentifiers(world, blueprint.identifier, identifier);
  if (found === undefined) throw notFound('The entity that the identifier query describes');
  if (others.length > 0) throw unprocessable('the identifier query finds more than one entity');
  return found;
}

function teamOf(world: SearchWorld, team: EntityInput['team']): readonly string[] {
  if (team === undefined || team === null) return [];
  if (typeof team === 'string') return [team];
  return isQuery(team) ? findIdentifiers(world, '_team', team) : team;
}

function auditOf(
  state: PortState,
  actor: Actor,
  previous: CatalogEntity | undefined,
): Pick<CatalogEntity, 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy' | 'datasource'> {
  const keepsDatasource = previous !== undefined && state.datasource === 'creator';
  return {
    createdAt: previous?.createdAt ?? actor.at,
    createdBy: previous?.createdBy ?? actor.by,
    updatedAt: actor.at,
    updatedBy: actor.by,
    datasource: keepsDatasource ? previous.datasource : actor.datasource,
  };
}

function bareEntity({ stubs }: PortState, reference: EntityReference, actor: Actor): CatalogEntity {
  const none: JsonObject = {};
  return {
    ...reference,
    title: null,
    icon: null,
    team: [],
    properties: none,
    relations: none,
    createdAt: actor.at,
    createdBy: actor.by,
    updatedAt: actor.at,
    updatedBy: actor.by,
    datasource: stubs === 'none' ? null : actor.datasource,
  };
}
