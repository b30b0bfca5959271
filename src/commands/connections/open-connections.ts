import { type Ingest, openIngest } from '../../port/ingest.js';
import type { IngestAddresses } from '../../port/integration-record.js';
import type { PortClient } from '../../port/port-client.js';
import type { Settings } from '../../settings/settings.js';
import type { BitbucketConnection, ConnectionOptions } from './connection-options.js';
import { openBitbucket } from './bitbucket.js';
import { openPort, pageClients } from './port.js';

/** Both sides of a run, ready to be asked. */
export interface Connections {
  readonly bitbucket: BitbucketConnection;
  readonly port: PortClient;
  /**
   * Opens the addresses that Port's Data sources page is told at.
   * @throws IngestRefusal
   */
  readonly openPage: (page: {
    readonly addresses: IngestAddresses;
    readonly eventId: string;
    /** Ends all of it. */
    readonly signal: AbortSignal;
  }) => Ingest;
  readonly requests: () => { readonly bitbucket: number; readonly port: number };
  readonly close: () => Promise<void>;
}

/** Opens clients for both sides. Nothing is sent yet. */
export function openConnections(
  options: ConnectionOptions & { readonly settings: Settings },
): Connections {
  const bitbucket = openBitbucket(options.settings.bitbucket, options);
  const port = openPort(options);
  return {
    bitbucket,
    port,
    openPage: ({ signal, ...page }) =>
      openIngest({ ...page, port, createHttp: pageClients(options, signal) }),
    requests: () => ({ bitbucket: bitbucket.requests(), port: port.requests }),
    close: async () => {
      await Promise.all([bitbucket.close(), port.close()]);
    },
  };
}
