import type { JsonObject } from '../model/json.js';
import { OUR_VERSIONS, versionInPort, type IntegrationIdentity } from '../port/data-source.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { IntegrationRecord } from './choose-mapping.js';
import type { PortWriter } from './entity-writer.js';

/** How the record names Port's own data source processor. */
const PROCESSED_BY_PORT = 'dsp';

/** The version of another program that wrote the integration last; null when that was ours. */
export function takenOverFrom(record: IntegrationRecord): string | null {
  switch (record.status) {
    case 'missing':
      return null;
    case 'unreadable':
      return 'an unknown program';
    case 'found': {
      const { version } = record.integration;
      if (version === null) return 'an unknown program';
      return version.startsWith(OUR_VERSIONS) ? null : version;
    }
  }
}

/** Whether Port itself mapped and loaded what another program shipped, whatever it called that. */
export function isProcessedByPort(record: IntegrationRecord): boolean {
  return record.status === 'found' && record.integration.processingMode === PROCESSED_BY_PORT;
}

/** Whether default blueprints were created for the integration before. */
export function isInitialized(record: IntegrationRecord): boolean {
  return record.status === 'found' && record.integration.arePortResourcesInitialized;
}

/**
 * Creates the record where there is none, which can fail without harm.
 * @param config the mapping to be edited in Port from then on
 */
export async function ensureRecord(
  writer: PortWriter,
  { identifier }: IntegrationIdentity,
  record: IntegrationRecord,
  config: JsonObject,
  report: (problem: Problem) => void,
): Promise<void> {
  if (record.status !== 'missing') return;
  await bestEffort(`creating integration ${identifier}`, report, () =>
    writer.createIntegration(config),
  );
}

/** Notes on the record that the default blueprints are in place. */
export async function markInitialized(
  writer: PortWriter,
  { identifier }: IntegrationIdentity,
  report: (problem: Problem) => void,
): Promise<void> {
  await bestEffort(`marking integration ${identifier}`, report, () =>
    writer.updateIntegration({ arePortResourcesInitialized: true }),
  );
}

/**
 * Writes our version onto the record, which tells the next run that the catalog is ours. Only done
 * when a run came to its end: until then the user has not been told what a next one would delete.
 */
export async function signRecord(
  writer: PortWriter,
  integration: IntegrationIdentity,
  record: IntegrationRecord,
  report: (problem: Problem) => void,
): Promise<void> {
  if (record.status !== 'found') return;
  if (record.integration.version === versionInPort(integration)) return;
  await bestEffort(`writing our version onto ${integration.identifier}`, report, () =>
    writer.updateIntegration({ version: true }),
  );
}

async function bestEffort(
  subject: string,
  report: (problem: Problem) => void,
  action: () => Promise<unknown>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [problem] = error.problems;
    const reason = 'reason' in problem ? problem.reason : 'Port refused it';
    report({ code: 'best-effort-failed', subject, reason });
  }
}
