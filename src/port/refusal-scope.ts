import { HttpError } from '../http/http-error.js';
import { blueprintExists } from './blueprints.js';
import { portRefusal, statusOf } from './describe-failure.js';
import { isTokenFailure, type PortClient } from './port-client.js';

/**
 * What a bulk call that failed as a whole tells:
 * - `content`: Port turned down what was sent; some item is at fault;
 * - `blocked`: something on the way did, such as a firewall; an item may be at fault, or none;
 * - `too-large`: the body is larger than Port takes, or what is on the way;
 * - `blueprint-missing`: nothing can be there to write to or to delete;
 * - `forbidden`: Port itself says that the credentials may not do it; no item is at fault;
 * - `unrelated`: limits, the server or the connection; no item is at fault either.
 */
export type RefusalScope =
  'content' | 'blocked' | 'too-large' | 'blueprint-missing' | 'forbidden' | 'unrelated';

/** 4xx that say nothing about the items, whoever answers: 429 was repeated as often as it may be. */
const unrelatedStatuses = new Set([401, 407, 408, 425, 429]);
/** What Port answers to credentials that may not do something. */
const permissionStatuses = new Set([401, 403]);
const METHOD_NOT_ALLOWED = 405;

/**
 * Tells them apart. A 404 may stand for the blueprint or for something that an item names, so that
 * the blueprint is looked up.
 */
export async function refusalScope(
  client: PortClient,
  blueprint: string,
  error: HttpError,
): Promise<RefusalScope> {
  if (isTokenFailure(error)) return 'unrelated';
  // Some firewalls refuse with a web page and 200.
  if (error.failure === 'login-page') return 'blocked';
  const status = statusOf(error);
  if (status === null || status < 400 || status >= 500) return 'unrelated';
  if (isRefusedByPort(error)) return 'forbidden';
  if (unrelatedStatuses.has(status)) return 'unrelated';
  if (status === 413) return 'too-large';
  if (status === 404) return await scopeOfNotFound(client, blueprint);
  if (portRefusal(error).error === '') return 'blocked';
  return status === METHOD_NOT_ALLOWED ? 'unrelated' : 'content';
}

/** Whether Port itself says that the credentials may not do it. */
export function isRefusedByPort(error: HttpError): boolean {
  return permissionStatuses.has(statusOf(error) ?? 0) && portRefusal(error).error !== '';
}

async function scopeOfNotFound(client: PortClient, blueprint: string): Promise<RefusalScope> {
  try {
    return (await blueprintExists(client, blueprint)) ? 'content' : 'blueprint-missing';
  } catch (lookUpError) {
    if (lookUpError instanceof HttpError) return 'unrelated';
    throw lookUpError;
  }
}
