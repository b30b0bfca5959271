import type { PortClient } from '../../port/port-client.js';
import type { BitbucketConnection } from './bitbucket-connection.js';
import { openCloud } from './cloud.js';
import type { ConnectionOptions } from './connection-options.js';
import { openPort } from './port.js';
import { openServer } from './server.js';

/** Both sides of a run, ready to be asked. */
export interface Connections {
  readonly bitbucket: BitbucketConnection;
  readonly port: PortClient;
  readonly requests: () => { readonly bitbucket: number; readonly port: number };
  readonly close: () => Promise<void>;
}

/** Opens clients for both sides. Nothing is sent yet. */
export function openConnections(options: ConnectionOptions): Connections {
  const bitbucket = openBitbucket(options);
  const port = openPort(options);
  return {
    bitbucket,
    port,
    requests: () => ({ bitbucket: bitbucket.requests(), port: port.requests }),
    close: async () => {
      await Promise.all([bitbucket.close(), port.close()]);
    },
  };
}

function openBitbucket(options: ConnectionOptions): BitbucketConnection {
  const { bitbucket } = options.settings;
  return bitbucket.type === 'server'
    ? openServer(bitbucket, options)
    : openCloud(bitbucket, options);
}
