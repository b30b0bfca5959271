import type { JsonObject } from '../../../src/model/json.js';

/** Where the pull requests of a test are. */
export const PULL_REQUESTS = '/v1/blueprints/pullRequest/entities';
/** The route that upserts several of them. */
export const BULK = `POST ${PULL_REQUESTS}/bulk`;

/** A pull request that Port takes; a test states what is different about its own. */
export const aPullRequest = {
  identifier: 'api-1',
  title: 'First',
  properties: { state: 'OPEN', size: 3 },
  relations: { repository: 'api' },
} satisfies JsonObject;
