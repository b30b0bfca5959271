import type { PortClient, PortRequest } from './port-client.js';

/**
 * The same client; `watch` is told of each call before it is made.
 * @param watch may throw, which fails the call
 */
export function watchedClient(
  client: PortClient,
  watch: (request: PortRequest) => void,
): PortClient {
  return {
    origin: client.origin,
    integration: client.integration,
    clientId: client.clientId,
    get requests() {
      return client.requests;
    },
    now: () => client.now(),
    authenticate: () => client.authenticate(),
    token: () => client.token(),
    json: async (request, schema) => {
      watch(request);
      return client.json(request, schema);
    },
    body: async (request, schema) => {
      watch(request);
      return client.body(request, schema);
    },
    withSignal: (signal) => watchedClient(client.withSignal(signal), watch),
    knowing: (sources) => watchedClient(client.knowing(sources), watch),
    close: () => client.close(),
  };
}

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
