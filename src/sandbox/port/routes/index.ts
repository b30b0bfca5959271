import type { Route } from '../route.js';
import type { PortState } from '../state.js';
import { accessRoutes } from './access.js';
import { blueprintRoutes } from './blueprints.js';
import { bulkUpsertRoutes } from './bulk-upsert.js';
import { entityDeletionRoutes } from './entity-deletions.js';
import { entityReadRoutes } from './entity-reads.js';
import { entityWriteRoutes } from './entity-writes.js';
import { integrationRoutes } from './integrations.js';
import { searchRoutes } from './searches.js';
import { webhookRoutes } from './webhooks.js';

/** Every operation that the built-in Port answers. What is not here is unknown to it. */
export function portRoutes(state: PortState): readonly Route[] {
  return [
    ...accessRoutes(state),
    ...blueprintRoutes(state),
    ...searchRoutes(state),
    ...bulkUpsertRoutes(state),
    ...entityReadRoutes(state),
    ...entityWriteRoutes(state),
    ...entityDeletionRoutes(state),
    ...integrationRoutes(state),
    ...webhookRoutes(state),
  ];
}
