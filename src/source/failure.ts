import { z } from 'zod';
import { HttpError, isStopped, requestOf } from '../http/http-error.js';
import { type Problem, ProblemError, type ProblemOf } from '../problems/problem.js';
import { cutText } from '../model/text.js';

/** How much is told of a failure, in characters: one line of a log. */
const reasonCharacters = 200;

/** `error` where it is a failed call. Throws anything else on: that is a bug of ours. */
export function httpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  throw error;
}

/** Whether the run has no time for another call: it was stopped, or a limit outlasts it. */
export function endsRun({ failure }: HttpError): boolean {
  return failure === 'aborted' || failure === 'no-time';
}

/** The failure of an answer that is not what was asked for. */
export function malformed(subject: string, reason: string): HttpError {
  return new HttpError('malformed', subject, reason);
}

/**
 * Why a call failed, for a person: at most 200 characters. What Bitbucket itself says comes last, so
 * that it is what gets cut.
 * @param said on one line; empty: nothing
 */
export function reasonOf(ours: string, said: string): string {
  const reason = said === '' ? ours : `${ours}: ${said}`;
  return cutText(reason, reasonCharacters);
}

/**
 * Whether something on the way, such as a firewall, turned a request down: Bitbucket refuses in words of its
 * own, and never by a web page. Nothing is known then of what these credentials may see.
 */
export function isTurnedDownOnTheWay({
  details: { status, headers, body = '' },
}: HttpError): boolean {
  if (status !== 403) return false;
  const isTyped = /^\s*text\/html\b/i.test(headers?.get('content-type') ?? '');
  return isTyped || /^\s*<(!doctype\s+html|html)\b/i.test(body);
}

/** The same for a person, behind the status. */
export const turnedDownWords =
  'with a web page: something on the way, such as a firewall, turned it down';

/** Text from outside on one line, without what steers a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

/**
 * What to throw when the first question of a run failed: the problem that it is, or the failure itself
 * where the run was stopped.
 */
export function probeFailure(error: unknown, problemOf: (failure: HttpError) => Problem): Error {
  const failure = httpError(error);
  return isStopped(failure) ? failure : ProblemError.of(problemOf(failure), failure);
}

/** What one of the two Bitbuckets knows about a first request that failed. */
export interface ProbeFailure {
  /** Why, for a person. */
  readonly reason: string;
  readonly subject: string;
  readonly listing: string;
  /** The variable that says where it is. */
  readonly address: string;
  /** Null: it does not refuse the credentials. */
  readonly refused: Pick<
    ProblemOf<'credentials-refused'>,
    'variables' | 'origin' | 'reason'
  > | null;
  /** Whether the credentials lack a permission. */
  readonly isLacking: boolean;
  /** Which setting leads to something that is not there. */
  readonly nowhere: Omit<ProblemOf<'setting-invalid'>, 'code'>;
}

/** The problem that a first request was answered with. */
export function probeProblem(failure: HttpError, known: ProbeFailure): Problem {
  const { reason, subject, listing, refused } = known;
  if (refused !== null) return { code: 'credentials-refused', side: 'bitbucket', ...refused };
  const request = requestOf(failure);
  if (failure.failure === 'no-time') {
    return { code: 'root-listing-incomplete', listing, reason, ...request };
  }
  if (isTurnedDownOnTheWay(failure)) return unavailable(failure, subject, reason, known.address);
  if (known.isLacking) {
    return { code: 'permission-refused', side: 'bitbucket', subject, reason, ...request };
  }
  return failure.details.status === 404
    ? { code: 'setting-invalid', ...known.nowhere }
    : unavailable(failure, subject, reason, known.address);
}

/**
 * The problem of a Bitbucket that does not answer as it should.
 * @param address the variable that says where it is
 */
export function unavailable(
  failure: HttpError,
  subject: string,
  reason: string,
  address: string,
): Problem {
  const { status } = failure.details;
  return {
    code: 'server-unavailable',
    side: 'bitbucket',
    subject,
    reason,
    address,
    ...(status === undefined ? {} : { status }),
    ...requestOf(failure),
  };
}

const message = z.looseObject({ message: z.string() });

/** How Bitbucket Cloud shapes an error. */
const cloudError = z
  .strictObject({ type: z.literal('error'), error: message })
  .transform(({ error }) => error);

/** The same, and Bitbucket Data Center and gateways before either. */
const anyError = z.union([
  cloudError,
  z.strictObject({ errors: z.array(message).min(1) }).transform(({ errors: [first] }) => first),
  z
    .strictObject({
      error: z.union([message, z.string().transform((text) => ({ message: text }))]),
    })
    .transform(({ error }) => error),
  z.strictObject({ message: z.string(), status: z.number().optional() }),
]);

/** Longer ones are no errors. */
const longestError = 10_000;

/**
 * The words of an error that came with a status of success, in place of a text that was asked for; null
 * where it is none.
 * @param isJson whether the text may be JSON of its own: then only what leaves no doubt is an error
 */
export function errorIn(text: string, isJson = false): string | null {
  if (text.length > longestError || !/^\s*\{/u.test(text)) return null;
  try {
    const shape = isJson ? cloudError : anyError;
    return oneLine(shape.parse(JSON.parse(text))?.message ?? '');
  } catch {
    return null;
  }
}
