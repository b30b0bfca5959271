import { z } from 'zod';
import { anyObject } from './json.js';

/** Longest identifier and title of a webhook, in characters (reference: create-a-webhook). */
const NAME_LENGTH = 30;
const DESCRIPTION_LENGTH = 200;

const query = z.strictObject({ combinator: z.string(), rules: z.array(anyObject) });
const jqOrQuery = z.union([z.string(), query]);

const shared = {
  blueprint: z.string(),
  filter: z.string().optional(),
  itemsToParse: z.string().optional(),
};

/** All fields of the entity but its identifier are jq, or objects whose fields are. */
const creation = z.strictObject({
  ...shared,
  operation: z
    .union([z.literal('create'), z.strictObject({ type: z.literal('create') })])
    .optional(),
  entity: z.strictObject({
    identifier: jqOrQuery,
    title: z.string().optional(),
    icon: z.string().optional(),
    team: jqOrQuery.optional(),
    properties: anyObject.optional(),
    relations: anyObject.optional(),
  }),
});

const deletion = z.looseObject({
  ...shared,
  operation: z.union([
    z.literal('delete'),
    z.strictObject({ type: z.literal('delete'), deleteDependents: z.boolean().optional() }),
  ]),
  entity: z.strictObject({ identifier: z.string() }),
});

const security = z.strictObject({
  secret: z.string().nullable().optional(),
  signatureHeaderName: z.string().nullable().optional(),
  signatureAlgorithm: z.enum(['sha1', 'sha256', 'plain']).nullable().optional(),
  signaturePrefix: z.string().nullable().optional(),
  requestIdentifierPath: z.string().nullable().optional(),
});

/** Body of `PATCH /v1/webhooks/{identifier}`. */
export const webhookToPatch = z.strictObject({
  identifier: z.string().min(1).max(NAME_LENGTH).optional(),
  title: z.string().min(1).max(NAME_LENGTH).optional(),
  description: z.string().max(DESCRIPTION_LENGTH).optional(),
  icon: z.string().optional(),
  mappings: z.array(z.union([deletion, creation])).optional(),
  enabled: z.boolean().optional(),
  security: security.optional(),
  integrationType: z.enum(['custom', 'template']).optional(),
});

/** Body of `POST /v1/webhooks` and of a PUT. */
export const webhookToPut = webhookToPatch.required({ title: true, enabled: true });

/** A webhook as a call describes it. */
export type WebhookInput = z.output<typeof webhookToPut>;
/** One way to make or delete entities of an event. */
export type WebhookMapping = NonNullable<WebhookInput['mappings']>[number];
/** How an event is told from a forged one. */
export type WebhookSecurity = z.output<typeof security>;
