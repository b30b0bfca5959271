import { createHttpClient } from '../../http/create-http-client.js';
import { createPortClient, type PortClient } from '../../port/port-client.js';
import { clientOptions, type ConnectionOptions } from './connection-options.js';

/** Bulks that Port is sent at a time, and reads beside them. */
const PORT_CONCURRENCY = 10;

/** Opens a client for Port. Nothing is sent yet. */
export function openPort(options: ConnectionOptions): PortClient {
  const { port, integration } = options.settings;
  const baseUrl = new URL(port.baseUrl);
  return createPortClient({
    baseUrl,
    clientId: port.clientId,
    clientSecret: port.clientSecret,
    integration: { ...integration, version: options.version },
    clock: options.clock,
    createHttp: (signing) =>
      createHttpClient({
        ...clientOptions('port', options),
        ...signing,
        origin: baseUrl,
        concurrency: PORT_CONCURRENCY,
        signal: options.lastSignal,
      }),
  });
}
