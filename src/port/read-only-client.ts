import type { PortClient, PortRequest } from './port-client.js';
import { watchedClient } from './watched-client.js';

/** Routes that are asked with POST and change nothing: the last segments of their paths. */
const SEARCHES = new Set(['search', 'datasource-entities']);

/**
 * The same client for one who must not write. A call that could change anything is a mistake of ours
 * and never leaves the machine.
 */
export function readOnlyClient(client: PortClient): PortClient {
  return watchedClient(client, (request) => {
    if (isRead(request)) return;
    throw new Error(`${request.method} of ${request.subject}, where nothing may be written`);
  });
}

function isRead({ method, path }: PortRequest): boolean {
  return method === 'GET' || (method === 'POST' && SEARCHES.has(path.at(-1) ?? ''));
}
