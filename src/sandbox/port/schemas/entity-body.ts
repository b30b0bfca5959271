import { z } from 'zod';
import { entityIdentifier, fieldKey, listedIdentifier } from './identifier.js';
import { anyJson, anyObject } from './json.js';
import { lookupQuery } from './search-query.js';

/** Most entities of one bulk upsert. */
export const BULK_UPSERT_LIMIT = 20;
/** Most entities of one bulk deletion. */
export const BULK_DELETE_LIMIT = 100;

const team = z.union([z.string(), z.array(z.string()), lookupQuery]);
const relations = z.record(
  z.string(),
  z.union([entityIdentifier, z.array(listedIdentifier), z.null(), lookupQuery]),
);

/**
 * An entity to create or upsert. Title, icon and team take no null here, only in a PATCH; a null
 * within a relation's list breaks the schema, and with it the whole bulk.
 */
export const entityToCreate = z.looseObject({
  identifier: z.union([entityIdentifier, lookupQuery]).optional(),
  title: z.string().optional(),
  icon: z.string().optional(),
  team: team.optional(),
  properties: anyObject.optional(),
  relations: relations.optional(),
});

/** Body of `POST …/entities/bulk`. */
export const entitiesToCreate = z.strictObject({
  entities: z.array(entityToCreate).min(1).max(BULK_UPSERT_LIMIT),
});

/** Body of a PUT: as for a creation, but the identifier is no query. */
export const entityToReplace = entityToCreate.extend({ identifier: entityIdentifier.optional() });

/** Body of a PATCH: nothing unknown, and null clears. */
export const entityToPatch = z.strictObject({
  identifier: entityIdentifier.optional(),
  title: z.string().nullable().optional(),
  icon: z.string().nullable().optional(),
  team: team.nullable().optional(),
  properties: z.record(fieldKey, anyJson).optional(),
  relations: relations.optional(),
});

/** Body of `POST …/bulk/entities/delete`. */
export const entitiesToDelete = z.strictObject({
  entities: z.array(z.string()).min(1).max(BULK_DELETE_LIMIT),
});

/** What is written to one entity, whichever route it came by. */
export type EntityInput = z.output<typeof entityToCreate> | z.output<typeof entityToPatch>;
/** What is written to a relation. */
export type RelationInput = z.output<typeof relations>[string];
