import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import { isStopped, type HttpError } from '../../http/http-error.js';
import { tooManyRequests } from '../../http/next-attempt.js';
import { ProblemError, type Problem, type ProblemOf } from '../../problems/problem.js';
import { httpError, malformed, probeFailure, probeProblem } from '../failure.js';
import { jsonObject } from '../listing/page.js';
import type { RestRequest } from '../listing/rest.js';
import type { ProbeAnswer } from '../source.js';
import { appPasswordNotice, type CredentialFacts } from './auth.js';
import { cloudRest, CredentialsGone, saidOf } from './describe-failure.js';
import type { Routes } from './routes.js';
import { hasScopes, scopesLacking } from './scopes.js';

/** What the words of a problem need to know. */
export interface ProbeOptions {
  /** For messages: `https://api.bitbucket.org`. */
  readonly origin: string;
  readonly workspace: string;
  readonly credentials: CredentialFacts;
  /** Told of a token that Bitbucket does not take, while others are left; its position counts from 0. */
  readonly onRefused: (token: number, refusal: HttpError) => void;
}

/** What a token sees, as far as the first page tells. */
const viewBody = z.object({
  size: z.number().nullish(),
  values: z.array(z.object({ uuid: z.string().nullish() })),
});

/**
 * Asks each token for a few repositories, which tells whether it is good, and whether it sees the
 * workspace, and of it the same as the others: else repositories would seem to come and go with the
 * turns that tokens take. One of several whose limit is reached is taken for good, and one that Bitbucket
 * does not take is passed over, as in the middle of a run: the others see all there is to see.
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
  const views = await viewsOf(clients, routes, options);
  // One of them may have been created between two questions.
  const again = differing(views) === null ? views : await viewsOf(clients, routes, options);
  const pair = differing(again);
  if (pair !== null) throw ProblemError.of(differentViews(pair, options));
  const known = views.map((view) => view?.isKnown ?? true);
  return { credentials: known.every((isKnown) => isKnown) ? 'counted' : 'unknown' };
}

/** What a token sees, and whether an answer shows that Bitbucket knows it. */
interface View {
  readonly text: string;
  readonly isKnown: boolean;
}

/** What each token sees; null where its limit is reached, and where it is passed over. */
async function viewsOf(
  clients: readonly HttpClient[],
  routes: Routes,
  options: ProbeOptions,
): Promise<readonly (View | null)[]> {
  const views: (View | null)[] = [];
  const refusals: (readonly [number, CredentialsGone])[] = [];
  for (const [index, client] of clients.entries()) {
    const which = clients.length > 1 ? ` (token ${index + 1} of ${clients.length})` : '';
    const subject = `repositories of workspace ${options.workspace}${which}`;
    const accepted = clients.length > 1 ? [tooManyRequests] : [];
    try {
      const question = { url: routes.probe(), subject, accepted };
      views.push(await viewOf(client, question, () => whetherKnown(client, routes, options)));
    } catch (error) {
      const refusal = error instanceof CredentialsGone ? error : null;
      if (refusal !== null) refusals.push([index, refusal]);
      if (refusal === null || refusals.length === clients.length) {
        const worst = refusals.length === clients.length ? refusals[0]?.[1] : error;
        throw probeFailure(worst, (failure) => problemOf(failure, options));
      }
      views.push(null);
    }
  }
  for (const [index, refusal] of refusals) options.onRefused(index, refusal);
  return views;
}

/** Positions, from 1, of two tokens that do not see the same. */
function differing(views: readonly (View | null)[]): readonly [number, number] | null {
  const one = views.findIndex((view) => view !== null);
  const other = views.findIndex((view) => view !== null && view.text !== views[one]?.text);
  return other < 0 ? null : [one + 1, other + 1];
}

async function viewOf(
  client: HttpClient,
  request: Omit<RestRequest, 'count'>,
  whether: () => Promise<boolean>,
): Promise<View | null> {
  const question = { ...request, count: () => undefined };
  const { status, headers, body } = await cloudRest(client).json(question, viewBody);
  if (status === tooManyRequests) return null;
  if (body === null) throw malformed(request.subject, 'answered without a page');
  const text = JSON.stringify([body.size ?? null, body.values.map(({ uuid }) => uuid ?? null)]);
  // Whoever is told of scopes is known; not every sort of credentials is told.
  return { text, isKnown: hasScopes(headers) || (await whether()) };
}

/**
 * Two addresses answer whoever Bitbucket knows with something else than 401, if only with what they
 * lack. What is public is answered to everybody, also where something on the way takes credentials off.
 * @throws CredentialsGone where both answer 401
 */
async function whetherKnown(
  client: HttpClient,
  routes: Routes,
  { workspace, credentials }: ProbeOptions,
): Promise<boolean> {
  const subject = `members of workspace ${workspace}`;
  const members = await saidTo(client, { url: routes.members(), subject });
  if (members.isKnown) return true;
  const own = await saidTo(client, { url: routes.user(), subject: 'the user' });
  if (own.isKnown) return true;
  if (members.refusal === null || own.refusal === null) return false;
  // Those of a project or a repository are nobody's: they may be refused there as such.
  const isOfNobody = credentials.kind === 'access token';
  if (isOfNobody && /not supported for this endpoint/i.test(members.refusal.reason)) return false;
  const reason = `Bitbucket shows what is public to these credentials, as to everybody: ${own.refusal.reason}`;
  throw new CredentialsGone('status', members.refusal.subject, reason);
}

/** What an address that only those may ask whom Bitbucket knows said; `refusal`: a 401. */
async function saidTo(
  client: HttpClient,
  request: Pick<RestRequest, 'url' | 'subject'>,
): Promise<{ readonly isKnown: boolean; readonly refusal: HttpError | null }> {
  try {
    const question = { ...request, count: () => undefined };
    return {
      isKnown: (await cloudRest(client).json(question, jsonObject)).body !== null,
      refusal: null,
    };
  } catch (error) {
    const failure = httpError(error);
    if (isStopped(failure)) throw failure;
    const isLacking = failure.details.status === 403 && saidOf(failure) !== null;
    return { isKnown: isLacking, refusal: failure instanceof CredentialsGone ? failure : null };
  }
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
    remedy: 'Replace those that see less, or leave them out',
  };
}

function problemOf(failure: HttpError, { origin, workspace, credentials }: ProbeOptions): Problem {
  const { reason, subject } = failure;
  const { status, headers } = failure.details;
  const { variables } = credentials;
  const isRefused = failure instanceof CredentialsGone || failure.failure === 'login-page';
  const isLackingScope = headers !== undefined && scopesLacking(headers) !== null;
  return probeProblem(failure, {
    reason,
    subject,
    listing: 'repositories',
    address: 'BITBUCKET_HOST_URL',
    refused: isRefused ? { variables, origin, reason: refusalOf(failure, credentials) } : null,
    isLacking: status === 403 || (status === 404 && isLackingScope),
    nowhere: {
      spelling: 'BITBUCKET_WORKSPACE',
      reason: `names ${workspace}, which is no workspace at ${origin} that these credentials can see (404: ${saidOf(failure) ?? 'Not Found'})`,
      remedy:
        'The workspace is the first part of the addresses of its repositories: https://bitbucket.org/WORKSPACE/REPOSITORY',
    },
  });
}

function refusalOf({ reason }: HttpError, { kind }: CredentialFacts): string {
  return kind === 'app password' ? `${reason.replace(/\.$/u, '')}. ${appPasswordNotice}` : reason;
}
