import { z } from 'zod';
import { route, success, type Route } from '../route.js';
import { flag, reading } from '../schemas/parameters.js';
import type { PortState } from '../state.js';
import { selectByPath, view } from '../view.js';

const ALL = '/v1/blueprints/{blueprint_identifier}/entities';

/** Reading entities by their names. */
export function entityReadRoutes({ catalog }: PortState): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: ALL,
      query: z.strictObject({ ...reading, allow_partial_results: flag }),
      handle: ({ parameter, query }) => {
        const { blueprint } = catalog.shelf(parameter('blueprint_identifier'));
        const selection = selectByPath(query, !query.exclude_calculated_properties);
        const entities = catalog
          .entities(blueprint.identifier)
          .map((entity) => view(catalog, entity, selection));
        return success({ entities });
      },
    }),
    route({
      method: 'GET',
      path: `${ALL}/{entity_identifier}`,
      query: z.strictObject(reading),
      handle: ({ parameter, query }) => {
        const entity = catalog.existing({
          blueprint: parameter('blueprint_identifier'),
          identifier: parameter('entity_identifier'),
        });
        const selection = selectByPath(query, !query.exclude_calculated_properties);
        return success({ entity: view(catalog, entity, selection) });
      },
    }),
    route({
      method: 'GET',
      path: '/v1/blueprints/{blueprint_identifier}/entities-count',
      handle: ({ parameter }) =>
        success({ count: catalog.shelf(parameter('blueprint_identifier')).rowOf.size }),
    }),
  ];
}
