import { z } from 'zod';
import { checkSameIdentifier } from '../blueprint.js';
import { route, success, type Route } from '../route.js';
import { entityToCreate, entityToPatch, entityToReplace } from '../schemas/entity-body.js';
import { flag, origin, requiredFlag } from '../schemas/parameters.js';
import type { PortState } from '../state.js';
import { view, WHOLE } from '../view.js';
import { writeEntity, type WriteOptions } from '../write-entity.js';

const ALL = '/v1/blueprints/{blueprint_identifier}/entities';
const ONE = '/v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}';

/** Parameters of a single and of a bulk upsert. */
export const upsertParameters = z.strictObject({
  upsert: requiredFlag,
  merge: flag,
  create_missing_related_entities: flag,
  validation_only: flag,
  ...origin,
});

/** What the parameters of an upsert ask for: `merge` means something only together with `upsert`. */
export function writeOptionsOf(query: z.output<typeof upsertParameters>): WriteOptions {
  const updating = query.merge ? 'merge' : 'replace';
  return {
    mode: query.upsert ? updating : 'create',
    createMissing: query.create_missing_related_entities,
    validationOnly: query.validation_only,
  };
}

/** Writing one entity. */
export function entityWriteRoutes(state: PortState): readonly Route[] {
  const { catalog } = state;
  const changing = z.strictObject({ create_missing_related_entities: flag, ...origin });
  return [
    route({
      method: 'POST',
      path: ALL,
      query: upsertParameters,
      body: entityToCreate,
      handle: ({ parameter, query, body, actor }) => {
        const { blueprint } = catalog.shelf(parameter('blueprint_identifier'));
        const { entity } = writeEntity(state, actor, blueprint, body, writeOptionsOf(query));
        return success({ entity: view(catalog, entity, WHOLE) }, 201);
      },
    }),
    ...(
      [
        ['PUT', 'replace', entityToReplace],
        ['PATCH', 'merge', entityToPatch],
      ] as const
    ).map(([method, mode, body]) =>
      route({
        method,
        path: ONE,
        query: changing,
        body,
        handle: ({ parameter, query, body: input, actor }) => {
          const { blueprint } = catalog.shelf(parameter('blueprint_identifier'));
          const { identifier } = catalog.existing({
            blueprint: blueprint.identifier,
            identifier: parameter('entity_identifier'),
          });
          checkSameIdentifier(identifier, input.identifier);
          const { entity } = writeEntity(
            state,
            actor,
            blueprint,
            { ...input, identifier },
            {
              mode,
              createMissing: query.create_missing_related_entities,
              validationOnly: false,
            },
          );
          return success({ entity: view(catalog, entity, WHOLE) });
        },
      }),
    ),
  ];
}
