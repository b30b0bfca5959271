import { HttpError } from '../http/http-error.js';
import { blueprintExists } from './blueprints.js';
import { statusOf } from './describe-failure.js';
import { isTokenFailure, type PortClient } from './port-client.js';

/**
 * What a bulk call that failed as a whole tells:
 * - `content`: Port turned down what was sent; some item is at fault;
 * - `too-large`: the body is larger than Port takes;
 * - `blueprint-missing`: nothing can be there to write to or to delete;
 * - `unrelated`: credentials, limits, the server or the connection; no item is at fault.
 */
export type RefusalScope = 'content' | 'too-large' | 'blueprint-missing' | 'unrelated';

/** 4xx that say nothing about the items: 429 was repeated as often as it may be. */
const unrelatedStatuses = new Set([401, 403, 405, 407, 408, 425, 429]);

/**
 * Tells them apart. A 404 may stand for the blueprint or for something that an item names, so that
 * the blueprint is looked up.
 */
export async function refusalScope(
  client: PortClient,
  blueprint: string,
  error: HttpError,
): Promise<RefusalScope> {
  const status = isTokenFailure(error) ? null : statusOf(error);
  if (status === null || status < 400 || status >= 500) return 'unrelated';
  if (unrelatedStatuses.has(status)) return 'unrelated';
  if (status === 413) return 'too-large';
  if (status !== 404) return 'content';
  try {
    return (await blueprintExists(client, blueprint)) ? 'content' : 'blueprint-missing';
  } catch (lookUpError) {
    if (lookUpError instanceof HttpError) return 'unrelated';
    throw lookUpError;
  }
}
