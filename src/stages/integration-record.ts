import type { JsonObject } from '../model/json.js';
import type { IntegrationIdentity } from '../port/data-source.js';
import type { DeletionMark, Integration, RunNotes } from '../port/integration-record.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { IntegrationRecord } from './choose-mapping.js';
import type { PortWriter } from './entity-writer.js';
import type { RunContext } from './run-context.js';

/** How the record names Port's own data source processor. */
const PROCESSED_BY_PORT = 'dsp';

/**
 * Whether the record says that Port itself maps and loads what another program ships. The container
 * writes so at every start; it is so where the flags of the organization say the same.
 */
export function isSaidToBeProcessed(record: IntegrationRecord): boolean {
  return record.status === 'found' && record.integration.processingMode === PROCESSED_BY_PORT;
}

/** Whether default blueprints were created for the integration before. */
export function isInitialized(record: IntegrationRecord): boolean {
  return record.status === 'found' && record.integration.arePortResourcesInitialized;
}

/**
 * Creates the record where there is none, and gives it a mapping where it lacks one, which can fail
 * without harm.
 * @returns the record that was created; null where none was
 * @param config the mapping to be edited in Port from then on; null: it has one, or needs none
 */
export async function ensureRecord(
  writer: PortWriter,
  { identifier }: IntegrationIdentity,
  record: IntegrationRecord,
  config: JsonObject | null,
  report: (problem: Problem) => void,
): Promise<Integration | null> {
  if (record.status === 'missing') {
    return bestEffort(`creating integration ${identifier}`, report, () =>
      writer.createIntegration(config ?? {}),
    );
  } else if (record.status === 'found' && config !== null) {
    await bestEffort(`writing the built-in mapping onto integration ${identifier}`, report, () =>
      writer.writeMapping(config),
    );
  }
  return null;
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
 * Signs the record with our version, which tells the next run that the catalog is ours, and makes it
 * remember when deletions were judged.
 * @returns whether Port keeps it: nothing may be deleted otherwise
 */
export async function leaveMark(
  writer: PortWriter,
  { identifier }: IntegrationIdentity,
  record: IntegrationRecord,
  mark: DeletionMark,
  report: (problem: Problem) => void,
): Promise<boolean> {
  // A record that this run made holds nothing of others.
  const holds =
    record.status === 'found' ? record.integration : { isHosted: false, spec: {}, version: null };
  const isKept = await bestEffort(
    `writing onto integration ${identifier} when deletions were judged`,
    report,
    () => writer.signIntegration(mark, holds),
  );
  if (isKept === false) report({ code: 'mark-dropped', identifier });
  return isKept ?? false;
}

/**
 * Makes the record remember for the next run when repositories were read, where the limits did not let
 * this one read them all, and since when deletions are withheld. A run does without where that fails.
 * @param startedAt when Port was told that the run began
 */
export async function leaveNotes(
  notes: RunNotes,
  startedAt: number,
  { writer, client, report }: Pick<RunContext, 'writer' | 'client' | 'report'>,
): Promise<void> {
  if (notes.reads === null && notes.withheld === null) return;
  const subject = `writing notes for the next run onto integration ${client.integration.identifier}`;
  await bestEffort(subject, report, () => writer.leaveNotes(notes, startedAt));
}

/** What the action gives; null when it failed, which is reported. */
export async function bestEffort<Value>(
  subject: string,
  report: (problem: Problem) => void,
  action: () => Promise<Value>,
): Promise<Value | null> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [problem] = error.problems;
    const reason = 'reason' in problem ? problem.reason : 'Port refused it';
    const remedy = 'Give the account of PORT_CLIENT_ID the permission to update integrations';
    report({ code: 'best-effort-failed', subject, reason, remedy });
    return null;
  }
}
