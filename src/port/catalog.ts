import { z } from 'zod';
import { HttpError } from '../http/http-error.js';
import type { MappedFields } from '../model/entity.js';
import type { JsonObject } from '../model/json.js';
import { ProblemError } from '../problems/problem.js';
import { catalogEntity, includedFields, type CatalogEntity } from './catalog-entity.js';
import { dataSourceOf } from './data-source.js';
import { describeFailure } from './describe-failure.js';
import { isStopped } from './failure-problem.js';
import { followPages } from './follow-pages.js';
import type { PortClient } from './port-client.js';

/** The most that a blueprint search gives in a page (API reference, search-a-blueprints-entities). */
const entitiesPerPage = 1000;
/**
 * Identifiers in one rule. Of the longest allowed (1,000 characters of at most 3 bytes) they make
 * 600 KB, so that a search stays below the 1 MiB that Port takes.
 */
const identifiersPerSearch = 200;

const pageSchema = z.object({
  ok: z.literal(true).optional(),
  entities: z.array(catalogEntity),
  next: z.string().min(1).nullish(),
});
type SearchPage = z.output<typeof pageSchema>;

/** The rules that only entities of our data source meet. */
export function ownedRules(client: PortClient): readonly JsonObject[] {
  const { prefix, suffix } = dataSourceOf(client.integration);
  return [prefix, suffix].map((value) => ({
    property: '$datasource',
    operator: 'contains',
    value,
  }));
}

/**
 * Our own entities of a blueprint, page by page, with the mapped fields.
 * @throws ProblemError catalog-unreadable, when not every page could be read
 */
export function readOwned(
  client: PortClient,
  blueprint: string,
  fields: MappedFields,
): AsyncIterable<readonly CatalogEntity[]> {
  const include = includedFields(fields, 'without-authors');
  return search(client, blueprint, ownedRules(client), include);
}

/**
 * The entities with the given identifiers, whoever made them, and who that was. Those that Port
 * does not hold are left out.
 * @throws ProblemError catalog-unreadable, when not every page could be read
 */
export async function* readByIdentifier(
  client: PortClient,
  blueprint: string,
  identifiers: readonly string[],
  fields: MappedFields,
  options: { readonly ownedOnly?: boolean } = {},
): AsyncGenerator<readonly CatalogEntity[]> {
  const include = includedFields(fields, 'with-authors');
  const owned = options.ownedOnly === true ? ownedRules(client) : [];
  for (let start = 0; start < identifiers.length; start += identifiersPerSearch) {
    const value = identifiers.slice(start, start + identifiersPerSearch);
    const named: JsonObject = { property: '$identifier', operator: 'in', value };
    yield* search(client, blueprint, [named, ...owned], include);
  }
}

async function* search(
  client: PortClient,
  blueprint: string,
  rules: readonly JsonObject[],
  include: readonly string[],
): AsyncGenerator<readonly CatalogEntity[]> {
  const subject = `entities of ${blueprint}`;
  const fetchPage = (from: string | undefined): Promise<SearchPage> =>
    client.body(
      {
        method: 'POST',
        path: ['blueprints', blueprint, 'entities', 'search'],
        subject,
        caller: 'exporter',
        repeatable: true,
        body: {
          query: { combinator: 'and', rules },
          include,
          limit: entitiesPerPage,
          ...(from === undefined ? {} : { from }),
        },
      },
      pageSchema,
    );
  try {
    for await (const page of followPages(subject, fetchPage)) yield page.entities;
  } catch (error) {
    if (!(error instanceof HttpError) || isStopped(error)) throw error;
    const reason = describeFailure(error);
    throw ProblemError.of({ code: 'catalog-unreadable', blueprint, reason }, error);
  }
}
