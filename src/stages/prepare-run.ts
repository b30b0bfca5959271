import type { Clock } from '../clock.js';
import type { JqEngine } from '../mapping/engine/engine.js';
import type { Mapping, MappingResource } from '../mapping/mapping.js';
import type { EventListener } from '../model/event.js';
import type { JsonObject } from '../model/json.js';
import type { BlueprintDefinition } from '../port/create-blueprints.js';
import type { PortClient } from '../port/port-client.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { Source } from '../source/source.js';
import {
  findIntegration,
  mappingOrigin,
  readMapping,
  type IntegrationRecord,
  type MappingOrigin,
} from './choose-mapping.js';
import {
  ensureRecord,
  isInitialized,
  isProcessedByPort,
  markInitialized,
  takenOverFrom,
} from './integration-record.js';
import { narrowedBlueprints, narrowedResources, type Narrowing } from './narrowing.js';
import { prepareBlueprints, type PreparedBlueprints } from './prepare-blueprints.js';
import type { PortWriter } from './entity-writer.js';
import type { RunContext } from './run-context.js';
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

/** A run that may begin. */
export interface PreparedRun {
  readonly context: RunContext;
  readonly resources: readonly MappingResource[];
  readonly policy: DeletionPolicy;
  readonly record: IntegrationRecord;
}

/**
 * Everything that can stop a run, cheapest first: nothing is written before the mapping is known to
 * be valid and both sides have accepted the credentials.
 * @throws ProblemError
 */
export async function prepareRun(request: RunRequest): Promise<PreparedRun> {
  const { client, localMapping, narrowing, emit } = request;
  const report = (problem: Problem): void => {
    emit({ type: 'problem', problem });
  };
  const { engine, source } = request;
  // A mapping of the user's own is checked before any request; its warnings are told below.
  const local = localMapping === null ? null : await readMapping(localMapping, engine, source);
  await acceptCredentials(request);
  const hasMapping = localMapping !== null;
  const record = await findIntegration(client, hasMapping, request.isIdentifierChosen, report);
  // Told in the first run of ours: the one that takes the catalog over, and deletes nothing.
  if (isProcessedByPort(record) && takenOverFrom(record) !== null) {
    const { identifier } = client.integration;
    report({ code: 'integration-processed-by-port', identifier });
  }
  const origin = mappingOrigin(localMapping, record, request.defaults.mapping);
  const { mapping, problems } = local ?? (await readMapping(origin, engine, source));
  problems.forEach(report);
  emit({ type: 'note', level: 'info', text: `Mapping: ${mapping.origin}` });
  const config = hasMapping ? {} : request.defaults.mapping;
  await ensureRecord(request.writer, client.integration, record, config, report);
  const { blueprints, created } = await initializedBlueprints(request, mapping, record, report);
  return {
    record,
    resources: narrowedResources(mapping, narrowing),
    context: { ...request, mapping, blueprints, newBlueprints: new Set(created), report },
    policy: {
      isOn: request.deletion.isOn,
      isCascadeAllowed: request.deletion.isCascadeAllowed,
      threshold: request.deletion.threshold ?? mapping.entityDeletionThreshold,
      takenOverFrom: takenOverFrom(record),
      record: record.status,
      narrowed: narrowedBlueprints(mapping, narrowing, blueprints),
      isNarrowed: narrowing.kinds !== null || narrowing.selectedKinds.size > 0,
    },
  };
}

/** Both sides are asked, so that a user learns of both at once. */
async function acceptCredentials({ client, source }: RunRequest): Promise<void> {
  const answers = await Promise.allSettled([client.authenticate(), source.probe()]);
  const problems: Problem[] = [];
  for (const answer of answers) {
    if (answer.status === 'fulfilled') continue;
    if (!(answer.reason instanceof ProblemError)) throw answer.reason;
    problems.push(...answer.reason.problems);
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw new ProblemError([first, ...others]);
}

async function initializedBlueprints(
  request: RunRequest,
  mapping: Mapping,
  record: IntegrationRecord,
  report: (problem: Problem) => void,
): Promise<PreparedBlueprints> {
  const { client, writer, defaults, initializePortResources } = request;
  const isDue = initializePortResources && !isInitialized(record);
  const definitions = isDue ? defaults.blueprints : [];
  const prepared = await prepareBlueprints(request, mapping, definitions, report);
  if (isDue && prepared.areInitialized) {
    await markInitialized(writer, client.integration, report);
  }
  return prepared;
}
