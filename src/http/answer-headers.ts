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
