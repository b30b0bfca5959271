import { HttpError, isStopped, requestOf } from '../http/http-error.js';
import { cutText } from '../model/text.js';
import { type Problem, ProblemError } from '../problems/problem.js';

/** What Port says about a call that it refused. Either part may be empty. */
export interface PortRefusal {
  /** A word for programs, such as `not_found`. */
  readonly error: string;
  /** A sentence for people. */
  readonly message: string;
}

/** Long messages name a whole schema; the start tells what is wrong: 500 characters, and `…`. */
const maximumLength = 501;

/**
 * Reads `{error, message}` of Port's error body. The client keeps only the start of a body, so
 * what does not parse as a whole is searched for the two members.
 */
export function portRefusal(error: HttpError): PortRefusal {
  const body = error.details.body ?? '';
  return { error: shortened(member(body, 'error')), message: shortened(member(body, 'message')) };
}

/** Why a call failed, in a few words: `422 invalid_request: …`, or how the connection ended. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof HttpError)) return error instanceof Error ? error.message : String(error);
  const { status } = error.details;
  const words = Object.values(portRefusal(error)).filter((word) => word !== '');
  if (status === undefined || words.length === 0) return error.reason;
  return `${status} ${words.join(': ')}`;
}

/** The status of an answer that is not 2xx; null for any other failure. */
export function statusOf(error: HttpError): number | null {
  return error.failure === 'status' ? (error.details.status ?? null) : null;
}

/** Whether something of that name was there already. The reference names no status for it. */
export function isIdentifierTaken(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false;
  return statusOf(error) === 409 || portRefusal(error).error === 'identifier_taken';
}

function member(body: string, name: 'error' | 'message'): string {
  const parsed = parsedObject(body);
  if (parsed !== null) {
    const value: unknown = Reflect.get(parsed, name);
    return typeof value === 'string' ? value : '';
  }
  const found = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*)`).exec(body)?.[1];
  return found === undefined ? '' : unquoted(found);
}

function parsedObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** The text of a JSON string whose end may be missing. */
function unquoted(start: string): string {
  try {
    const value: unknown = JSON.parse(`${start}"`);
    return typeof value === 'string' ? value : '';
  } catch {
    return start.slice(1);
  }
}

function shortened(text: string): string {
  return cutText(text, maximumLength);
}

/** The environment variables that hold address and credentials, as a message names them. */
const addressVariable = 'PORT_BASE_URL';
const credentialVariables = ['PORT_CLIENT_ID', 'PORT_CLIENT_SECRET'];

/**
 * What to throw for a call that nothing can go on without: `permission-refused` for 401 and 403,
 * else `server-unavailable`. What is no failed call, or was stopped by the run, stays as it is.
 */
export function asCallProblem(error: unknown, subject: string): unknown {
  if (!(error instanceof HttpError) || isStopped(error)) return error;
  const status = statusOf(error);
  const reason = describeFailure(error);
  const problem: Problem =
    status === 401 || status === 403
      ? { code: 'permission-refused', side: 'port', subject, reason, ...requestOf(error) }
      : unavailable(error, subject, reason);
  return ProblemError.of(problem, error);
}

/**
 * What to throw when the token request failed: the credentials, the base URL, or Port itself is to
 * blame. What is no failed call, or was stopped by the run, stays as it is.
 */
export function asTokenProblem(error: unknown, origin: string): unknown {
  if (!(error instanceof HttpError) || isStopped(error)) return error;
  const reason = describeFailure(error);
  if (blamesCredentials(error)) {
    const variables = credentialVariables;
    return ProblemError.of(
      { code: 'credentials-refused', side: 'port', variables, origin, reason },
      error,
    );
  }
  if (blamesAddress(error)) {
    return ProblemError.of(
      {
        code: 'setting-invalid',
        spelling: addressVariable,
        reason: `${origin} does not answer as the Port API: ${reason}; the API is at https://api.getport.io or https://api.us.getport.io`,
      },
      error,
    );
  }
  return ProblemError.of(unavailable(error, 'an access token', reason), error);
}

function unavailable(error: HttpError, subject: string, reason: string): Problem {
  const status = statusOf(error);
  return {
    code: 'server-unavailable',
    side: 'port',
    subject,
    reason,
    address: addressVariable,
    ...(status === null ? {} : { status }),
    ...requestOf(error),
  };
}

/** 422 is a client id or secret of a shape that Port does not even look up. */
function blamesCredentials(error: HttpError): boolean {
  const status = statusOf(error);
  if (status === 401 || status === 422) return true;
  // Without Port's own words, a 403 is a proxy or firewall on the way.
  return status === 403 && portRefusal(error).error !== '';
}

/** No such route, a way elsewhere, or no JSON of Port's: another server lives there. */
function blamesAddress(error: HttpError): boolean {
  const status = statusOf(error);
  if (status === 404 || status === 405) return true;
  if (status !== null && status >= 300 && status < 400) return true;
  return ['login-page', 'malformed', 'foreign-origin'].includes(error.failure);
}
