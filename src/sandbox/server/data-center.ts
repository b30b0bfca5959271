import type { Company, Repository } from '../company/company.js';
import type { Happening } from '../happening.js';
import { deliver, Hooks, type Delivery } from '../hooks.js';
import {
  jsonOf,
  startLoopbackServer,
  type Answer,
  type LoopbackServer,
  type RecordedRequest,
} from '../loopback.js';
import type { Match } from '../path-router.js';
import { ApiError, errorAnswer, unknownToContract } from './api-error.js';
import { guard, notPermitted, type AccessOptions, type Caller } from './auth.js';
import type { Paging } from './paging.js';
import { serverEvent } from './events.js';
import { contiguousPositions, gappedPositions } from './positions.js';
import { match } from './router.js';
import {
  MovedRepository,
  seenBy,
  type Behaviour,
  type Call,
  type Route,
  type Site,
} from './route.js';

/** What is served, to whom, and how it pages. */
export interface DataCenterOptions extends AccessOptions, Partial<Behaviour> {
  readonly company: Company;
  /** Such as `/bitbucket`; none by default. */
  readonly contextPath?: string;
  /** The base URL that an administrator entered, which links lead to; the server's own by default. */
  readonly advertisedUrl?: string;
  /** Rows of the largest page, whatever `limit` asks for; 1000 by default. */
  readonly pageCap?: number;
  /** Uneven page starts, an empty page after the first, and no `nextPageStart` on the last. */
  readonly gaps?: boolean;
}

/** A running Bitbucket Data Center. Its `url` holds the context path. */
export interface SandboxDataCenter extends LoopbackServer {
  /** May be changed between requests. */
  readonly company: Company;
  /** Its webhooks. */
  readonly hooks: Hooks;
  /** Tells the webhooks of something that happened, and waits for their answers. */
  tell(happening: Happening): Promise<readonly Delivery[]>;
}

const apiRoot =
  /^\/rest\/(api|build-status|branch-permissions|default-reviewers)\/(?:latest|1\.0)(?=\/)/;

/**
 * Starts a Bitbucket Data Center 9.4 that serves `company` read-only on loopback. The documents
 * leave open whether `projects` lists personal projects, which the product keeps to itself; here
 * it does not, unless asked to. A request that the contract does not know is answered 404 or 400
 * and kept among the violations.
 */
export async function startDataCenter(options: DataCenterOptions): Promise<SandboxDataCenter> {
  const { company, contextPath = '' } = options;
  let url = '';
  const access = guard(options, () => url);
  const behaviour: Behaviour = {
    version: options.version ?? '9.4.1',
    listsPersonalProjects: options.listsPersonalProjects ?? false,
    emptyRepositoryCommits: options.emptyRepositoryCommits ?? 'not-found',
    missingReadme: options.missingReadme ?? 404,
    dates: options.dates ?? 'milliseconds',
    hidden: options.hidden ?? 401,
    movedRepositories: options.movedRepositories ?? 'redirect',
    refusesHooks: options.refusesHooks ?? (() => null),
    tellsHookSecrets: options.tellsHookSecrets ?? false,
    createdHook: options.createdHook ?? 200,
  };
  const hooks = new Hooks();
  const paging: Paging = {
    positions: options.gaps === true ? gappedPositions : contiguousPositions,
    cap: options.pageCap ?? 1000,
  };

  const siteFor = ({ sees }: Pick<Caller, 'sees'>): Site => ({
    all: company,
    company: sees === null ? company : seenBy(company, sees),
    url: options.advertisedUrl ?? url,
  });
  const respond = (request: RecordedRequest): Answer => {
    const { answerTo, route, parameters } = find(request, contextPath);
    const caller = access.identify(request.headers.authorization);
    if (!mayAsk(caller, route, options)) throw notPermitted();
    checkQuery(request.query, route.query);
    const parameter = (name: string): string => parameters.get(name) ?? '';
    const site = siteFor(caller);
    const { query } = request;
    const call: Call = { site, behaviour, paging, caller, hooks, query, parameter };
    const answer = answerTo(call);
    const { username } = caller;
    return username === null ? answer : named(answer, company, username);
  };

  const server = await startLoopbackServer((request, violation) => {
    try {
      return respond(request);
    } catch (error) {
      if (error instanceof MovedRepository) return redirect(request, error.repository);
      if (!(error instanceof ApiError)) throw error;
      const asked = `${request.method} ${request.path}`;
      if (error.details.violation === true) violation(`${asked}: ${error.message}`);
      return errorAnswer(error);
    }
  });
  url = `${server.url}${contextPath}`;
  let told = 0;
  const tell: SandboxDataCenter['tell'] = async (happening) => {
    told += 1;
    const found = serverEvent(siteFor({ sees: null }), behaviour, happening, told);
    return found === undefined ? [] : await deliver(hooks.list(...found.places), found.event);
  };
  const reset = (): void => {
    server.reset();
    access.reset();
  };
  return { ...server, url, company, hooks, tell, reset };
}

/** An operation that a request asks for. */
interface Operation extends Match<Route> {
  readonly answerTo: (call: Call) => Answer;
}

/** @throws ApiError, a violation, when the contract has no such operation */
function find(request: RecordedRequest, contextPath: string): Operation {
  const path = request.path.startsWith(`${contextPath}/`)
    ? request.path.slice(contextPath.length)
    : '';
  const below = path.replace(apiRoot, (_, part: string) => (part === 'api' ? '' : `/${part}`));
  const found = below === path ? undefined : match(below);
  if (found === undefined) {
    throw new ApiError(404, 'the contract has no such path', null, { violation: true });
  }
  const { answer, writes = {} } = found.route;
  if (request.method === 'GET') return { ...found, answerTo: answer };
  const write = Object.hasOwn(writes, request.method) ? writes[request.method] : undefined;
  if (write === undefined) {
    throw new ApiError(405, 'Method Not Allowed', null, { violation: true });
  }
  return { ...found, answerTo: (call) => write(call, jsonOf(request)) };
}

/** Accounts are for those who have one; what is public is for everybody where that is switched on. */
function mayAsk(caller: Caller, route: Route, { publicAccess = false }: AccessOptions): boolean {
  if (route.anonymous === true) return true;
  return route.forUsers === true ? caller.username !== null : caller.isKnown || publicAccess;
}

function checkQuery(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) {
      throw unknownToContract(`the query parameter ${name} is not known here`, name);
    }
  }
}

/** To the same question about the repository at its new address. */
function redirect({ target }: RecordedRequest, { project, slug }: Repository): Answer {
  const place = `/projects/${encodeURIComponent(project)}/repos/${encodeURIComponent(slug)}`;
  return {
    status: 301,
    headers: { location: target.replace(/\/projects\/[^/]+\/repos\/[^/?]+/, place) },
  };
}

/** Tells the caller who they are, as the product does. */
function named(answer: Answer, company: Company, username: string): Answer {
  const user = company.users.find(({ name }) => name === username);
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'x-ausername': encodeURIComponent(username),
      ...(user === undefined ? {} : { 'x-auserid': String(user.id) }),
    },
  };
}
