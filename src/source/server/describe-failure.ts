import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import { endsRun, isTurnedDownOnTheWay, oneLine, reasonOf, turnedDownWords } from '../failure.js';
import type { HttpClient } from '../../http/client.js';
import type { PageSizes } from '../listing/page-sizes.js';
import { type FailureRules, Rest } from '../listing/rest.js';

/** How Data Center words an error. */
const errorBody = z.object({
  errors: z.array(z.object({ message: z.string().nullish(), exceptionName: z.string().nullish() })),
});

/**
 * Why a call to Data Center failed, for a person: on one line and of at most 200 characters.
 */
export function describeFailure(error: HttpError): string {
  return reasonOf(ourWords(error), serverWords(error));
}

/**
 * Whether the account is locked until somebody solves a CAPTCHA. Trying on would only keep it locked.
 * The header is what Atlassian's Data Center products send; the exception is Bitbucket's own.
 */
export function isCaptcha(error: HttpError): boolean {
  const { status, headers } = error.details;
  if (status !== 401 && status !== 403) return false;
  return (
    /captcha/i.test(headers?.get('x-authentication-denied-reason') ?? '') ||
    errorsOf(error).some(({ exceptionName }) => /captcha/i.test(exceptionName ?? ''))
  );
}

/**
 * Whether nothing more can be read in this run: it was stopped, the server wants to be left alone for
 * longer than the run may take, or the account is locked.
 */
export function endsReading(error: HttpError): boolean {
  return endsRun(error) || isCaptcha(error);
}

/**
 * What Bitbucket calls the failure, such as `NoSuchProjectException`; empty where it gives no name, null
 * where the answer is not worded as Bitbucket words a failure.
 */
export function exceptionOf(error: HttpError): string | null {
  const [first] = errorsOf(error);
  return first === undefined ? null : (first.exceptionName?.split('.').at(-1) ?? '');
}

/** The repository itself is not there, or not to be seen by now: nothing is known of what it holds. */
const goneAltogether = ['NoSuchRepositoryException', 'NoSuchProjectException'];

/**
 * Whether Bitbucket says that a repository lacks what was asked for, such as a README or a commit: in its own
 * words, or in none at all. Others on the way have words, too.
 */
export function saysThereIsNone(failure: HttpError): boolean {
  if (failure.details.status !== 404 || isWordedByOthers(failure)) return false;
  return !goneAltogether.includes(exceptionOf(failure) ?? '');
}

/** Whether a 404 may be of something on the way, such as a gateway. */
export function isWordedByOthers(failure: HttpError): boolean {
  const { status, body = '' } = failure.details;
  return status === 404 && exceptionOf(failure) === null && body.trim() !== '';
}

function ourWords(error: HttpError): string {
  if (isCaptcha(error)) return `the account is locked until its CAPTCHA is solved, ${error.reason}`;
  // Data Center gives 401 also to those whom it knows, and who may not see this.
  if (error.details.status === 401) return `not permitted for these credentials, ${error.reason}`;
  return isTurnedDownOnTheWay(error) ? `${error.reason} ${turnedDownWords}` : error.reason;
}

/** What Data Center itself says; empty: nothing. */
export function serverWords(error: HttpError): string {
  const messages = errorsOf(error).flatMap(({ message }) => message ?? []);
  if (messages.length > 0) return oneLine(messages.join(' '));
  // What is gone for good often says so outside of the usual form.
  if (error.details.status === 410) return oneLine(withoutTags(error.details.body ?? ''));
  return '';
}

function errorsOf(error: HttpError): z.output<typeof errorBody>['errors'] {
  const { body } = error.details;
  if (body === undefined) return [];
  try {
    return errorBody.safeParse(JSON.parse(body)).data?.errors ?? [];
  } catch {
    // A web page, or JSON that was cut: it says nothing that can be passed on.
    return [];
  }
}

function withoutTags(text: string): string {
  return text.replace(/<[^>]*>/g, ' ');
}

/** Asks a Data Center, and asks no more once it has locked the account. */
export function serverRest(http: HttpClient, sizes?: PageSizes): Rest {
  const rules: FailureRules = {
    told: (failure) => failure,
    isLast: isCaptcha,
    again: (locked, subject) =>
      new HttpError(locked.failure, subject, locked.reason, locked.details, { cause: locked }),
  };
  return new Rest(http, rules, sizes);
}
