import type { Clock } from '../clock.js';
import { type Approval, type DeletionPolicy, historyOf, otherSigner } from '../deletion/history.js';
import { OwnLinks } from '../deletion/own-links.js';
import type { JqEngine } from '../mapping/engine/engine.js';
import type { Mapping, MappingResource } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import type { EventListener } from '../model/event.js';
import type { JsonObject } from '../model/json.js';
import { LastReads } from '../model/last-reads.js';
import { readBlueprints } from '../port/blueprints.js';
import type { BlueprintDefinition } from '../port/create-blueprints.js';
import { namesakesOf } from '../port/data-source.js';
import { listIntegrations } from '../port/integration.js';
import type { PortClient } from '../port/port-client.js';
import type { Integration } from '../port/integration-record.js';
import { readOrganization } from '../port/organization.js';
import { runningSince } from '../port/resync-state.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { ProbeAnswer, Source } from '../source/source.js';
import {
  findIntegration,
  mappingOrigin,
  readMapping,
  type IntegrationRecord,
  type MappingOrigin,
} from './choose-mapping.js';
import { identifiersOf, tellIdentifiers, type Identifiers } from './identifiers.js';
import { newlyFilledIn } from './newly-filled-in.js';
import { isInitialized, isSaidToBeProcessed, markInitialized } from './integration-record.js';
import { narrowedBlueprints, narrowedResources, type Narrowing } from './narrowing.js';
import { prepareBlueprints } from './prepare-blueprints.js';
import type { PortWriter } from './entity-writer.js';
import type { ReadingContext, RunContext } from './run-context.js';
import { skewBetween } from './clock-skew.js';

/** All that a run needs from outside. */
export interface RunRequest {
  readonly source: Source;
  /** The source in words: `Bitbucket Data Center https://bitbucket.example.com`. */
  readonly describe: string;
  readonly client: PortClient;
  readonly writer: PortWriter;
  readonly engine: JqEngine;
  readonly clock: Clock;
  /** Gives a number from 0 to below 1. */
  readonly random: () => number;
  /** When the command began, in milliseconds since the epoch: its limit is counted from there. */
  readonly startedAt: number;
  readonly emit: EventListener;
  /**
   * Told of the integration once it is there, with what is loaded for it. Absent where Port's page of
   * it is told nothing.
   */
  readonly onIntegration?: (
    integration: Integration,
    resources: readonly MappingResource[],
  ) => void;
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
    /** The only blueprints to delete in; null: every one. */
    readonly only: ReadonlySet<string> | null;
    readonly approval: Approval | null;
    /** With `--allow-cascade`. */
    readonly isCascadeAllowed: boolean;
  };
  /** Whether Port is sent the first raw items of each kind. */
  readonly sendRawDataExamples: boolean;
  /** How long a repository may go unread for want of requests. */
  readonly maxStaleMilliseconds: number;
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
  readonly identifiers: Identifiers;
  readonly resources: readonly MappingResource[];
  readonly catalog: SeenCatalog;
  /** Whether Bitbucket showed that it knows the credentials. */
  readonly credentials: ProbeAnswer['credentials'];
}

/** What Port told before anything was written. */
export interface SeenCatalog {
  readonly record: IntegrationRecord;
  /** The blueprints that Port has. */
  readonly blueprints: ReadonlyMap<string, Blueprint>;
  /** Reads, and takes no entity of another integration for ours. */
  readonly client: PortClient;
  /** Whether entities of this integration can be told from those of all others. */
  readonly identity: DeletionPolicy['identity'];
  /** When the run began, by Port's clock, in milliseconds since the epoch; null: Port did not tell. */
  readonly startedAt: number | null;
}

/** A run whose catalog is ready to be written. */
export interface PreparedRun {
  readonly context: RunContext;
  readonly policy: DeletionPolicy;
  readonly catalog: SeenCatalog;
  /** Answers once the record tells that the default blueprints are in place, where it is to. */
  readonly isMarked: Promise<void>;
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
  const { catalog, credentials } = await askBoth(request, report);
  const { record } = catalog;
  recallReads(catalog, request);
  tellClocks(catalog, request, report);
  await tellHistory(catalog, report);
  const origin = mappingOrigin(localMapping, record, request.defaults.mapping);
  const { mapping, problems } = local ?? (await readMapping(origin, engine, source));
  problems.forEach(report);
  emit({ type: 'note', level: 'info', text: `Mapping: ${mapping.origin}` });
  const identifiers = identifiersOf(mapping, record, source.type);
  const words = tellIdentifiers(identifiers, source.type);
  if (words !== null) emit({ type: 'note', level: 'info', text: `New integration: ${words}` });
  const resources = narrowedResources(mapping, request.narrowing);
  newlyFilledIn(resources, source.kinds, historyOf(record, catalog.startedAt)).forEach(report);
  if (record.status === 'found') request.onIntegration?.(record.integration, resources);
  emit({
    type: 'run-started',
    at: request.clock.now(),
    source: request.describe,
    port: client.origin,
    integration: client.integration.identifier,
    resources: resources.map(({ reference }) => reference),
  });
  const ownLinks = new OwnLinks((one, other) => {
    const address = source.addressOf(one);
    return address !== null && address.key === source.addressOf(other)?.key;
  });
  const reading = { ...request, ownLinks, report };
  return { request, reading, mapping, identifiers, resources, catalog, credentials };
}

