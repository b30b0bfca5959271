import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import type { HttpError } from '../../http/http-error.js';
import { tooManyRequests } from '../../http/next-attempt.js';
import { ProblemError, type Problem, type ProblemOf } from '../../problems/problem.js';
import { malformed, probeFailure, unavailable } from '../failure.js';
import type { RestRequest } from '../listing/rest.js';
import type { ProbeAnswer } from '../source.js';
import { appPasswordNotice, type CredentialFacts } from './auth.js';
import { CredentialsGone } from './describe-failure.js';
import { cloudRest } from './rest.js';
import type { Routes } from './routes.js';
import { scopesLacking } from './scopes.js';

/** What the words of a problem need to know. */
export interface ProbeOptions {
  /** For messages: `https://api.bitbucket.org`. */
  readonly origin: string;
  readonly workspace: string;
  readonly credentials: CredentialFacts;
}

const unknown: ProbeAnswer = { credentials: 'unknown' };

/** What a token sees, as far as the first page tells. */
const viewBody = z.object({
  size: z.number().nullish(),
  values: z.array(z.object({ uuid: z.string().nullish() })),
});

/**
 * Asks each token for a few repositories, which tells whether it is good, and whether it sees the
 * workspace, and of it the same as the others: else repositories would seem to come and go with the
 * turns that tokens take. One of several whose limit is reached is taken for good.
 * @param clients one for each token
 * @throws ProblemError credentials-refused, permission-refused, setting-invalid, server-unavailable,
 *   root-listing-incomplete when the limits leave no time for it
 * @throws HttpError `aborted`, when the run was stopped
 */
export async function probe(
  clients: readonly HttpClient[],
  routes: Routes,
  options: ProbeOptions,
): Promise<ProbeAnswer> {
  if (differing(await viewsOf(clients, routes, options)) === null) return unknown;
  // One of them may have been created between two questions.
  const pair = differing(await viewsOf(clients, routes, options));
  if (pair !== null) throw ProblemError.of(differentViews(pair, options));
  return unknown;
}

/** What each token sees; null where its limit is reached. */
async function viewsOf(
  clients: readonly HttpClient[],
  routes: Routes,
  options: ProbeOptions,
): Promise<readonly (string | null)[]> {
  const views: (string | null)[] = [];
  for (const [index, client] of clients.entries()) {
    const which = clients.length > 1 ? ` (token ${index + 1} of ${clients.length})` : '';
    const subject = `repositories of workspace ${options.workspace}${which}`;
    const accepted = clients.length > 1 ? [tooManyRequests] : [];
    try {
      views.push(await viewOf(client, { url: routes.probe(), subject, accepted }));
    } catch (error) {
      throw probeFailure(error, (failure) => problemOf(failure, options));
    }
  }
  return views;
}

/** Positions, from 1, of two tokens that do not see the same. */
function differing(views: readonly (string | null)[]): readonly [number, number] | null {
  const one = views.findIndex((view) => view !== null);
  const other = views.findIndex((view) => view !== null && view !== views[one]);
  return other < 0 ? null : [one + 1, other + 1];
}

async function viewOf(
  client: HttpClient,
  request: Omit<RestRequest, 'count'>,
): Promise<string | null> {
  const question = { ...request, count: () => undefined };
  const { status, body } = await cloudRest(client).json(question, viewBody);
  if (status === tooManyRequests) return null;
  if (body === null) throw malformed(request.subject, 'answered without a page');
  return JSON.stringify([body.size ?? null, body.values.map(({ uuid }) => uuid ?? null)]);
}

function differentViews(
  [one, other]: readonly [number, number],
  { credentials }: ProbeOptions,
): ProblemOf<'setting-invalid'> {
  return {
    code: 'setting-invalid',
    spelling: credentials.variables.join(' and '),
    reason:
      `holds tokens that see different repositories (${one} and ${other} in its list): those that take turns ` +
      'must see the same, as access tokens of the workspace do, or several of one project',
  };
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
  if (failure.failure === 'no-time') {
    return { code: 'root-listing-incomplete', listing: 'repositories', reason };
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
  return unavailable(failure, subject, reason, 'BITBUCKET_HOST_URL');
}

function refusalOf({ subject, reason }: HttpError, { kind }: CredentialFacts): string {
  const told = `${subject}: ${reason}`;
  return kind === 'app password' ? `${told.replace(/\.$/u, '')}. ${appPasswordNotice}` : told;
}
