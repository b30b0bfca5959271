import type { Clock } from '../clock.js';
import type { JqEngine } from '../mapping/engine/engine.js';
import type { Mapping, MappingResource } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import type { EventListener } from '../model/event.js';
import type { JsonObject } from '../model/json.js';
import { readBlueprints } from '../port/blueprints.js';
import type { BlueprintDefinition } from '../port/create-blueprints.js';
import type { PortClient } from '../port/port-client.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { Source } from '../source/source.js';
import type { AnnouncedRun } from './announce-run.js';
import {
  findIntegration,
  mappingOrigin,
  readMapping,
  type IntegrationRecord,
  type MappingOrigin,
} from './choose-mapping.js';
import {
  isInitialized,
  isProcessedByPort,
  markInitialized,
  takenOverFrom,
} from './integration-record.js';
import { narrowedBlueprints, narrowedResources, type Narrowing } from './narrowing.js';
import { prepareBlueprints } from './prepare-blueprints.js';
import type { PortWriter } from './entity-writer.js';
import type { ReadingContext, RunContext } from './run-context.js';
import type { DeletionPolicy } from './withholding.js';

/** All that a run needs from outside. */
export interface RunRequest {
  readonly source: Source;
  /** The source in words: `Bitbucket Data Center https://bitbucket.example.com`. */
  readonly describe: string;
  readonly client: PortClient;
  readonly writer: PortWriter;
  readonly engine: JqEngine;
  readonly clock: Clock;
  /** When the command began, in milliseconds since the epoch: its limit is counted from there. */
  readonly startedAt: number;
  readonly emit: EventListener;
  readonly signal: AbortSignal;
  /** The mapping of the settings, or null. */
  readonly localMapping: MappingOrigin | null;
  readonly defaults: {
    readonly mapping: JsonObject;
    readonly blueprints: readonly BlueprintDefinition[];
  };
  /** Whether the user chose the integration's identifier. */
  readonly isIdentifierChosen: boolean;
  readonly initializePortResources: boolean;
  readonly narrowing: Narrowing;
  readonly deletion: {
    readonly isOn: boolean;
    /** Overrides the mapping's for this run; null keeps it. */
    readonly threshold: number | null;
    /** With `--allow-cascade`. */
    readonly isCascadeAllowed: boolean;
  };
  /** Whether Port is sent the first raw items of each kind. */
  readonly sendRawDataExamples: boolean;
  /** The time that the run has; null for any. */
  readonly timeoutMilliseconds: number | null;
  /** How the run stands by its problems so far, for Port. */
  readonly outcome: () => 'completed' | 'failed' | 'aborted';
  /** Requests over the wire so far. */
  readonly requests: () => { readonly bitbucket: number; readonly port: number };
}

/** A run that may begin: both sides took the credentials, and the mapping is valid. */
export interface BegunRun {
  readonly request: RunRequest;
  readonly reading: ReadingContext;
  readonly mapping: Mapping;
  readonly resources: readonly MappingResource[];
  readonly record: IntegrationRecord;
  /** The blueprints that Port has. */
  readonly blueprints: ReadonlyMap<string, Blueprint>;
}

/** A run whose catalog is ready to be written. */
export interface PreparedRun {
  readonly context: RunContext;
  readonly policy: DeletionPolicy;
  readonly record: IntegrationRecord;
}

/**
 * Everything that can stop a run: nothing is written before the mapping is known to be valid and
 * both sides have accepted the credentials.
 * @throws ProblemError
 */
export async function beginRun(request: RunRequest): Promise<BegunRun> {
  const { client, localMapping, emit, engine, source } = request;
  const report = (problem: Problem): void => {
    emit({ type: 'problem', problem });
  };
  // A mapping of the user's own is checked before any request; its warnings are told below.
  const local = localMapping === null ? null : await readMapping(localMapping, engine, source);
  const { record, blueprints } = await askBoth(request, report);
  // Told in the first run of ours: the one that takes the catalog over, and deletes nothing.
  if (isProcessedByPort(record) && takenOverFrom(record) !== null) {
    const { identifier } = client.integration;
    report({ code: 'integration-processed-by-port', identifier });
  }
  const origin = mappingOrigin(localMapping, record, request.defaults.mapping);
  const { mapping, problems } = local ?? (await readMapping(origin, engine, source));
  problems.forEach(report);
  emit({ type: 'note', level: 'info', text: `Mapping: ${mapping.origin}` });
  const resources = narrowedResources(mapping, request.narrowing);
  emit({
    type: 'run-started',
    at: request.clock.now(),
    source: request.describe,
    port: client.origin,
    integration: client.integration.identifier,
    resources: resources.map(({ reference }) => reference),
  });
  return { request, reading: { ...request, report }, mapping, resources, record, blueprints };
}

/** Makes Port ready: in a first run, it gets the default blueprints that it lacks. */
export async function prepareCatalog(
  { request, reading, mapping, record, blueprints: existing }: BegunRun,
  { isAnnounced }: AnnouncedRun,
): Promise<PreparedRun> {
  const { narrowing, deletion, defaults, writer, client } = request;
  const { report } = reading;
  const isDue = request.initializePortResources && !isInitialized(record);
  const definitions = isDue ? defaults.blueprints : [];
  const prepared = await prepareBlueprints(writer, mapping, existing, definitions, report);
  const { blueprints, created } = prepared;
  if (isDue && prepared.areInitialized) {
    // There may have been no record before.
    await isAnnounced;
    await markInitialized(writer, client.integration, report);
  }
  return {
    record,
    context: { ...request, ...reading, mapping, blueprints, newBlueprints: new Set(created) },
    policy: {
      isOn: deletion.isOn,
      isCascadeAllowed: deletion.isCascadeAllowed,
      threshold: deletion.threshold ?? mapping.entityDeletionThreshold,
      takenOverFrom: takenOverFrom(record),
      record: record.status,
      narrowed: narrowedBlueprints(mapping, narrowing, blueprints),
      isNarrowed: narrowing.kinds !== null || narrowing.selectedKinds.size > 0,
    },
  };
}

/** Both sides are asked at the same time, so that a user learns of both at once. */
async function askBoth(
  request: RunRequest,
  report: (problem: Problem) => void,
): Promise<Pick<BegunRun, 'record' | 'blueprints'>> {
  const [catalog, bitbucket] = await Promise.allSettled([
    askPort(request, report),
    request.source.probe(),
  ]);
  const problems: Problem[] = [];
  for (const answer of [catalog, bitbucket]) {
    if (answer.status === 'fulfilled') continue;
    if (!(answer.reason instanceof ProblemError)) throw answer.reason;
    problems.push(...answer.reason.problems);
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw new ProblemError([first, ...others]);
  if (catalog.status === 'rejected') throw catalog.reason;
  return catalog.value;
}

/** What Port says of the integration comes first: it may be the reason for the other refusal. */
async function askPort(
  { client, localMapping, isIdentifierChosen }: RunRequest,
  report: (problem: Problem) => void,
): Promise<Pick<BegunRun, 'record' | 'blueprints'>> {
  await client.authenticate();
  const [record, blueprints] = await Promise.allSettled([
    findIntegration(client, localMapping !== null, isIdentifierChosen, report),
    readBlueprints(client),
  ]);
  if (record.status === 'rejected') throw record.reason;
  if (blueprints.status === 'rejected') throw blueprints.reason;
  return { record: record.value, blueprints: blueprints.value };
}
