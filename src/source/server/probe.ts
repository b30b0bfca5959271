import { z } from 'zod';
import { isStopped, type HttpError } from '../../http/http-error.js';
import type { Problem } from '../../problems/problem.js';
import { httpError, malformed, probeFailure, probeProblem, reasonOf } from '../failure.js';
import type { Rest } from '../listing/rest.js';
import type { ProbeAnswer } from '../source.js';
import { describeFailure, isCaptcha, serverWords } from './describe-failure.js';
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

/** What a 401 means where everybody is answered, and every user may read. */
const nobodyWords =
  'it answers as it answers everybody, and shows what is public alone; its users may read where they have been lately, and these credentials may not';

/** What the probe needs of a repository: nobody but those whom the server knows sees a private one. */
const privateRepository = z.object({
  public: z.literal(false),
  project: z.object({ public: z.literal(false) }),
});

/**
 * Asks for one project, which tells whether the server is there and takes the credentials. Where the
 * answer names no user, one or two more tell whether the server knows them: where there is public
 * access, a dead token is answered as well.
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
    const name = answer.headers.get('x-ausername') ?? '';
    return { credentials: name === '' ? await whetherKnown(rest, routes) : 'counted' };
  } catch (error) {
    throw probeFailure(error, (failure) => problemOf(failure, options));
  }
}

/**
 * Every user may read where they have been lately, and nobody else. A token of a project or a
 * repository is no user's, and may be refused there: what it sees beyond the public tells that it counts.
 * @throws HttpError of a 401 where nothing tells so
 */
async function whetherKnown(rest: Rest, routes: Routes): Promise<ProbeAnswer['credentials']> {
  const recent = routes.listing(['profile', 'recent', 'repos'], {}, 1);
  const own = { url: recent, subject: 'recent repositories', count: () => undefined };
  try {
    return (await rest.json(own, pageBody)).body === null ? 'unknown' : 'counted';
  } catch (error) {
    const refusal = httpError(error);
    if (isStopped(refusal) || isCaptcha(refusal)) throw refusal;
    if (refusal.details.status !== 401) return 'unknown';
    const url = routes.listing(['repos'], { visibility: 'private' }, 1);
    const beyond = await firstOf(rest, url);
    if (beyond === 'unanswered') return 'unknown';
    if (privateRepository.safeParse(beyond).success) return 'counted';
    throw refusal;
  }
}

async function firstOf(rest: Rest, url: URL): Promise<unknown> {
  const request = { url, subject: 'private repositories', count: () => undefined };
  try {
    return (await rest.json(request, pageBody)).body?.values[0];
  } catch (error) {
    const failure = httpError(error);
    if (isStopped(failure) || isCaptcha(failure)) throw failure;
    return 'unanswered';
  }
}

function problemOf(failure: HttpError, { origin, credentialVariables }: ProbeOptions): Problem {
  const reason = describeFailure(failure);
  const { status } = failure.details;
  if (isCaptcha(failure)) return { code: 'captcha-required', origin, reason };
  const refused = {
    variables: credentialVariables,
    origin,
    reason:
      failure.subject === subject
        ? reasonOf(failure.reason, serverWords(failure))
        : `${nobodyWords}: ${reason}`,
  };
  return probeProblem(failure, {
    reason,
    subject,
    listing: subject,
    address: 'BITBUCKET_BASE_URL',
    refused: status === 401 || failure.failure === 'login-page' ? refused : null,
    isLacking: status === 403,
    nowhere: {
      spelling: 'BITBUCKET_BASE_URL',
      reason: `leads to no Bitbucket REST API at ${origin}: ${reason}${shorterAddress(origin)}`,
      remedy:
        'Give the address of its start page, with the context path if there is one: https://example.com/bitbucket',
    },
  });
}

/** An address that somebody copied out of a browser goes on below the one that is meant. */
function shorterAddress(origin: string): string {
  const page = /^(.+?)\/(?:projects|users|dashboard|login|repos|plugins|admin)(?:\/.*)?$/u.exec(
    origin,
  )?.[1];
  return page === undefined ? '' : `; try ${page}`;
}
