import { z } from 'zod';
import { checkSameIdentifier } from '../blueprint.js';
import { identifierTaken } from '../refusal.js';
import { route, success, type Route } from '../route.js';
import {
  blueprintToCreate,
  blueprintToPatch,
  blueprintToReplace,
} from '../schemas/blueprint-body.js';
import { flag } from '../schemas/parameters.js';
import type { PortState } from '../state.js';
import { deleteBlueprint, writeBlueprint } from '../write-blueprint.js';

const ONE = '/v1/blueprints/{identifier}';

/** Reading and writing blueprints. */
export function blueprintRoutes(state: PortState): readonly Route[] {
  const { catalog } = state;
  return [
    route({
      method: 'GET',
      path: '/v1/blueprints',
      handle: () => success({ blueprints: catalog.shelves().map(({ blueprint }) => blueprint) }),
    }),
    route({
      method: 'POST',
      path: '/v1/blueprints',
      query: z.strictObject({ create_catalog_page: flag }),
      body: blueprintToCreate,
      handle: ({ body, actor }) => {
        if (catalog.find(body.identifier) !== undefined) {
          throw identifierTaken(`Blueprint "${body.identifier}"`);
        }
        return success({ blueprint: writeBlueprint(state, actor, body) }, 201);
      },
    }),
    route({
      method: 'GET',
      path: ONE,
      handle: ({ parameter }) =>
        success({ blueprint: catalog.shelf(parameter('identifier')).blueprint }),
    }),
    route({
      method: 'PUT',
      path: ONE,
      body: blueprintToReplace,
      handle: ({ parameter, body, actor }) => {
        const { identifier } = catalog.shelf(parameter('identifier')).blueprint;
        checkSameIdentifier(identifier, body.identifier);
        return success({ blueprint: writeBlueprint(state, actor, { ...body, identifier }) });
      },
    }),
    route({
      method: 'PATCH',
      path: ONE,
      body: blueprintToPatch,
      handle: ({ parameter, body, actor }) => {
        const { blueprint } = catalog.shelf(parameter('identifier'));
        const { identifier } = blueprint;
        checkSameIdentifier(identifier, body.identifier);
        const patched = {
          ...blueprint,
          ...body,
          identifier,
          title: body.title ?? blueprint.title,
          schema: body.schema ?? blueprint.schema,
        };
        return success({ blueprint: writeBlueprint(state, actor, patched) });
      },
    }),
    route({
      method: 'DELETE',
      path: ONE,
      query: z.strictObject({ delete_actions: flag }),
      handle: ({ parameter }) => {
        deleteBlueprint(state, parameter('identifier'));
        return success({});
      },
    }),
  ];
}
