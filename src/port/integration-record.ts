import { z } from 'zod';
import type { JsonObject } from '../model/json.js';
import { jsonObject } from './answer-schema.js';

/** When an integration last ran, as it told Port. */
export interface ReportedResync {
  readonly status: string | null;
  /** Date and time as Port holds them. */
  readonly lastResyncStart: string | null;
  readonly lastResyncEnd: string | null;
}

/** The record of an integration in Port. */
export interface Integration {
  readonly identifier: string;
  readonly type: string;
  /** Who wrote it last: ours begins with `bitbucket-port-`. */
  readonly version: string | null;
  /** The mapping that is edited in Port; null when there is none, an empty one included. */
  readonly config: JsonObject | null;
  /** Whether default blueprints were created for it once. */
  readonly arePortResourcesInitialized: boolean;
  /** `dsp` when Port itself maps and loads what the integration ships. */
  readonly processingMode: string | null;
  readonly resync: ReportedResync;
}

const text = z.string().nullable().catch(null).default(null);

/**
 * The answers are not in the API reference: nothing but the object itself is relied upon. The
 * members are those that Port's own exporter reads (port-labs/ocean).
 */
const recordSchema = z.object({
  installationId: text,
  installationAppType: text,
  version: text,
  config: jsonObject.nullish(),
  arePortResourcesInitialized: z.boolean().nullish(),
  processingMode: text,
  resyncState: z
    .object({ status: text, lastResyncStart: text, lastResyncEnd: text })
    .nullish()
    .catch(null),
});

/** An answer about one integration. */
export const integrationAnswer = z.object({ integration: recordSchema });
/** An answer about all of them. */
export const integrationsAnswer = z.object({ integrations: z.array(recordSchema) });

type IntegrationRecord = z.output<typeof recordSchema>;

/** The record that an answer holds, for the integration that was asked for. */
export function integrationOf(record: IntegrationRecord, identifier: string): Integration {
  const config = record.config ?? {};
  return {
    identifier,
    type: record.installationAppType ?? '',
    version: record.version,
    config: Object.keys(config).length === 0 ? null : config,
    arePortResourcesInitialized: record.arePortResourcesInitialized ?? false,
    processingMode: record.processingMode,
    resync: record.resyncState ?? { status: null, lastResyncStart: null, lastResyncEnd: null },
  };
}

/** The records of a list. One that does not say whose it is can be nobody's. */
export function integrationsOf(records: readonly IntegrationRecord[]): readonly Integration[] {
  return records.flatMap((record) =>
    record.installationId === null ? [] : [integrationOf(record, record.installationId)],
  );
}
