import { AttemptFailure } from './http-error.js';
import type { HttpRequest } from './client.js';
import { createRedactor, type Redactor } from './redact.js';

/** Headers that prove who is asking, made anew for each attempt. */
export type Credentials = Readonly<Record<string, string>>;

/** What a header may hold (RFC 9110, 5.5): visible characters, spaces and tabs, and bytes above ASCII. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * All headers of a request: the client's own, over them the request's, over them the credentials.
 * Their names are in lower case.
 * @throws AttemptFailure `network`, permanent, for a value that no header may carry, such as a token
 * with a line feed inside. The value itself is not repeated.
 */
export function requestHeaders(
  request: Pick<HttpRequest, 'headers' | 'body' | 'text'>,
  defaults: Readonly<Record<string, string>>,
  credentials: Credentials,
): Record<string, string> {
  const headers: Record<string, string> = { ...defaults };
  const hasBody = request.body !== undefined || request.text !== undefined;
  if (hasBody) headers['content-type'] = 'application/json';
  addHeaders(headers, request.headers);
  addHeaders(headers, credentials);
  return headers;
}

function addHeaders(headers: Record<string, string>, added: Credentials = {}): void {
  for (const name in added) {
    // A line break at an end came with the file that a token was read from.
    const value = (added[name] ?? '').trim();
    if (!headerValue.test(value)) {
      const reason = `not sent: the header ${name} holds a character that HTTP does not allow, such as a line break`;
      throw new AttemptFailure('network', reason, { permanent: true });
    }
    headers[name.toLowerCase()] = value;
  }
}

/** Masks what `credentials` hold, and whatever else `redact` masks. */
export function redactorFor(credentials: Credentials, redact: Redactor): Redactor {
  const secrets = Object.values(credentials).flatMap((value) => secretsIn(value));
  const own = createRedactor(secrets);
  return (text) => own(redact(text));
}

/** A header's value, what follows its scheme (`Bearer …`), and the password of a Basic one. */
function secretsIn(value: string): string[] {
  const [, scheme, token] = /^(\S+) +(\S+)$/.exec(value) ?? [];
  if (scheme === undefined || token === undefined) return [value];
  if (scheme.toLowerCase() !== 'basic') return [value, token];
  const pair = Buffer.from(token, 'base64').toString();
  return [value, token, pair.slice(pair.indexOf(':') + 1)];
}
