import { z } from 'zod';
import type { JsonObject } from '../model/json.js';
import { versionInPort } from './data-source.js';
import { asCallProblem, isIdentifierTaken } from './describe-failure.js';
import {
  integrationAnswer,
  integrationOf,
  integrationsAnswer,
  integrationsOf,
  markedWith,
  notedFor,
  notedWebhook,
  type DeletionMark,
  type Integration,
  type RunNotes,
} from './integration-record.js';
import { emptyAnswer, type PortClient, type PortRequest } from './port-client.js';

/** Whether an integration is there. Only a 404 says that it is not. */
export type IntegrationLookUp =
  { readonly status: 'found'; readonly integration: Integration } | { readonly status: 'missing' };

/** What a run may change on its integration, besides its mark. The rest belongs to the user. */
export interface IntegrationChange {
  readonly arePortResourcesInitialized?: true;
}

/**
 * The integration of this client.
 * @throws ProblemError permission-refused, server-unavailable
 */
export function readIntegration(client: PortClient): Promise<IntegrationLookUp> {
  const request: PortRequest = { ...ownIntegration(client, 'GET'), accepted: [404] };
  return orProblem(request.subject, async () => {
    const { status, body } = await client.json(request, integrationAnswer);
    if (status === 404) return { status: 'missing' };
    return {
      status: 'found',
      integration: ownRecord(client, body ?? emptyAnswer(request.subject)),
    };
  });
}

/**
 * All integrations of the organization.
 * @throws ProblemError permission-refused, server-unavailable
 */
export function listIntegrations(client: PortClient): Promise<readonly Integration[]> {
  const subject = 'integrations';
  return orProblem(subject, async () => {
    const { integrations } = await client.body(
      { method: 'GET', path: ['integration'], subject, caller: 'integration', repeatable: true },
      integrationsAnswer,
    );
    return integrationsOf(integrations);
  });
}

/**
 * Creates the integration of this client; the one that is there when another run was faster.
 * @param config its mapping, to be edited in Port from then on
 * @throws ProblemError permission-refused, server-unavailable
 */
export function createIntegration(
  client: PortClient,
  { config }: { readonly config: JsonObject },
): Promise<Integration> {
  const { identifier, type } = client.integration;
  const request: PortRequest = {
    method: 'POST',
    path: ['integration'],
    subject: `integration ${identifier}`,
    caller: 'integration',
    // The identifier is unique: a second attempt would be told that it exists already.
    repeatable: false,
    body: {
      installationId: identifier,
      installationAppType: type,
      version: versionInPort(client.integration),
      changelogDestination: {},
      config,
      actionsProcessingEnabled: false,
      createPortResourcesOrigin: 'Ocean',
    },
  };
  return orProblem(request.subject, async () => {
    try {
      return ownRecord(client, await client.body(request, integrationAnswer));
    } catch (error) {
      if (!isIdentifierTaken(error)) throw error;
      // Another run was first. Its mapping is the one in use.
      return ownRecord(client, await client.body(ownIntegration(client, 'GET'), integrationAnswer));
    }
  });
}

/**
 * Writes the given change. Makes no call when there are none: Port takes an empty change for the
 * order to resync.
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function updateIntegration(
  client: PortClient,
  change: IntegrationChange,
): Promise<void> {
  const { arePortResourcesInitialized } = change;
  if (arePortResourcesInitialized !== true) return;
  const body: JsonObject = { arePortResourcesInitialized };
  const request: PortRequest = { ...ownIntegration(client, 'PATCH'), body };
  await orProblem(request.subject, () => client.json(request, z.unknown()));
}

/**
 * Signs the integration with our version, which tells the next run that the catalog is ours, and makes
 * it remember the mark.
 * @returns the integration as Port holds it afterwards: whether it took the mark is told by nothing else
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function signIntegration(
  client: PortClient,
  mark: DeletionMark,
  record: Pick<Integration, 'isHosted' | 'spec'>,
): Promise<Integration> {
  const body = markedWith(mark, versionInPort(client.integration), record);
  const request: PortRequest = { ...ownIntegration(client, 'PATCH'), body };
  return orProblem(request.subject, async () => {
    await client.json(request, z.unknown());
    return ownRecord(client, await client.body(ownIntegration(client, 'GET'), integrationAnswer));
  });
}

/**
 * Makes the integration remember the notes. It is read first: the run may have left its mark there, and
 * a run that began later takes its own notes.
 * @param startedAt when the run told Port that it began, in milliseconds since the epoch
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function leaveNotes(
  client: PortClient,
  notes: RunNotes,
  startedAt: number,
): Promise<void> {
  const now = await readIntegration(client);
  if (now.status === 'missing') return;
  const lastStart = Date.parse(now.integration.resync.lastResyncStart ?? '');
  if (lastStart > startedAt) return;
  const body = notedFor(notes, now.integration);
  if (body === null) return;
  const request: PortRequest = { ...ownIntegration(client, 'PATCH'), body };
  await orProblem(request.subject, () => client.json(request, z.unknown()));
}

/**
 * Makes the integration remember the webhook that writes for it.
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function noteWebhook(
  client: PortClient,
  webhook: string,
  record: Pick<Integration, 'spec'>,
): Promise<void> {
  const body = notedWebhook(webhook, record);
  const request: PortRequest = { ...ownIntegration(client, 'PATCH'), body };
  await orProblem(request.subject, () => client.json(request, z.unknown()));
}

/**
 * Makes a mapping the one that the integration holds.
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function writeMapping(client: PortClient, config: JsonObject): Promise<void> {
  const own = ownIntegration(client, 'PATCH');
  const subject = `mapping of ${own.subject}`;
  const request: PortRequest = { ...own, subject, path: [...own.path, 'config'], body: { config } };
  await orProblem(subject, () => client.json(request, z.unknown()));
}

function ownIntegration(client: PortClient, method: PortRequest['method']): PortRequest {
  const { identifier } = client.integration;
  return {
    method,
    path: ['integration', identifier],
    subject: `integration ${identifier}`,
    caller: 'integration',
    repeatable: true,
  };
}

function ownRecord(client: PortClient, answer: z.output<typeof integrationAnswer>): Integration {
  return integrationOf(answer.integration, client.integration.identifier);
}

async function orProblem<Value>(subject: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw asCallProblem(error, subject);
  }
}
