import type { AnswerHeaders } from './answer-headers.js';
import { AttemptFailure } from './attempt-failure.js';
import type { HttpRequest } from './client.js';

/** Redirects that keep method and body. The others turn any request into a GET. */
const keepingStatuses = [307, 308];
const redirectStatuses = [301, 302, 303, ...keepingStatuses];

/**
 * Where an answer sends the request, or null when it is no redirect that may be followed: one of a
 * write that would become a read, or one without a usable target.
 * @throws AttemptFailure `foreign-origin` when it leads to another origin
 */
export function redirectTarget(
  request: Pick<HttpRequest, 'method' | 'repeatable'>,
  from: URL,
  status: number,
  headers: AnswerHeaders,
): URL | null {
  if (!redirectStatuses.includes(status)) return null;
  if (request.method !== 'GET' && !(request.repeatable && keepingStatuses.includes(status))) {
    return null;
  }
  const location = headers.get('location');
  if (location === null || !URL.canParse(location, from.href)) return null;
  const target = new URL(location, from);
  if (target.origin !== from.origin) {
    throw foreignOrigin('redirects', target, { status, headers });
  }
  return target;
}

/** A request or redirect that would carry credentials elsewhere. */
export function foreignOrigin(
  verb: 'leads' | 'redirects',
  target: URL,
  details: { readonly status?: number; readonly headers?: AnswerHeaders } = {},
): AttemptFailure {
  // `null` is the origin of schemes such as file:.
  const origin = target.origin === 'null' ? target.protocol : target.origin;
  const reason = `${verb} to another origin, ${origin}; nothing was sent there`;
  return new AttemptFailure('foreign-origin', reason, { ...details, permanent: true });
}
