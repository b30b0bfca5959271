import { z } from 'zod';
import { deleteEntities } from '../delete-entities.js';
import { route, success, type Route } from '../route.js';
import { entitiesToDelete } from '../schemas/entity-body.js';
import { flag, origin, requiredFlag } from '../schemas/parameters.js';
import type { PortState } from '../state.js';
import { checkUnrelated, deleteBlueprint } from '../write-blueprint.js';

const deletion = z.strictObject({ delete_dependents: requiredFlag, ...origin });

/** Deleting entities: one, several, all of a blueprint. */
export function entityDeletionRoutes(state: PortState): readonly Route[] {
  const { catalog } = state;
  return [
    route({
      method: 'DELETE',
      path: '/v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}',
      query: deletion,
      handle: ({ parameter, query }) => {
        const entity = catalog.existing({
          blueprint: parameter('blueprint_identifier'),
          identifier: parameter('entity_identifier'),
        });
        deleteEntities(state, [entity], query.delete_dependents);
        return success({});
      },
    }),
    route({
      method: 'POST',
      path: '/v1/blueprints/{blueprint_identifier}/bulk/entities/delete',
      query: deletion,
      body: entitiesToDelete,
      handle: ({ parameter, query, body }) => {
        const { blueprint, rowOf } = catalog.shelf(parameter('blueprint_identifier'));
        // The contract leaves open what an unknown identifier does: here it is passed over.
        const known = [...new Set(body.entities)].filter((identifier) => rowOf.has(identifier));
        const references = known.map((identifier) => ({
          blueprint: blueprint.identifier,
          identifier,
        }));
        deleteEntities(state, references, query.delete_dependents);
        return success({ deletedEntities: known });
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/blueprints/{blueprint_identifier}/all-entities',
      query: z.strictObject({ delete_blueprint: flag, ...origin }),
      handle: ({ parameter, query }) => {
        const { identifier } = catalog.shelf(parameter('blueprint_identifier')).blueprint;
        if (query.delete_blueprint) checkUnrelated(state, identifier);
        for (const entity of catalog.entities(identifier)) {
          catalog.removeEntity(entity);
          state.writes.push({
            type: 'entity-deleted',
            blueprint: identifier,
            identifier: entity.identifier,
            cause: 'requested',
          });
        }
        if (query.delete_blueprint) deleteBlueprint(state, identifier);
        return success({});
      },
    }),
  ];
}
