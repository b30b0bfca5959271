import type { AnswerHeaders } from '../../http/answer-headers.js';
import { createHttpClient } from '../../http/create-http-client.js';
import type { HttpClient } from '../../http/client.js';
import { deepestJson } from '../../model/json-depth.js';
import type { IngestOptions } from '../../port/ingest.js';
import { createPortClient, type PortClient } from '../../port/port-client.js';
import type { Settings } from '../../settings/settings.js';
import { clientOptions, onWait, type ConnectionOptions } from './connection-options.js';

/** Bulks that Port is sent at a time, and reads beside them. */
const PORT_CONCURRENCY = 10;

/** What a connection to Port needs besides. */
type PortConnectionOptions = ConnectionOptions & {
  readonly settings: Pick<Settings, 'port' | 'integration'>;
};

/** Opens a client for Port. Nothing is sent yet. */
export function openPort(options: PortConnectionOptions): PortClient {
  const { port, integration } = options.settings;
  const baseUrl = new URL(port.baseUrl);
  return createPortClient({
    baseUrl,
    clientId: port.clientId,
    clientSecret: port.clientSecret,
    integration: { ...integration, version: options.version },
    clock: options.clock,
    // Who wants no repeats wants no long ones either.
    ...(options.settings.network.retries === 0
      ? {}
      : { outage: { onWait: onWait('port', options), signal: options.lastSignal } }),
    createHttp: (signing) =>
      observed(
        createHttpClient({
          ...clientOptions('port', baseUrl, options),
          ...signing,
          deepestJson,
          concurrency: PORT_CONCURRENCY,
          signal: options.lastSignal,
        }),
        options.onPortAnswer,
      ),
  });
}

/** A run waits no longer than this for an answer to what it tells the Data sources page. */
const PAGE_PATIENCE_MILLISECONDS = 3_000;

/** Makes clients for what Port's Data sources page is told: without repeats, and without a word of waits. */
export function pageClients(
  options: ConnectionOptions,
  signal: AbortSignal,
): IngestOptions['createHttp'] {
  return (origin, authorization) => {
    const usual = clientOptions('port', origin, options);
    const patience = Math.min(usual.timeoutMilliseconds ?? Infinity, PAGE_PATIENCE_MILLISECONDS);
    return createHttpClient({
      ...usual,
      authorization,
      timeoutMilliseconds: patience,
      retries: 0,
      concurrency: 1,
      onWait: () => undefined,
      signal,
    });
  };
}

/** The same client, whose answers are listened to. */
function observed(http: HttpClient, listen: ConnectionOptions['onPortAnswer']): HttpClient {
  if (listen === undefined) return http;
  const heard = <Answer extends { readonly headers: AnswerHeaders }>(answer: Answer): Answer => {
    listen(answer.headers);
    return answer;
  };
  return {
    origin: http.origin,
    get requests() {
      return http.requests;
    },
    text: async (request) => heard(await http.text(request)),
    json: async (request, schema) => heard(await http.json(request, schema)),
    close: () => http.close(),
  };
}
