import type { JsonObject } from '../model/json.js';
import type { PageRow } from '../model/page-row.js';
import { versionInPort, type IntegrationIdentity } from './data-source.js';

/** A row as Port takes it (port-labs/ocean): by the phases of what was done. */
export function rowPayload(
  identity: IntegrationIdentity,
  eventId: string,
  { kindIdentifier, kind, kindIndex, blueprint, state, milliseconds, counts }: PageRow,
): JsonObject {
  const version = versionInPort(identity);
  const isDone = state === 'completed';
  return {
    integrationType: identity.type,
    installationType: 'OnPrem',
    executionMode: 'single_process',
    integrationIdentifier: identity.identifier,
    integrationVersion: version,
    // The container tells the version of its framework, which we have none of.
    oceanVersion: version,
    kindIdentifier,
    kind,
    kindIndex,
    eventId,
    syncState: state,
    blueprint,
    metrics: {
      phase: {
        resync: { duration_seconds: milliseconds / 1_000, success: isDone ? 1 : 0 },
        ...countsPayload(counts),
      },
    },
  };
}

function countsPayload(counts: PageRow['counts']): JsonObject {
  if (counts === null) return {};
  if ('deleted' in counts) return { delete: numbers({ deleted: counts.deleted }) };
  return {
    extract: numbers({ raw_extracted: counts.extracted }),
    transform: numbers({
      transformed: counts.transformed,
      filtered_out: counts.filteredOut,
      failed: counts.notTransformed,
    }),
    load: numbers({ loaded: counts.loaded, failed: counts.notLoaded, skipped: counts.skipped }),
  };
}

function numbers(counts: Readonly<Record<string, number>>): JsonObject {
  const entries = Object.entries(counts).map(
    ([name, count]) => [name, { object_count: count }] as const,
  );
  return { object_count_type: Object.fromEntries(entries) };
}
