import type { IncomingHttpHeaders } from 'node:http';

/** The headers of an answer. Those of the Fetch standard fit as well. */
export interface AnswerHeaders {
  /** Null when the answer has no such header; several of one name are joined by commas. */
  get(name: string): string | null;
  has(name: string): boolean;
}

/**
 * Headers as undici gives them, their names in lower case. Cookies are left out: a session of the
 * server's is none of ours, and headers end up in errors.
 */
export function answerHeaders(received: IncomingHttpHeaders): AnswerHeaders {
  const get = (name: string): string | null => {
    const key = name.toLowerCase();
    const value = key === 'set-cookie' ? undefined : received[key];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  };
  return { get, has: (name) => get(name) !== null };
}

/** By which servers, and what stands before them, find a request in their logs; the first one counts. */
const ID_HEADERS = ['x-arequestid', 'x-request-id', 'atl-traceid', 'x-b3-traceid', 'cf-ray'];

/** What is longer, or holds anything else, nobody could search for. */
const ID = /^[\w.:*@/+=-]{1,80}$/u;

/** The identifier that the server gave the request; null where it names none. */
export function requestId(headers: AnswerHeaders): string | null {
  const ids = ID_HEADERS.flatMap((name) => headers.get(name) ?? []);
  return ids.find((id) => ID.test(id)) ?? null;
}
