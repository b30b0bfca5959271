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
    besides: (namesakes) => watchedClient(client.besides(namesakes), watch),
    close: () => client.close(),
  };
}
