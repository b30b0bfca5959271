import type { HttpClient } from '../http/client.js';
import { isLoopback } from '../http/proxy-route.js';
import type { JsonObject } from '../model/json.js';
import { userAgentOf } from './data-source.js';
import type { IngestAddresses } from './integration-record.js';
import type { PortClient } from './port-client.js';

/** A line of the log on Port's Data sources page. */
export interface PageLine {
  readonly message: string;
  readonly level: 'INFO' | 'WARNING' | 'ERROR';
  /** Date and time in ISO 8601. */
  readonly timestamp: string;
}

/** Takes what Port's Data sources page shows of a run. Each call throws HttpError. */
export interface Ingest {
  /** The log. */
  sendLines(lines: readonly PageLine[]): Promise<void>;
  /** What kinds and phases came to so far, as records that Port makes of it. */
  createMetrics(metrics: readonly JsonObject[]): Promise<void>;
  /** What one kind came to, in place of what was told of it before. */
  replaceMetrics(kindIdentifier: string, metrics: JsonObject): Promise<void>;
  /** The run goes on: Port takes one that is silent for about ten minutes for dead. */
  beat(): Promise<void>;
  close(): Promise<void>;
}

/** What the page is told with. */
export interface IngestOptions {
  readonly addresses: IngestAddresses;
  readonly port: PortClient;
  /** The run, as Port tells several of one integration apart. */
  readonly eventId: string;
  /** Makes a client for an origin, which sends the credentials that `authorization` gives. */
  readonly createHttp: (
    origin: URL,
    authorization: () => Promise<Readonly<Record<string, string>>>,
  ) => HttpClient;
}

/**
 * Opens the addresses that the integration names. They are other hosts than Port's API; of all
 * credentials they are given the token alone, which Port itself made.
 * @throws IngestRefusal for an address that a token must not be sent to
 */
export function openIngest(options: IngestOptions): Ingest {
  const { addresses, port, eventId, createHttp } = options;
  const [logs, metrics] = [trusted(addresses.logs), trusted(addresses.metrics)];
  const clients = new Map<string, HttpClient>();
  const clientOf = (url: URL): HttpClient => {
    const client = clients.get(url.origin) ?? createHttp(url, () => port.token());
    clients.set(url.origin, client);
    return client;
  };
  const send = async (method: 'POST' | 'PUT', url: URL, body: JsonObject): Promise<void> => {
    await clientOf(url).text({
      method,
      url,
      subject: PAGE,
      repeatable: false,
      headers: { 'user-agent': userAgentOf(port.integration, 'integration') },
      body,
    });
  };
  const sendMetrics = async (
    method: 'POST' | 'PUT',
    path: readonly string[],
    body: JsonObject,
  ): Promise<void> => {
    if (metrics !== null) await send(method, below(metrics, path), body);
  };
  return {
    sendLines: async (lines) => {
      if (logs === null || lines.length === 0) return;
      // What tells the lines of one run from those of another.
      await send('POST', logs, {
        logs: lines.map((line) => ({ ...line, extra: { instance: eventId } })),
      });
    },
    createMetrics: (all) => sendMetrics('POST', ['syncMetrics'], { syncKindsMetrics: all }),
    replaceMetrics: (kindIdentifier, one) =>
      sendMetrics('PUT', ['syncMetrics', 'resync', eventId, 'kind', kindIdentifier], {
        syncKindMetrics: one,
      }),
    beat: () => sendMetrics('POST', ['heartbeat'], { eventId }),
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

/** What the calls are about, in the user's words. */
export const PAGE = "telling Port's Data sources page of the run";

/** An address that a token must not be sent to. */
export class IngestRefusal extends Error {
  override readonly name = 'IngestRefusal';
}

/** The address, over https or of this machine. */
function trusted(address: string | null): URL | null {
  if (address === null) return null;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    throw new IngestRefusal('Port names no http or https address for it');
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new IngestRefusal(`Port names ${url.origin} for it, which is not https`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new IngestRefusal(`Port names ${url.origin} for it, with credentials of its own`);
  }
  return url;
}

function below(base: URL, path: readonly string[]): URL {
  const url = new URL(base);
  const start = url.pathname.replace(/\/+$/u, '');
  url.pathname = [start, ...path.map(encodeURIComponent)].join('/');
  return url;
}
