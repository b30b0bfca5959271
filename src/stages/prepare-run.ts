import { type DeletionPolicy, historyOf } from '../deletion/history.js';
import { OwnLinks } from '../deletion/own-links.js';
import type { Mapping, MappingResource } from '../mapping/mapping.js';
import { LastReads } from '../model/last-reads.js';
import type { Problem } from '../problems/problem.js';
import {
  askBoth,
  type BothSides,
  type SeenCatalog,
  tellClocks,
  tellHistory,
  tellOverlap,
} from './ask-both-sides.js';
import {
  mappingOrigin,
  narrowedBlueprints,
  narrowedResources,
  readMapping,
} from './choose-mapping.js';
import { type Identifiers, identifiersOf, tellIdentifiers } from './identifiers.js';
import { newlyFilledIn } from './newly-filled-in.js';
import { isInitialized, markInitialized } from './integration-record.js';
import { definitionsFor, prepareBlueprints } from './prepare-blueprints.js';
import type { ReadingContext, RunContext, RunRequest } from './run-context.js';
import { tellWebhookDrift } from './webhook-drift.js';

/** A run that may begin: both sides took the credentials, and the mapping is valid. */
export interface BegunRun extends BothSides {
  readonly request: RunRequest;
  readonly reading: ReadingContext;
  readonly mapping: Mapping;
  readonly identifiers: Identifiers;
  readonly resources: readonly MappingResource[];
}

/** A run whose catalog is ready to be written. */
export interface PreparedRun {
  readonly context: RunContext;
  readonly policy: DeletionPolicy;
  readonly catalog: SeenCatalog;
  /** Answers once the record tells that the default blueprints are in place, where it is to. */
  readonly areDefaultsNoted: Promise<void>;
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
  const ours = local === null ? [] : narrowedResources(local.mapping, request.narrowing);
  const selecting = ours.map(({ kind, reference, selector }) => ({
    kind,
    resource: reference,
    selector,
  }));
  const { catalog, credentials } = await askBoth(request, selecting, report);
  const { record } = catalog;
  recallReads(catalog, request);
  tellClocks(catalog, request, report);
  await tellHistory(catalog, report);
  const origin = mappingOrigin(localMapping, record, request.defaults.mapping);
  const { mapping, problems } = local ?? (await readMapping(origin, engine, source));
  problems.forEach(report);
  await tellWebhookDrift(catalog.client, mapping, source.type, report);
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
  const now = catalog.startedAt ?? request.clock.now();
  const reading = { ...request, ownLinks, report, now };
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
    definitions: request.initializePortResources
      ? definitionsFor(mapping, defaults.blueprints, request.source.type)
      : [],
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
  const areDefaultsNoted = isDue && prepared.areInitialized ? mark() : Promise.resolve();
  // Whoever waits for it meets a failure; until then it must not end the process.
  areDefaultsNoted.catch(() => undefined);
  const newBlueprints = new Set(created);
  if (record.status === 'unreadable' || identity === 'unknown') writer.keepAll();
  return {
    catalog,
    areDefaultsNoted,
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
