import type { PortClient, PortRequest } from './port-client.js';

/** Routes that are asked with POST and change nothing: the last segments of their paths. */
const SEARCHES = new Set(['search', 'datasource-entities']);

/**
 * The same client for one who must not write. A call that could change anything is a mistake of ours
 * and never leaves the machine.
 */
export function readOnlyClient(client: PortClient): PortClient {
  const check = (request: PortRequest): void => {
    if (isRead(request)) return;
    throw new Error(`${request.method} of ${request.subject}, where nothing may be written`);
  };
  return {
    origin: client.origin,
    integration: client.integration,
    clientId: client.clientId,
    get requests() {
      return client.requests;
    },
    authenticate: () => client.authenticate(),
    json: async (request, schema) => {
      check(request);
      return client.json(request, schema);
    },
    body: async (request, schema) => {
      check(request);
      return client.body(request, schema);
    },
    withSignal: (signal) => readOnlyClient(client.withSignal(signal)),
    close: () => client.close(),
  };
}

function isRead({ method, path }: PortRequest): boolean {
  return method === 'GET' || (method === 'POST' && SEARCHES.has(path.at(-1) ?? ''));
}
