import type { JsonObject } from '../../../model/json.js';
import type { Hook } from '../../hooks.js';
import type { Behaviour } from '../route.js';

/** 3 March 2025, in milliseconds: when the first webhook was made; one more in every hour after it. */
const firstMade = 1_740_960_000_000;
const hour = 3_600_000;

/** A webhook. Whether it tells its secret is not documented. */
export function hookPayload(hook: Hook, { tellsHookSecrets }: Behaviour): JsonObject {
  const { id, name, url, active, events, secret, place, changes } = hook;
  const createdDate = firstMade + id * hour;
  return {
    id,
    name,
    createdDate,
    updatedDate: createdDate + changes * 1000,
    events,
    configuration: secret !== null && tellsHookSecrets ? { secret } : {},
    url,
    active,
    scopeType: place.includes('/') ? 'repository' : 'project',
    sslVerificationRequired: true,
  };
}
