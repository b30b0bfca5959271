import type { HttpError } from '../../http/http-error.js';
import type { Problem } from '../../problems/problem.js';
import { malformed, probeFailure, unavailable } from '../failure.js';
import type { Rest } from '../listing/rest.js';
import type { ProbeAnswer } from '../source.js';
import { describeFailure, isCaptcha } from './describe-failure.js';
import { pageBody } from './paging.js';
import type { Routes } from './routes.js';

/** What the words of a problem need to know. */
export interface ProbeOptions {
  /** For messages: `https://bitbucket.example.com`. */
  readonly origin: string;
  /** Variables that hold the credentials. */
  readonly credentialVariables: readonly string[];
}

const subject = 'projects';

/**
 * Asks for one project, which tells whether the server is there and takes the credentials.
 * @throws ProblemError credentials-refused, captcha-required, permission-refused, setting-invalid,
 *   server-unavailable, root-listing-incomplete when the limits leave no time for it
 * @throws HttpError `aborted`, when the run was stopped
 */
export async function probe(
  rest: Rest,
  routes: Routes,
  options: ProbeOptions,
): Promise<ProbeAnswer> {
  try {
    const url = routes.listing(['projects'], {}, 1);
    const answer = await rest.json({ url, subject, count: () => undefined }, pageBody);
    if (answer.body === null) throw malformed(subject, 'answered without a page');
    return { credentials: 'unknown' };
  } catch (error) {
    throw probeFailure(error, (failure) => problemOf(failure, options));
  }
}

function problemOf(failure: HttpError, { origin, credentialVariables }: ProbeOptions): Problem {
  const reason = describeFailure(failure);
  const { status } = failure.details;
  if (isCaptcha(failure)) return { code: 'captcha-required', origin, reason };
  if (status === 401 || failure.failure === 'login-page') {
    return {
      code: 'credentials-refused',
      side: 'bitbucket',
      variables: credentialVariables,
      origin,
      reason,
    };
  }
  if (failure.failure === 'no-time') {
    return { code: 'root-listing-incomplete', listing: subject, reason };
  }
  if (status === 403) return { code: 'permission-refused', side: 'bitbucket', subject, reason };
  if (status === 404) {
    return {
      code: 'setting-invalid',
      spelling: 'BITBUCKET_BASE_URL',
      reason: `leads to no Bitbucket REST API at ${origin}: ${reason}`,
    };
  }
  return unavailable(failure, subject, reason, 'BITBUCKET_BASE_URL');
}
