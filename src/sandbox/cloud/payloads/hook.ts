import type { JsonObject } from '../../../model/json.js';
import type { Hook } from '../../hooks.js';
import { timestamp, uuidOf } from '../identifiers.js';

/** 3 March 2025, in milliseconds: when the first webhook was made; one more in every hour after it. */
const firstMade = 1_740_960_000_000;
const hour = 3_600_000;

/** A webhook. It tells that there is a secret, and never which. */
export function hookPayload(hook: Hook): JsonObject {
  const type = hook.place === 'workspace' ? 'workspace' : 'repository';
  return {
    type: 'webhook_subscription',
    uuid: hookUuid(hook),
    url: hook.url,
    description: hook.name,
    subject_type: type,
    subject: { type },
    active: hook.active,
    created_at: timestamp(firstMade + hook.id * hour),
    events: hook.events,
    secret_set: hook.secret !== null,
    history_enabled: false,
    skip_cert_verification: false,
  };
}

export function hookUuid({ id }: Hook): string {
  return uuidOf(`hook ${id}`);
}
