import { HttpError } from '../../http/http-error.js';
import { ProblemError, type Problem } from '../../problems/problem.js';
import { appPasswordNotice, type CredentialFacts } from './auth.js';
import { CredentialsGone, httpError } from './describe-failure.js';
import { pageBody } from './paging.js';
import { Rest } from './rest.js';
import type { HttpClient } from '../../http/client.js';
import type { Routes } from './routes.js';
import { scopesLacking } from './scopes.js';

/** What the words of a problem need to know. */
export interface ProbeOptions {
  /** For messages: `https://api.bitbucket.org`. */
  readonly origin: string;
  readonly workspace: string;
  readonly credentials: CredentialFacts;
}

/**
 * Asks each token for a few repositories, which tells whether it is good and sees the workspace.
 * @param clients one for each token
 * @throws ProblemError credentials-refused, permission-refused, setting-invalid, server-unavailable
 */
export async function probe(
  clients: readonly HttpClient[],
  routes: Routes,
  options: ProbeOptions,
): Promise<void> {
  for (const [index, client] of clients.entries()) {
    const which = clients.length > 1 ? ` (token ${index + 1} of ${clients.length})` : '';
    const subject = `repositories of workspace ${options.workspace}${which}`;
    try {
      const request = { url: routes.probe(), subject, count: () => undefined };
      const answer = await new Rest(client).json(request, pageBody);
      if (answer.body === null)
        throw new HttpError('malformed', subject, 'answered without a page');
    } catch (error) {
      const failure = httpError(error);
      throw ProblemError.of(problemOf(failure, options), failure);
    }
  }
}

function problemOf(failure: HttpError, { origin, workspace, credentials }: ProbeOptions): Problem {
  const { reason, subject } = failure;
  const { status, headers } = failure.details;
  if (failure instanceof CredentialsGone || failure.failure === 'login-page') {
    return {
      code: 'credentials-refused',
      side: 'bitbucket',
      variables: credentials.variables,
      origin,
      reason: refusalOf(failure, credentials),
    };
  }
  const isLackingScope = headers !== undefined && scopesLacking(headers) !== null;
  if (status === 403 || (status === 404 && isLackingScope)) {
    return { code: 'permission-refused', side: 'bitbucket', subject, reason };
  }
  if (status === 404) {
    return {
      code: 'setting-invalid',
      spelling: 'BITBUCKET_WORKSPACE',
      reason: `names ${workspace}, which is no workspace at ${origin} that these credentials can see: ${reason}`,
    };
  }
  return { code: 'server-unavailable', side: 'bitbucket', subject, reason };
}

function refusalOf({ subject, reason }: HttpError, { kind }: CredentialFacts): string {
  const told = `${subject}: ${reason}`;
  return kind === 'app password' ? `${told.replace(/\.$/u, '')}. ${appPasswordNotice}` : told;
}
