import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { JsonObject, JsonValue } from '../model/json.js';
import { jsonObject } from './answer-schema.js';
import type { IntegrationIdentity } from './data-source.js';
import { asCallProblem } from './describe-failure.js';
import { emptyAnswer, type PortClient, type PortRequest } from './port-client.js';

/** A webhook in Port, as far as it can be read. Its secret cannot. */
export interface Webhook {
  readonly identifier: string;
  /** Where events are posted to. */
  readonly url: string;
  /** What it is, as it would be written. */
  readonly content: WebhookContent;
}

/** The members of a webhook that we write, the secret apart. */
export interface WebhookContent {
  readonly title: string;
  readonly description: string;
  readonly icon: string;
  readonly enabled: boolean;
  readonly mappings: readonly JsonValue[];
  readonly security: JsonObject;
}

/** The longest identifier that Port takes for a webhook (reference: create-a-webhook). */
const LONGEST_IDENTIFIER = 30;

/** What tells the webhook of one integration from that of another with the same beginning. */
const DIGEST = 8;

/**
 * The identifier of an integration's webhook. It ends in a digest, so that no other data source has it in
 * its name by chance.
 */
export function webhookIdentifier({
  type,
  identifier,
}: Pick<IntegrationIdentity, 'type' | 'identifier'>): string {
  const digest = createHash('sha256').update(`${type}/${identifier}`).digest('hex');
  const start = identifier
    .replace(/[^A-Za-z0-9_-]/gu, '-')
    .slice(0, LONGEST_IDENTIFIER - DIGEST - 1);
  return `${start}-${digest.slice(0, DIGEST)}`;
}

const text = z.string().nullish().catch(null);
/** Answers about webhooks are not in the reference: nothing but the address is relied upon. */
const webhookAnswer = z.object({
  integration: z.object({
    url: z.url({ protocol: /^https?$/u }),
    title: text,
    description: text,
    icon: text,
    enabled: z.boolean().nullish().catch(null),
    mappings: z.array(jsonObject).nullish().catch(null),
    security: jsonObject.nullish().catch(null),
  }),
});

/**
 * A webhook; null: there is none of that identifier.
 * @throws ProblemError permission-refused, server-unavailable
 */
export function readWebhook(client: PortClient, identifier: string): Promise<Webhook | null> {
  return call(client, identifier, { method: 'GET', accepted: [404] });
}

/** @throws ProblemError permission-refused, server-unavailable */
export async function createWebhook(
  client: PortClient,
  identifier: string,
  { mappings, ...content }: WebhookContent,
  secret: string,
): Promise<Webhook> {
  const body: JsonObject = {
    identifier,
    ...content,
    mappings,
    integrationType: 'custom',
    security: { ...content.security, secret },
  };
  // The identifier is unique: a second attempt would be told that it exists already.
  const repeatable = false;
  const request = { method: 'POST', path: ['webhooks'], body, repeatable } as const;
  const made = await call(client, identifier, request);
  return made ?? emptyAnswer(subjectOf(identifier));
}

/**
 * Changes the named members and nothing else.
 * @param secret to be set anew, with all of `security`; null: it stays
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function updateWebhook(
  client: PortClient,
  identifier: string,
  { security, ...content }: WebhookContent,
  members: ReadonlySet<string>,
  secret: string | null,
): Promise<Webhook> {
  const all: JsonObject = { ...content };
  const body: JsonObject = {
    ...Object.fromEntries(Object.entries(all).filter(([name]) => members.has(name))),
    ...(secret === null ? {} : { security: { ...security, secret } }),
  };
  const updated = await call(client, identifier, { method: 'PATCH', body });
  return updated ?? emptyAnswer(subjectOf(identifier));
}

/** @throws ProblemError permission-refused, server-unavailable */
export async function deleteWebhook(client: PortClient, identifier: string): Promise<void> {
  const request: PortRequest = { ...base(identifier), method: 'DELETE', accepted: [404] };
  try {
    await client.json(request, z.unknown());
  } catch (error) {
    throw asCallProblem(error, request.subject);
  }
}

async function call(
  client: PortClient,
  identifier: string,
  options: Pick<PortRequest, 'method'> & Partial<PortRequest>,
): Promise<Webhook | null> {
  const request: PortRequest = { ...base(identifier), ...options };
  try {
    const { body } = await client.json(request, webhookAnswer);
    return body === null ? null : webhookOf(identifier, body);
  } catch (error) {
    throw asCallProblem(error, request.subject);
  }
}

function base(identifier: string): Omit<PortRequest, 'method'> {
  return {
    path: ['webhooks', identifier],
    subject: subjectOf(identifier),
    caller: 'integration',
    repeatable: true,
  };
}

function subjectOf(identifier: string): string {
  return `webhook ${identifier}`;
}

function webhookOf(
  identifier: string,
  { integration: { url, ...held } }: z.output<typeof webhookAnswer>,
): Webhook {
  return {
    identifier,
    url,
    content: {
      title: held.title ?? '',
      description: held.description ?? '',
      icon: held.icon ?? '',
      enabled: held.enabled ?? false,
      mappings: held.mappings ?? [],
      security: held.security ?? {},
    },
  };
}
