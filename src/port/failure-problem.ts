import { HttpError, isStopped, requestOf } from '../http/http-error.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import { describeFailure, portRefusal, statusOf } from './describe-failure.js';

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
