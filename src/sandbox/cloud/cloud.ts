import type { Clock } from '../../clock.js';
import type { Company } from '../company/company.js';
import type { Happening } from '../happening.js';
import { deliver, Hooks, type Delivery } from '../hooks.js';
import {
  startLoopbackServer,
  type Answer,
  type LoopbackServer,
  type RecordedRequest,
} from '../loopback.js';
import { answerOf, attempt, find, root } from './answer.js';
import { identify } from './auth.js';
import type { CloudError } from './cloud-error.js';
import type { Credential } from './credential.js';
import { cloudEvent } from './events.js';
import { uuidOf } from './identifiers.js';
import { Pager, type PagingOptions } from './paging.js';
import { createRateLimits, type RateLimitOptions, type RateLimits } from './rate-limits.js';
import type { Behaviour, Call, Site } from './route.js';
import { createWorkspace } from './workspace.js';

/** What is served, to whom, and where the product may differ. */
export interface CloudOptions extends Partial<Behaviour> {
  readonly company: Company;
  /** By default `fernlicht`. */
  readonly workspace?: { readonly slug: string; readonly name: string };
  /** Who may come in; without any, nobody. */
  readonly credentials: readonly Credential[];
  /** Whether everybody may see what is public: what is left where a proxy strips the credentials. */
  readonly publicAccess?: boolean;
  /** Limits of an hour of `clock`; by default those of Bitbucket Cloud. */
  readonly rateLimits?: RateLimitOptions;
  readonly clock: Clock;
  readonly paging?: PagingOptions;
}

/** A running Bitbucket Cloud. Its `url` holds the root of the API, `/2.0`. */
export interface SandboxCloud extends LoopbackServer {
  /** May be changed between requests. */
  readonly company: Company;
  /** Its webhooks. */
  readonly hooks: Hooks;
  /** Tells the webhooks of something that happened, and waits for their answers. */
  tell(happening: Happening): Promise<readonly Delivery[]>;
  /** Requests that others make with this e-mail address or access token. */
  readonly spend: RateLimits['spend'];
}

/**
 * Starts a Bitbucket Cloud that serves `company` read-only as one workspace on loopback. A request
 * that the contract does not know is answered 404, 405 or 400 and kept among the violations; so is
 * a `page` that is not, byte for byte, a `next` of an answer before it.
 */
export async function startCloud(options: CloudOptions): Promise<SandboxCloud> {
  const { company, workspace = { slug: 'fernlicht', name: 'Fernlicht' } } = options;
  let url = '';
  const limits = createRateLimits(options.rateLimits ?? {}, options.clock);
  const pager = new Pager(options.paging ?? {}, () => url);
  const view = createWorkspace(company);
  const identity = { ...workspace, uuid: uuidOf(`workspace ${workspace.slug}`) };
  const behaviour: Behaviour = {
    codeSearch: options.codeSearch ?? 'gone',
    deepestListing: options.deepestListing ?? Infinity,
    movedRepositories: options.movedRepositories ?? 'not-found',
    mediaUrl: options.mediaUrl ?? 'https://media.invalid',
    refusesHooks: options.refusesHooks ?? (() => false),
  };
  const hooks = new Hooks();

  const siteNow = (): Site => ({
    company,
    workspace: view(),
    identity,
    url,
    api: `${url}${root}`,
  });
  const respond = (request: RecordedRequest, violation: (error: CloudError) => void): Answer => {
    const { route, parameters } = find(request);
    const caller = identify(options, request.headers.authorization);
    const site = siteNow();
    const parameter = (name: string): string => parameters.get(name) ?? '';
    const call: Call = { site, behaviour, pager, caller, hooks, request, parameter };
    const { answer, group } = attempt(() => answerOf(route, call), violation);
    const headers = { ...answer.headers, ...caller.scopeHeaders(route.needs) };
    const counted = request.path.startsWith(`${root}/repositories/`) ? group : null;
    return limits.count(caller, counted, { ...answer, headers });
  };

  const server = await startLoopbackServer((request, violation) => {
    const report = (error: CloudError): void => {
      if (error.more.violation === true) {
        violation(`${request.method} ${request.target}: ${error.message}`);
      }
    };
    return attempt(() => ({ answer: respond(request, report), group: null }), report).answer;
  });
  url = server.url;
  let told = 0;
  const tell: SandboxCloud['tell'] = async (happening) => {
    told += 1;
    const found = cloudEvent(siteNow(), happening, told);
    return found === undefined ? [] : await deliver(hooks.list(...found.places), found.event);
  };
  const reset = (): void => {
    server.reset();
    limits.reset();
  };
  return { ...server, url: `${url}${root}`, company, hooks, tell, spend: limits.spend, reset };
}
