import type { Mapping } from '../mapping/mapping.js';
import { canonicalJson, isJsonObject, type JsonValue } from '../model/json.js';
import type { IntegrationIdentity } from '../port/data-source.js';
import type { PortClient } from '../port/port-client.js';
import { readWebhook, webhookIdentifier, type Webhook } from '../port/webhooks.js';
import type { Problem } from '../problems/problem.js';
import type { IntegrationRecord } from './choose-mapping.js';
import { bestEffort } from './integration-record.js';
import { planWebhook, type WebhookPlanFacts } from './webhook-mapping.js';

/**
 * The webhook that writes for the integration; null: there is none. The record remembers it, unless Port hosts
 * the integration: then settings that hold the secret of webhooks tell.
 */
export function webhookOf(
  record: IntegrationRecord,
  identity: Pick<IntegrationIdentity, 'type' | 'identifier'>,
  hasSecret: boolean,
): string | null {
  if (record.status !== 'found') return null;
  const { webhook, isHosted } = record.integration;
  return isHosted && hasSecret ? webhookIdentifier(identity) : webhook;
}

/**
 * Warns where the webhook of the integration makes other entities than the mapping. Without a webhook, nothing
 * is asked.
 */
export async function tellWebhookDrift(
  client: PortClient,
  mapping: Mapping,
  type: WebhookPlanFacts['type'],
  report: (problem: Problem) => void,
): Promise<void> {
  const { webhook } = client.integration;
  if (webhook === undefined) return;
  const held = await bestEffort(`reading webhook ${webhook.identifier}`, report, () =>
    readWebhook(client, webhook.identifier),
  );
  const drift = held === null ? null : driftOf(held, mapping, type);
  if (drift !== null) report(drift);
}

/** What is told where a webhook makes other entities than the mapping; null: it makes the same. */
export function driftOf(
  { identifier, content }: Webhook,
  mapping: Mapping,
  type: WebhookPlanFacts['type'],
): Problem | null {
  // Filters are left aside: a run may be narrowed.
  const { mappings } = planWebhook(mapping, { type, overrides: {}, mayDelete: false });
  const wanted = creations(mappings);
  const held = creations(content.mappings);
  const differing = [...new Set([...wanted.keys(), ...held.keys()])].filter(
    (key) => wanted.has(key) !== held.has(key),
  );
  if (differing.length === 0) return null;
  const blueprints = differing.map((key) => wanted.get(key) ?? held.get(key) ?? '');
  return { code: 'webhook-outdated', webhook: identifier, blueprints: [...new Set(blueprints)] };
}

/** The blueprints of what is created, by all that tells the entities. */
function creations(mappings: readonly JsonValue[]): ReadonlyMap<string, string> {
  return new Map(
    mappings.filter(isJsonObject).flatMap(({ blueprint = '', entity = null, operation }) => {
      const type = isJsonObject(operation) ? operation.type : (operation ?? 'create');
      const name = typeof blueprint === 'string' ? blueprint : '';
      return type === 'create' ? [[canonicalJson([name, filled(entity)]), name] as const] : [];
    }),
  );
}

/** Without what holds nothing, which Port may leave out. */
function filled(entity: JsonValue): JsonValue {
  if (!isJsonObject(entity)) return entity;
  const isFilled = (value: JsonValue): boolean =>
    !isJsonObject(value) || Object.keys(value).length > 0;
  return Object.fromEntries(Object.entries(entity).filter(([, value]) => isFilled(value)));
}