/** Makes Port ready: in a first run, it gets the built-in blueprints that it lacks. */
export async function prepareCatalog(
  { request, reading, mapping, identifiers, catalog, credentials }: BegunRun,
  isAnnounced: Promise<boolean>,
): Promise<PreparedRun> {
  const { narrowing, deletion, defaults, writer } = request;
  const { record, client, identity, blueprints: existing } = catalog;
  const { report } = reading;
  const isDue = request.initializePortResources && !isInitialized(record);
  const builtIn = {
    definitions: request.initializePortResources ? defaults.blueprints : [],
    isFirstRun: isDue,
    clientId: client.clientId,
  };
  const prepared = await prepareBlueprints(writer, mapping, existing, builtIn, report);
  const { blueprints, created } = prepared;
  const mark = async (): Promise<void> => {
    // There may have been no record before.
    await isAnnounced;
    await markInitialized(writer, client.integration, report);
  };
  const isMarked = isDue && prepared.areInitialized ? mark() : Promise.resolve();
  // Whoever waits for it meets a failure; until then it must not end the process.
  isMarked.catch(() => undefined);
  const newBlueprints = new Set(created);
  if (record.status === 'unreadable' || identity === 'unknown') writer.keepAll();
  return {
    catalog,
    isMarked,
    context: { ...request, ...reading, client, mapping, blueprints, newBlueprints, identifiers },
    policy: {
      isOn: deletion.isOn,
      only: deletion.only,
      approval: deletion.approval,
      isCascadeAllowed: deletion.isCascadeAllowed,
      threshold: deletion.threshold ?? mapping.entityDeletionThreshold,
      history: historyOf(record, catalog.startedAt),
      otherRunSince: tellOverlap(catalog, report),
      identity,
      credentials,
      narrowed: narrowedBlueprints(mapping, narrowing, blueprints),
      isNarrowed: narrowing.kinds !== null || narrowing.selectedKinds.size > 0,
    },
  };
}

/** Hands the source what Port remembers of former runs; times are compared by Port's clock. */
function recallReads(
  { record, startedAt }: SeenCatalog,
  { source, maxStaleMilliseconds }: RunRequest,
): void {
  if (record.status === 'unreadable' || startedAt === null) return;
  const reads = record.status === 'found' ? record.integration.lastReads : LastReads.NONE;
  source.memory?.recall(reads, startedAt, maxStaleMilliseconds);
}

/** Times in logs and reports do not fit those in Port where clocks disagree. */
function tellClocks(
  { startedAt }: SeenCatalog,
  { clock }: RunRequest,
  report: (problem: Problem) => void,
): void {
  const skew = startedAt === null ? null : skewBetween('port', startedAt, clock.now());
  if (skew !== null && skew !== 'near enough') report(skew);
}

/** Both sides are asked at the same time, so that a user learns of both at once. */
async function askBoth(
  request: RunRequest,
  report: (problem: Problem) => void,
): Promise<Pick<BegunRun, 'catalog' | 'credentials'>> {
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
  if (bitbucket.status === 'rejected') throw bitbucket.reason;
  return { catalog: catalog.value, credentials: bitbucket.value.credentials };
}

/** What Port says of the integration comes first: it may be the reason for the other refusal. */
async function askPort(
  { client, localMapping, isIdentifierChosen }: RunRequest,
  report: (problem: Problem) => void,
): Promise<SeenCatalog> {
  await client.authenticate();
  // Whatever is written in Port from here on is as new as this run.
  const startedAt = client.now();
  const [record, blueprints, apart] = await Promise.allSettled([
    findIntegration(client, localMapping !== null, isIdentifierChosen, report),
    readBlueprints(client),
    tellApart(client),
  ]);
  if (record.status === 'rejected') throw record.reason;
  if (blueprints.status === 'rejected') throw blueprints.reason;
  if (apart.status === 'rejected') throw apart.reason;
  return { record: record.value, blueprints: blueprints.value, ...apart.value, startedAt };
}

/**
 * Finds out which other integrations could be taken for this one, and never takes their entities for
 * ours.
 */
async function tellApart(
  client: PortClient,
): Promise<{ readonly identity: DeletionPolicy['identity']; readonly client: PortClient }> {
  try {
    const all = await listIntegrations(client);
    const { identifiers, twin } = namesakesOf(client.integration, all);
    return {
      identity: twin === null ? 'certain' : { twin },
      client: identifiers.length === 0 ? client : client.besides(identifiers),
    };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { identity: 'unknown', client };
  }
}

/** Tells who else loaded the catalog, in the first run that finds it. */
async function tellHistory(
  { record, startedAt, client }: SeenCatalog,
  report: (problem: Problem) => void,
): Promise<void> {
  const { identifier } = client.integration;
  const history = historyOf(record, startedAt);
  if (history.status === 'two writers') {
    report({ code: 'two-writers', identifier, version: history.other });
  }
  if (!isSaidToBeProcessed(record) || otherSigner(record) === null) return;
  try {
    const { isProcessedByPort } = await readOrganization(client);
    if (isProcessedByPort) report({ code: 'integration-processed-by-port', identifier });
  } catch (error) {
    // Who may not ask for the organization is told nothing that may be wrong.
    if (!(error instanceof ProblemError)) throw error;
  }
}

/** Since when another run of the integration is under way, by Port's clock; null when none is. */
function tellOverlap(
  { record, startedAt }: SeenCatalog,
  report: (problem: Problem) => void,
): number | null {
  if (record.status !== 'found' || startedAt === null) return null;
  const { identifier, resync } = record.integration;
  const since = runningSince(resync, startedAt);
  if (since !== null) report({ code: 'run-overlaps', identifier, since });
  return since;
}
