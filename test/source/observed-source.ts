import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import type { Source } from '../../src/source/source.js';

/** A source over real HTTP, and the built-in Bitbucket that it reads. */
export interface ObservedSource<Server> {
  readonly server: Server;
  readonly source: Source;
  /** Path and query of each request below the root of the API, oldest first, readable. */
  readonly asked: () => readonly string[];
  /** Forgets the requests so far. */
  readonly forget: () => void;
  readonly close: () => Promise<void>;
}

/** @param readable a request as `asked` gives it */
export function observed<
  Server extends { readonly requests: readonly RecordedRequest[]; close(): Promise<void> },
>(
  server: Server,
  source: Source,
  readable: (request: RecordedRequest) => string,
): ObservedSource<Server> {
  let forgotten = 0;
  return {
    server,
    source,
    asked: () => server.requests.slice(forgotten).map(readable),
    forget: () => {
      forgotten = server.requests.length;
    },
    close: async () => {
      await source.close();
      await server.close();
    },
  };
}
