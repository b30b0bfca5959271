import { type DeletionPolicy, historyOf, otherSigner } from '../deletion/history.js';
import type { Blueprint } from '../model/blueprint.js';
import { readBlueprints } from '../port/blueprints.js';
import { namesakesOf } from '../port/data-source.js';
import { listIntegrations } from '../port/integration.js';
import type { PortClient } from '../port/port-client.js';
import { readOrganization } from '../port/organization.js';
import { runningSince } from '../port/resync-state.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { ProbeAnswer, Selecting } from '../source/source.js';
import { findIntegration, type IntegrationRecord } from './choose-mapping.js';
import { isSaidToBeProcessed } from './integration-record.js';
import { skewBetween } from './clock-skew.js';
import type { RunRequest } from './run-context.js';
import { webhookOf } from './webhook-drift.js';

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

/** What both sides said before the run began. */
export interface BothSides {
  readonly catalog: SeenCatalog;
  /** Whether Bitbucket showed that it knows the credentials. */
  readonly credentials: ProbeAnswer['credentials'];
}

/**
 * Both sides are asked at the same time, so that a user learns of both at once.
 * @param selecting resources of the user's own mapping, where a mistake ends the run
 * @throws ProblemError with what either side objects to
 */
export async function askBoth(
  request: RunRequest,
  selecting: readonly Selecting[],
  report: (problem: Problem) => void,
): Promise<BothSides> {
  const [catalog, bitbucket] = await Promise.allSettled([
    askPort(request, report),
    request.source.probe(selecting),
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
  { client, localMapping, isIdentifierChosen, hasWebhookSecret }: RunRequest,
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
  const webhook = webhookOf(record.value, client.integration, hasWebhookSecret);
  const { identity, client: telling } = apart.value;
  return {
    record: record.value,
    blueprints: blueprints.value,
    identity,
    client:
      webhook === null
        ? telling
        : telling.knowing({ webhook: { identifier: webhook, creator: client.clientId } }),
    startedAt,
  };
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
      client: identifiers.length === 0 ? client : client.knowing({ namesakes: identifiers }),
    };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { identity: 'unknown', client };
  }
}

/** Times in logs and reports do not fit those in Port where clocks disagree. */
export function tellClocks(
  { startedAt }: SeenCatalog,
  { clock }: RunRequest,
  report: (problem: Problem) => void,
): void {
  const skew = startedAt === null ? null : skewBetween('port', startedAt, clock.now());
  if (skew !== null && skew !== 'near enough') report(skew);
}

/** Tells who else loaded the catalog, in the first run that finds it. */
export async function tellHistory(
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
export function tellOverlap(
  { record, startedAt }: SeenCatalog,
  report: (problem: Problem) => void,
): number | null {
  if (record.status !== 'found' || startedAt === null) return null;
  const { identifier, resync } = record.integration;
  const since = runningSince(resync, startedAt);
  if (since !== null) report({ code: 'run-overlaps', identifier, since });
  return since;
}
