import { z } from 'zod';
import { pageOf } from '../paging.js';
import { route, success, type Route } from '../route.js';
import { flag, reading } from '../schemas/parameters.js';
import { blueprintQuery, catalogQuery } from '../schemas/search-query.js';
import { matcherOf, type Matcher } from '../search/matcher.js';
import type { PortState } from '../state.js';
import { selectByName, selectByPath, view } from '../view.js';

/** Most entities of a page of a blueprint search (reference: search-a-blueprints-entities). */
const SEARCH_LIMIT = 1000;
/** Entities of such a page when the call names no limit. */
const SEARCH_DEFAULT = 200;
/** Most entities of a page by data source: what Port's own exporter asks for. */
const DATASOURCE_LIMIT = 5000;

const everything: Matcher = () => true;

const searchBody = z
  .strictObject({
    query: blueprintQuery.optional(),
    include: z.array(z.string()).optional(),
    exclude: z.array(z.string()).optional(),
    limit: z.number().min(1).max(SEARCH_LIMIT).optional(),
    from: z.string().optional(),
  })
  .prefault({});

const datasourceBody = z.strictObject({
  datasource_prefix: z.string(),
  datasource_suffix: z.string(),
  limit: z.number().min(1).max(DATASOURCE_LIMIT).optional(),
  from: z.string().optional(),
  before: z.iso.datetime({ offset: true }).optional(),
});

/** Finding entities: in one blueprint, in the whole catalog, by data source. */
export function searchRoutes(state: PortState): readonly Route[] {
  const { catalog, pageLimit } = state;
  return [
    route({
      method: 'POST',
      path: '/v1/blueprints/{blueprint_identifier}/entities/search',
      body: searchBody,
      handle: ({ parameter, body }) => {
        const shelf = catalog.shelf(parameter('blueprint_identifier'));
        const world = { catalog, now: state.clock.now() };
        const { query, include, exclude, limit = SEARCH_DEFAULT, from } = body;
        const matches = query === undefined ? everything : matcherOf(world, query);
        const asked = JSON.stringify({ shelf: shelf.number, query, include, exclude });
        const page = pageOf({ shelves: [shelf], matches, asked }, Math.min(limit, pageLimit), from);
        const selection = selectByName(body);
        return success({
          ...page,
          entities: page.entities.map((entity) => view(catalog, entity, selection)),
        });
      },
    }),
    route({
      method: 'POST',
      path: '/v1/entities/search',
      query: z.strictObject({ ...reading, allow_partial_results: flag }),
      body: catalogQuery,
      handle: ({ query, body }) => {
        const matches = matcherOf({ catalog, now: state.clock.now() }, body);
        const found = catalog
          .shelves()
          .flatMap(({ blueprint }) => catalog.entities(blueprint.identifier).filter(matches));
        const selection = selectByPath(query, !query.exclude_calculated_properties);
        return success({
          matchingBlueprints: [...new Set(found.map(({ blueprint }) => blueprint))],
          entities: found.map((entity) => view(catalog, entity, selection)),
        });
      },
    }),
    route({
      method: 'POST',
      path: '/v1/blueprints/entities/datasource-entities',
      body: datasourceBody,
      handle: ({ body }) => {
        const { datasource_prefix: prefix, datasource_suffix: suffix, before, from } = body;
        const matches: Matcher = ({ datasource, updatedAt }) =>
          datasource?.startsWith(prefix) === true &&
          datasource.endsWith(suffix) &&
          (before === undefined || Date.parse(updatedAt) < Date.parse(before));
        const asked = JSON.stringify({ prefix, suffix, before });
        const limit = Math.min(body.limit ?? DATASOURCE_LIMIT, pageLimit);
        const page = pageOf({ shelves: catalog.shelves(), matches, asked }, limit, from);
        return success({
          ...page,
          entities: page.entities.map(({ identifier, blueprint }) => ({ identifier, blueprint })),
        });
      },
    }),
  ];
}
