import { fetch as undiciFetch, type Dispatcher } from 'undici';

/** What the client gives to `fetch`. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** What the client needs of a response. The global `Response` and that of undici both have it. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: Iterable<[string, string]>;
  readonly body: { getReader(): ChunkReader } | null;
}

/** Reads a body piece by piece, decompressed. */
export interface ChunkReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** The part of the Fetch standard that the client uses: `globalThis.fetch` fits. */
export type Fetch = (url: URL, init: FetchInit) => Promise<FetchResponse>;

/** undici's own fetch over the given connections. The one built into Node.js takes no dispatcher of another version. */
export function fetchThrough(dispatcher: Dispatcher): Fetch {
  return (url, init) => undiciFetch(url, { ...init, dispatcher });
}
