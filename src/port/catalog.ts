import { z } from 'zod';
import { HttpError, isStopped, requestOf } from '../http/http-error.js';
import type { MappedFields } from '../model/entity.js';
import type { JsonObject } from '../model/json.js';
import { ProblemError } from '../problems/problem.js';
import { catalogEntity, type CatalogEntity, includedFields } from './catalog-entity.js';
import { ownedRules } from './data-source.js';
import { describeFailure } from './describe-failure.js';
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
  return search(client, blueprint, ownedRules(client.integration), include);
}

/**
 * The entities with the given identifiers, whoever made them, and who that was. Those that Port
 * does not hold are left out.
 * @param options `ownedOnly`: those of our data source
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
  const owned = options.ownedOnly === true ? ownedRules(client.integration) : [];
  for (let start = 0; start < identifiers.length; start += identifiersPerSearch) {
    const value = identifiers.slice(start, start + identifiersPerSearch);
    const named: JsonObject = { property: '$identifier', operator: 'in', value };
    yield* search(client, blueprint, [named, ...owned], include);
  }
}

/**
 * Whether our data source owns an entity of the blueprint that the given creator made and nobody else
 * has written since: then the creator is one of our own clients.
 * @throws ProblemError catalog-unreadable
 */
export async function ownsUntouchedOf(
  client: PortClient,
  blueprint: string,
  creator: string,
): Promise<boolean> {
  const authors = ['$createdBy', '$updatedBy'].map((property): JsonObject => ({
    property,
    operator: '=',
    value: creator,
  }));
  const rules = [...ownedRules(client.integration), ...authors];
  for await (const page of search(client, blueprint, rules, ['$identifier'])) {
    if (page.length > 0) return true;
  }
  return false;
}

/**
 * The entities of a blueprint that relate to any of the given ones, whoever made them, with the
 * relations that were asked about.
 * @param relations of the blueprint, all leading to the blueprint of the identifiers
 * @throws ProblemError catalog-unreadable, when not every page could be read
 */
export async function* readRelatingTo(
  client: PortClient,
  blueprint: string,
  relations: readonly { readonly name: string; readonly many: boolean }[],
  identifiers: readonly string[],
): AsyncGenerator<readonly CatalogEntity[]> {
  const include = ['$identifier', ...relations.map(({ name }) => name)];
  for (let start = 0; start < identifiers.length; start += identifiersPerSearch) {
    const value = identifiers.slice(start, start + identifiersPerSearch);
    const rules = relations.map(({ name, many }): JsonObject => ({
      relation: name,
      operator: many ? 'containsAny' : 'in',
      value,
    }));
    yield* search(client, blueprint, rules, include, 'or');
  }
}

async function* search(
  client: PortClient,
  blueprint: string,
  rules: readonly JsonObject[],
  include: readonly string[],
  combinator: 'and' | 'or' = 'and',
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
          query: { combinator, rules },
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
    throw ProblemError.of(
      { code: 'catalog-unreadable', blueprint, reason, ...requestOf(error) },
      error,
    );
  }
}

/**
 * How many entities a blueprint holds, whoever made them; null when Port does not tell. A run can
 * do without it: it only saves requests.
 */
export async function countEntities(client: PortClient, blueprint: string): Promise<number | null> {
  try {
    const { count } = await client.body(
      {
        method: 'GET',
        path: ['blueprints', blueprint, 'entities-count'],
        subject: `number of entities of ${blueprint}`,
        caller: 'exporter',
        repeatable: true,
      },
      z.object({ count: z.number().nullish() }),
    );
    return count ?? null;
  } catch (error) {
    if (!(error instanceof HttpError) || isStopped(error)) throw error;
    return null;
  }
}

/** A page of a listing that names where the next one begins, or nothing when it is the last. */
interface ListedPage {
  readonly next?: string | null | undefined;
}

/**
 * All pages of a listing, each fetched when the consumer asks for it. Only the absence of `next`
 * ends the listing: an empty or short page does not. Pages that ended by themselves are all pages.
 * @param subject what is listed, for the error
 * @throws HttpError when a `next` comes back a second time, and whatever `fetchPage` throws
 */
export async function* followPages<Page extends ListedPage>(
  subject: string,
  fetchPage: (from: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  const followed = new Set<string>();
  let from: string | undefined;
  do {
    const page = await fetchPage(from);
    yield page;
    from = page.next ?? undefined;
    if (from !== undefined && followed.has(from)) {
      throw new HttpError('malformed', subject, 'a page leads back to one that was read before');
    }
    if (from !== undefined) followed.add(from);
  } while (from !== undefined);
}
