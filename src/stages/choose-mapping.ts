import type { Mapping } from '../mapping/mapping.js';
import type { MappingKind } from '../mapping/check-kinds.js';
import { parseMapping } from '../mapping/parse-mapping.js';
import type { JsonObject } from '../model/json.js';
import { listIntegrations, readIntegration, type IntegrationLookUp } from '../port/integration.js';
import type { PortClient } from '../port/port-client.js';
import { ProblemError, type Problem } from '../problems/problem.js';

/** What is known of the integration's record; `unreadable` only where a run can do without it. */
export type IntegrationRecord = IntegrationLookUp | { readonly status: 'unreadable' };

/**
 * Reads the integration's record. A run with a mapping of its own can do without it.
 * @param hasLocalMapping whether settings hold a mapping
 * @param isChosen whether the user chose the identifier
 * @throws ProblemError permission-refused, server-unavailable; integration-ambiguous when the record
 *   is missing and creating one would load a second catalog beside an existing one
 */
export async function findIntegration(
  client: PortClient,
  hasLocalMapping: boolean,
  isChosen: boolean,
  report: (problem: Problem) => void,
): Promise<IntegrationRecord> {
  let record: IntegrationLookUp;
  try {
    record = await readIntegration(client);
  } catch (error) {
    if (!(error instanceof ProblemError) || !hasLocalMapping) throw error;
    const { identifier } = client.integration;
    const subject = `reading integration ${identifier}`;
    report({ code: 'best-effort-failed', subject, reason: 'Port did not give it' });
    return { status: 'unreadable' };
  }
  if (record.status === 'missing' && !isChosen) await refuseSecondCatalog(client);
  return record;
}

async function refuseSecondCatalog(client: PortClient): Promise<void> {
  const { type, identifier } = client.integration;
  const existing = (await listIntegrations(client))
    .filter((integration) => integration.type === type)
    .map((integration) => integration.identifier);
  if (existing.length > 0) {
    throw ProblemError.of({ code: 'integration-ambiguous', identifier, existing });
  }
}

/** A mapping before it is parsed, and where it stands. */
export interface MappingOrigin {
  readonly value: unknown;
  /** `mapping.yml`, `integration my-integration in Port`, `the built-in default`. */
  readonly origin: string;
  /** Port may know keys that we do not; in the user's own file they are mistakes. */
  readonly unknownKeys: 'error' | 'warning';
}

/** The mapping that applies: the user's own, else the one in Port, else the built-in default. */
export function mappingOrigin(
  local: MappingOrigin | null,
  record: IntegrationRecord,
  fallback: JsonObject,
): MappingOrigin {
  if (local !== null) return local;
  if (record.status === 'found' && record.integration.config !== null) {
    return {
      value: record.integration.config,
      origin: `the mapping of integration ${record.integration.identifier} in Port`,
      unknownKeys: 'warning',
    };
  }
  return { value: fallback, origin: 'the built-in default mapping', unknownKeys: 'error' };
}

/**
 * Parses a mapping; warnings are reported.
 * @throws ProblemError mapping-invalid, with all that is wrong
 */
export function readMapping(
  { value, origin, unknownKeys }: MappingOrigin,
  kinds: readonly MappingKind[],
  report: (problem: Problem) => void,
): Mapping {
  const { mapping, problems } = parseMapping(value, { origin, kinds, unknownKeys });
  problems.forEach(report);
  return mapping;
}
