import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import { scopesLacking } from './scopes.js';

/** How much is told of a failure, in characters: one line of a log. */
const reasonCharacters = 200;

/** How Bitbucket Cloud words an error. `detail` may be text or data. */
const errorBody = z.object({
  error: z.object({ message: z.string().nullish(), detail: z.unknown().optional() }),
});

/** Bitbucket refuses the credentials as such: whatever is asked next would be refused alike. */
export class CredentialsGone extends HttpError {}

/**
 * The failure with a reason for a person, on one line: what it means in Bitbucket Cloud, and what
 * Bitbucket itself said. Its status stays, except that of a 401, which is told by the type.
 */
export function toldFailure(error: HttpError): HttpError {
  const { status, headers } = error.details;
  const reason = describe(error);
  const cause = { cause: error };
  if (status === 401) {
    return new CredentialsGone(error.failure, error.subject, reason, {}, cause);
  }
  const details = {
    ...(status === undefined ? {} : { status }),
    ...(headers === undefined ? {} : { headers }),
  };
  return new HttpError(error.failure, error.subject, reason, details, cause);
}

/**
 * Whether nothing more can be read in this run: it was stopped, Bitbucket wants to be left alone for
 * longer than the run may take, or the credentials are good no longer.
 */
export function endsReading(error: HttpError): boolean {
  return (
    error.failure === 'aborted' || error.failure === 'no-time' || error instanceof CredentialsGone
  );
}

/** Whether the limits, or what the user allows a run, have neither room nor time for the request. */
export function isOutOfRequests({ failure }: HttpError): boolean {
  return failure === 'no-time';
}

/** `error` where it is a failed call. Throws anything else on: that is a bug of ours. */
export function httpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  throw error;
}

function describe(error: HttpError): string {
  const said = serverWords(error);
  return shorten(`${ourWords(error)}${said === '' ? '' : `: ${said}`}`);
}

function ourWords({ reason, failure, details: { status, headers } }: HttpError): string {
  if (failure !== 'status') return reason;
  const lacking = headers === undefined ? null : scopesLacking(headers);
  if (status === 401) return `the credentials are wrong, expired or removed, ${reason}`;
  if (status === 403) return `${lacking ?? 'not permitted for these credentials'}, ${reason}`;
  if (status === 404) {
    return `${lacking ?? 'not there, or not visible to these credentials'}, ${reason}`;
  }
  return status === 555 ? `it takes Bitbucket too long, ${reason}` : reason;
}

function serverWords({ failure, details: { body } }: HttpError): string {
  if (failure !== 'status' || body === undefined) return '';
  // Some refusals are plain text, those of a rate limit among them. A web page says nothing.
  if (!/^\s*[{<]/.test(body)) return oneLine(body);
  try {
    const { message, detail } = errorBody.parse(JSON.parse(body)).error;
    const parts = [message, detail].filter((part) => typeof part === 'string' && part !== '');
    return oneLine(parts.join(': '));
  } catch {
    return '';
  }
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

function shorten(text: string): string {
  if (text.length <= reasonCharacters) return text;
  return `${text.slice(0, reasonCharacters - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
