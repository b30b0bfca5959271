import { z } from 'zod';
import { HttpError, requestOf } from '../../http/http-error.js';
import { endsRun, isTurnedDownOnTheWay, oneLine, reasonOf, turnedDownWords } from '../failure.js';
import { scopesLacking, scopesLackingIn } from './scopes.js';
import type { HttpClient } from '../../http/client.js';
import { Rest } from '../listing/rest.js';

/** How Bitbucket Cloud words an error. `detail` may be text or data. */
const errorBody = z.object({
  error: z.object({ message: z.string().nullish(), detail: z.unknown().optional() }),
});

/** Bitbucket refuses the credentials as such: whatever is asked next would be refused alike. */
export class CredentialsGone extends HttpError {}

/**
 * The failure with a reason for a person, on one line: what it means in Bitbucket Cloud, and what
 * Bitbucket itself said. Its status stays, except that of a 401, which the type names.
 */
export function toldFailure(error: HttpError): HttpError {
  const { status, headers, body } = error.details;
  const reason = reasonOf(ourWords(error), serverWords(error));
  const cause = { cause: error };
  if (status === 401) {
    return new CredentialsGone(error.failure, error.subject, reason, requestOf(error), cause);
  }
  const details = {
    ...(status === undefined ? {} : { status }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    ...requestOf(error),
  };
  return new HttpError(error.failure, error.subject, reason, details, cause);
}

/** A told failure carries its words already. */
export function toldReason({ reason }: HttpError): string {
  return reason;
}

/**
 * Whether nothing more can be read in this run: it was stopped, Bitbucket wants to be left alone for
 * longer than the run may take, or the credentials are good no longer.
 */
export function endsReading(error: HttpError): boolean {
  return endsRun(error) || error instanceof CredentialsGone;
}

/** Whether the limits, or what the user allows a run, have neither room nor time for the request. */
export function isOutOfRequests({ failure }: HttpError): boolean {
  return failure === 'no-time';
}

/**
 * What Bitbucket itself says of what was asked for; null where it is not Bitbucket that answered, or
 * where it knows no such route.
 */
export function saidOf({ details: { body = '' } }: HttpError): string | null {
  const words = wordsOf(body);
  return words === null || /no API hosted/i.test(words) ? null : words;
}

function ourWords(error: HttpError): string {
  const { reason, failure, details } = error;
  if (failure !== 'status') return reason;
  if (isTurnedDownOnTheWay(error)) return `${reason} ${turnedDownWords}`;
  const { status, headers, body = '' } = details;
  const lacking = (headers === undefined ? null : scopesLacking(headers)) ?? scopesLackingIn(body);
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
  return wordsOf(body) ?? '';
}

/** The words of an error as Bitbucket Cloud shapes it; null for anything else. */
function wordsOf(body: string): string | null {
  try {
    const { message, detail } = errorBody.parse(JSON.parse(body)).error;
    const parts = [message, detail].filter((part) => typeof part === 'string' && part !== '');
    return oneLine(parts.join(': '));
  } catch {
    return null;
  }
}

/**
 * Asks Bitbucket Cloud, and asks no more once the credentials were refused. Failures come back in
 * Bitbucket Cloud's words.
 */
export function cloudRest(http: HttpClient): Rest {
  return new Rest(http, {
    told: toldFailure,
    isLast: (failure) => failure instanceof CredentialsGone,
    again: (gone) => gone,
  });
}
