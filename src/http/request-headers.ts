import { AttemptFailure } from './attempt-failure.js';
import type { HttpRequest } from './client.js';
import { createRedactor, type Redactor } from './redact.js';

/** Headers that prove who is asking, made anew for each attempt. */
export type Credentials = Readonly<Record<string, string>>;

/**
 * All headers of a request: the client's own, over them the request's, over them the credentials.
 * @throws AttemptFailure `network`, permanent, for a value that no header may carry, such as a token
 * with a line feed inside. The value itself is not repeated.
 */
export function requestHeaders(
  request: Pick<HttpRequest, 'headers' | 'body'>,
  defaults: Readonly<Record<string, string>>,
  credentials: Credentials,
): Headers {
  const headers = new Headers();
  const content: Record<string, string> =
    request.body === undefined ? {} : { 'content-type': 'application/json' };
  for (const layer of [defaults, content, request.headers ?? {}, credentials]) {
    for (const [name, value] of Object.entries(layer)) setHeader(headers, name, value);
  }
  return headers;
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    const reason = `not sent: the header ${name} holds a character that HTTP does not allow, such as a line break`;
    throw new AttemptFailure('network', reason, { permanent: true });
  }
}

/** Masks what `credentials` hold, and whatever else `redact` masks. */
export function redactorFor(credentials: Credentials, redact: Redactor): Redactor {
  return (text) => {
    const secrets = Object.values(credentials).flatMap((value) => secretsIn(value));
    return createRedactor(secrets)(redact(text));
  };
}

/** A header's value, what follows its scheme (`Bearer …`), and the password of a Basic one. */
function secretsIn(value: string): string[] {
  const [, scheme, token] = /^(\S+) +(\S+)$/.exec(value) ?? [];
  if (scheme === undefined || token === undefined) return [value];
  if (scheme.toLowerCase() !== 'basic') return [value, token];
  const pair = Buffer.from(token, 'base64').toString();
  return [value, token, pair.slice(pair.indexOf(':') + 1)];
}
