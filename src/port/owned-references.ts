import { z } from 'zod';
import type { EntityReference } from '../model/entity.js';
import { dataSourceOf, ownedRules, spellingsOf, type DataSource } from './data-source.js';
import { asCallProblem } from './describe-failure.js';
import { followPages } from './catalog.js';
import { emptyAnswer, type PortClient, type PortRequest } from './port-client.js';

/** The page size that Port's own exporter asks this route for (port-labs/ocean). */
const referencesPerPage = 5000;
const subject = 'entities of this data source';

const referencesSchema = z.object({
  ok: z.literal(true).optional(),
  entities: z.array(z.object({ identifier: z.string().min(1), blueprint: z.string().min(1) })),
  next: z.string().min(1).nullish(),
});
type ReferencePage = z.output<typeof referencesSchema>;

/** The whole-catalog search has no pages; blueprints that failed would make it look complete. */
const searchSchema = referencesSchema.extend({
  failedBlueprints: z.array(z.string()).max(0).optional(),
});

/**
 * All entities of our data source, whatever their blueprint, page by page. One may come twice, and so
 * may one of another integration whose identifier ends as ours does: this route cannot exclude it.
 * Reads the route that Port's own exporter uses; an installation without it is searched instead.
 * @throws ProblemError permission-refused, server-unavailable: not everything was read
 */
export async function* readOwnedReferences(
  client: PortClient,
): AsyncGenerator<readonly EntityReference[]> {
  try {
    for (const source of spellingsOf(dataSourceOf(client.integration))) {
      const fetchPage = async (from: string | undefined): Promise<ReferencePage> => {
        if (from !== undefined) return client.body(listRequest(source, from), referencesSchema);
        const request: PortRequest = { ...listRequest(source), accepted: [404] };
        const { status, body } = await client.json(request, referencesSchema);
        if (status === 404) return client.body(searchRequest(client), searchSchema);
        return body ?? emptyAnswer(subject);
      };
      for await (const page of followPages(subject, fetchPage)) yield page.entities;
    }
  } catch (error) {
    throw asCallProblem(error, subject);
  }
}

function listRequest({ prefix, suffix }: DataSource, from?: string): PortRequest {
  return {
    method: 'POST',
    path: ['blueprints', 'entities', 'datasource-entities'],
    subject,
    caller: 'exporter',
    repeatable: true,
    body: {
      datasource_prefix: prefix,
      datasource_suffix: suffix,
      limit: referencesPerPage,
      ...(from === undefined ? {} : { from }),
    },
  };
}

function searchRequest(client: PortClient): PortRequest {
  return {
    method: 'POST',
    path: ['entities', 'search'],
    query: { exclude_calculated_properties: true, include: ['identifier', 'blueprint'] },
    subject,
    caller: 'exporter',
    repeatable: true,
    body: { combinator: 'and', rules: ownedRules(client.integration) },
  };
}
