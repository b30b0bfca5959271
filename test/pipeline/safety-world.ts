import { serverBlueprints } from '../../src/defaults/server/blueprints.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/model/json.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import { startWorld, type World, type WorldDifference } from '../world/a-world.js';

/** The integration that a run without settings for it uses. */
export const IDENTIFIER = 'my-bitbucket-server-integration';

/** A data source that is not ours. */
export const OTHER = 'port-ocean/github/1.0.0/other/exporter';

/** Our own data source, as entities loaded earlier carry it. */
export const OURS = `port-ocean/bitbucket-server/0.0.1/${IDENTIFIER}/exporter`;

const SOURCE_RELATION = {
  sourceRepository: { title: 'From', target: 'bitbucketRepository', required: false, many: false },
};

/** Puts the default blueprints, two more, and one relation more, as users change their own. */
export function putBlueprints({ port }: Pick<World, 'port'>): void {
  for (const blueprint of serverBlueprints) {
    const isPullRequest = blueprint.identifier === 'bitbucketPullRequest';
    const relations: JsonObject = {
      ...(isJsonObject(blueprint.relations) ? blueprint.relations : {}),
      ...(isPullRequest ? SOURCE_RELATION : {}),
    };
    port.putBlueprint({ ...blueprint, relations });
    if (isPullRequest) {
      port.putBlueprint({ ...blueprint, relations, identifier: 'closedPullRequest' });
    }
  }
  const bare = { icon: 'BitBucket', schema: { properties: {}, required: [] }, relations: {} };
  port.putBlueprint({ ...bare, identifier: 'extra', title: 'Extra' });
}

/**
 * Puts our integration with a mapping, null for none. It remembers what it remembered before; a new one
 * that deletions have been judged, as by a run that found nothing to delete.
 */
export function putMapping(
  { port, clock }: World,
  config: JsonObject | null,
  difference: {
    readonly version?: string;
    readonly processingMode?: string;
    readonly spec?: JsonObject;
    readonly arePortResourcesInitialized?: boolean;
  } = {},
): void {
  const judged = new Date(clock.now()).toISOString().replace('.000Z', 'Z');
  port.putIntegration({
    spec: port.integration(IDENTIFIER)?.spec ?? { bitbucketPort: { judged } },
    installationId: IDENTIFIER,
    installationAppType: 'bitbucket-server',
    version: 'bitbucket-port-0.0.1',
    changelogDestination: {},
    config,
    ...difference,
  });
}

/** What a run with a failure ends with: its last line tells whether anything was done all the same. */
export function exitCodeOfFailed(result: string): 4 | 6 {
  const totals = /(\d\S*) new, (\S+) changed, (\S+) deleted, (\S+) same(?:, (\S+) by search)?/u;
  const [, ...counts] = totals.exec(result.replaceAll(/\s+/gu, ' ')) ?? [];
  return /[1-9]/u.test(counts.join(' ')) ? 4 : 6;
}

/** A world whose Port holds blueprints and a mapping. */
export async function aMappedWorld(
  company: Company,
  config: JsonObject | null,
  difference: WorldDifference = {},
): Promise<World> {
  const world = await startWorld(company, difference);
  putBlueprints(world);
  putMapping(world, config);
  return world;
}

/** A resource of a mapping. */
export function resource(kind: string, mappings: JsonValue, selector: JsonObject = {}): JsonObject {
  return { kind, selector: { query: 'true', ...selector }, port: { entity: { mappings } } };
}

/** A mapping of resources. */
export function mappingOf(resources: readonly JsonObject[], rest: JsonObject = {}): JsonObject {
  return { createMissingRelatedEntities: true, deleteDependentEntities: true, ...rest, resources };
}

/** `blueprint identifier` of all that calls deleted, sorted. */
export function deletedIn({ port }: Pick<World, 'port'>): readonly string[] {
  return port.writes
    .flatMap((write) =>
      write.type === 'entity-deleted' ? [`${write.blueprint} ${write.identifier}`] : [],
    )
    .sort();
}

/** Calls that asked Port to delete something, whatever came of them. */
export function deletionCalls({ port }: World): readonly RecordedRequest[] {
  return port.requests.filter(({ path }) => path.endsWith('/bulk/entities/delete'));
}

/** Requests to one listing of Bitbucket, the probe left out. */
export function listing(end: string): (request: RecordedRequest) => boolean {
  return ({ path, query }) => path.endsWith(`/${end}`) && query.get('limit') !== '1';
}

/** A fault that answers with a status and nothing that helps. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return { type: 'answer', answer: { status: code, headers, body: { message: 'no' } } };
}
