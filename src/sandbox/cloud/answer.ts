import { jsonOf, type Answer, type RecordedRequest } from '../loopback.js';
import { createRouter, type Match } from '../path-router.js';
import type { Caller } from './auth.js';
import { CloudError, errorAnswer, noSuchWorkspace, unknownToContract } from './cloud-error.js';
import type { LimitGroup } from './hourly-limit.js';
import { partialResponse } from './partial-response.js';
import { MovedRepository, type Call, type Outcome, type Route } from './route.js';
import { routes } from './routes/index.js';
import type { Permission } from './scopes.js';

/** Where the API begins. */
export const root = '/2.0';

const match = createRouter(routes, { encodedSlashParts: true, emptyRest: true });

/** An answer and the limit that it counts against. */
export interface Counted {
  readonly answer: Answer;
  readonly group: LimitGroup | null;
}

/** Turns a refusal into its document. */
export function attempt(make: () => Counted, report: (error: CloudError) => void): Counted {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    report(error);
    return { answer: errorAnswer(error), group: 'repositories' };
  }
}

/** @throws CloudError, a violation, when the contract has no such operation */
export function find(request: RecordedRequest): Match<Route> {
  const isBelow = request.path.startsWith(`${root}/`);
  const found = isBelow ? match(request.path.slice(root.length)) : undefined;
  if (found === undefined) {
    throw new CloudError(404, 'the contract has no such path', { violation: true });
  }
  const { writes = {} } = found.route;
  if (request.method !== 'GET' && !Object.hasOwn(writes, request.method)) {
    throw new CloudError(405, 'Method Not Allowed', { violation: true });
  }
  return found;
}

/** @throws CloudError when the caller may not, or the request is wrong */
export function answerOf(route: Route, call: Call): Counted {
  const { query } = call.request;
  checkQuery(query, route.query);
  checkWorkspace(call);
  const write = call.request.method === 'GET' ? undefined : route.writes?.[call.request.method];
  checkAccess(route, write?.needs ?? [route.needs], call.caller);
  try {
    const outcome = write?.answer(call, jsonOf(call.request)) ?? route.answer(call);
    return written(outcome, query.get('fields'), route.hidden ?? []);
  } catch (error) {
    if (!(error instanceof MovedRepository)) throw error;
    return { answer: redirect(call, error.slug), group: 'repositories' };
  }
}

/** To the same question about the repository at its new address. */
function redirect({ request: { target }, site: { identity } }: Call, slug: string): Answer {
  const place = `/repositories/${identity.slug}/${encodeURIComponent(slug)}`;
  const location = target.replace(/\/repositories\/[^/]+\/[^/?]+/, place);
  return { status: 301, headers: { location } };
}

/** Whatever a route does not know is a violation, and so is what comes twice, but for `state`. */
function checkQuery(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (name !== 'fields' && !known.includes(name)) {
      throw unknownToContract(`the query parameter ${name} is not known here`);
    }
    if (name !== 'state' && query.getAll(name).length > 1) {
      throw unknownToContract(`the query parameter ${name} comes twice`);
    }
  }
}

function checkWorkspace({ site: { identity }, parameter }: Call): void {
  const identifier = parameter('workspace');
  if (!['', identity.slug, identity.uuid].includes(identifier)) throw noSuchWorkspace(identifier);
}

function checkAccess({ forUsers }: Route, needs: readonly Permission[], caller: Caller): void {
  if (forUsers === true && caller.isAccessToken) {
    throw new CloudError(403, 'This API is not accessible with an access token.');
  }
  for (const each of needs) caller.require(each);
}

function written(outcome: Outcome, fields: string | null, hidden: readonly string[]): Counted {
  switch (outcome.type) {
    case 'document': {
      const body = partialResponse(outcome.document, fields, hidden);
      return { answer: { status: 200, body }, group: 'repositories' };
    }
    case 'file':
      return {
        answer: { status: 200, headers: outcome.headers, body: outcome.body },
        group: 'files',
      };
    case 'made': {
      const body = partialResponse(outcome.document, fields, hidden);
      return { answer: { status: 201, body }, group: 'repositories' };
    }
    case 'deleted':
      return { answer: { status: 204 }, group: 'repositories' };
    case 'moved':
      return {
        answer: { status: 301, headers: { location: outcome.location } },
        group: 'files',
      };
  }
}
