import type { PortClient } from './port-client.js';

/** The same client; `onCall` is told of each call that is made through it. */
export function countedClient(client: PortClient, onCall: () => void): PortClient {
  return {
    origin: client.origin,
    integration: client.integration,
    clientId: client.clientId,
    get requests() {
      return client.requests;
    },
    authenticate: () => client.authenticate(),
    json: (request, schema) => {
      onCall();
      return client.json(request, schema);
    },
    body: (request, schema) => {
      onCall();
      return client.body(request, schema);
    },
    withSignal: (signal) => countedClient(client.withSignal(signal), onCall),
    close: () => client.close(),
  };
}
