import type { Clock } from '../../clock.js';
import type { HttpClient } from '../../http/client.js';
import type { Wait } from '../../http/gate.js';
import { unlimitedQuota, type RequestQuota } from '../../http/request-quota.js';
import { type Problem, ProblemError } from '../../problems/problem.js';
import type { Inspection } from '../tiny-requests.js';
import type { Source } from '../source.js';
import { Asker } from '../addresses/asker.js';
import { CloudAddresses } from './addresses.js';
import type { CredentialFacts } from './auth.js';
import { PageSizes } from '../listing/page-sizes.js';
import { cloudRest, toldFailure } from './describe-failure.js';
import { refusedFilters } from './filters.js';
import { FileReads } from '../files/file-reads.js';
import { CloudFiles } from './files/cloud-files.js';
import { MissingThings, Revisions } from './files/revisions.js';
import { inspectCloud } from './inspect.js';
import { cloudKinds, cloudKindsWith } from './kinds/index.js';
import { request as anyRequest, requestFlavour } from './kinds/request.js';
import { openRequest } from './open-request.js';
import { AllowedRequests } from '../requests/allowed-requests.js';
import { RequestBounds } from '../requests/answers.js';
import { defaultReserve, RequestBudget } from './limits/budget.js';
import { RequestPlan } from './limits/request-plan.js';
import { openKind, type CloudContext } from './open-kind.js';
import { probe, type ProbeOptions } from './probe.js';
import { RootListings } from './root-listings.js';
import { RotatingClient, type RotationOptions } from './rotating-client.js';
import { Routes } from './routes.js';

/** What a Cloud source needs. */
export interface CloudSourceOptions {
  /** Of the origin of `hostUrl`, one for each token, in the order in which they are used; at least one. */
  readonly clients: readonly HttpClient[];
  /** The root of the API: ends in `/2.0`. */
  readonly hostUrl: URL;
  /** Its slug, or its UUID in braces. */
  readonly workspace: string;
  /** How many repositories one reading asks about at the same time. */
  readonly concurrency: number;
  readonly credentials: CredentialFacts;
  readonly clock: Clock;
  /** Paths that mappings may ask for, as patterns; none by default. */
  readonly allowRequests?: readonly string[];
  /** The share of Bitbucket's limits that is left to others; a tenth by default. */
  readonly reserve?: number;
  /** What the user allows this run, the same that the clients have; by default any number. */
  readonly quota?: RequestQuota;
  /** Milliseconds since the epoch after which no wait may end; null: there is none. */
  readonly deadline?: number | null;
  /** Told of each wait for the limits as it begins. */
  readonly onWait?: (wait: Wait) => void;
  /** Ends every wait: the run was stopped. */
  readonly signal?: AbortSignal;
  /** Takes what the run as a whole meets, such as the forecast of its requests. */
  readonly report?: (problem: Problem) => void;
}

/** A source that can be looked at with whichever of its tokens works. */
export interface CloudSource extends Source {
  /** What it asks through. */
  readonly http: HttpClient;
  readonly inspection: Inspection;
}

/**
 * A workspace of Bitbucket Cloud, for one run: what was listed is remembered and shared.
 *
 * Call `read` for every resource before the first page of any is taken: what several ask for is kept.
 */
export function createCloudSource(options: CloudSourceOptions): CloudSource {
  const { clients, hostUrl, workspace, credentials } = options;
  if (clients.length === 0) throw new TypeError('a source without any client');
  const budget = new RequestBudget({
    tokens: clients.length,
    reserve: options.reserve ?? defaultReserve,
    quota: options.quota ?? unlimitedQuota(),
  });
  const rotation = rotationOf(options);
  const http = new RotatingClient(clients, budget, rotation);
  const routes = new Routes(hostUrl, workspace);
  const probing: ProbeOptions = {
    origin: hostUrl.origin,
    workspace,
    credentials,
    onRefused: (token, refusal) => {
      if (budget.refuse(token).isNew) rotation.onRefused(token, refusal);
    },
  };
  const context = contextOf(http, routes, budget, options);
  const kinds = cloudKindsWith(options.allowRequests ?? []);
  return {
    http,
    type: 'bitbucket-cloud',
    kinds,
    probe: async (resources = []) => {
      const answer = await probe(clients, routes, probing);
      const [first, ...others] = await refusedFilters(resources, context.pager.rest, routes);
      if (first !== undefined) throw new ProblemError([first, ...others]);
      return answer;
    },
    inspection: inspectCloud(http, routes, context.requests.allowed),
    read: (request) => {
      const kind = cloudKinds.find(({ name }) => name === request.kind);
      if (kind === undefined) throw new TypeError(`no kind ${request.kind} in Bitbucket Cloud`);
      if (kind === anyRequest) {
        const own = kinds.find(({ name }) => name === kind.name) ?? kind;
        return openRequest(own, context, request);
      }
      return openKind(kind, context, request);
    },
    addressOf: (link) => context.addresses.of(link),
    memory: context.plan,
    close: () => http.close(),
  };
}

function rotationOf(options: CloudSourceOptions): RotationOptions {
  const { clients, clock, deadline, onWait, signal, report } = options;
  return {
    clock,
    deadline: deadline ?? null,
    onWait: onWait ?? (() => undefined),
    signal: signal ?? new AbortController().signal,
    onRefused: (token, refusal) => {
      const { reason } = toldFailure(refusal);
      report?.({ code: 'token-refused', position: token + 1, count: clients.length, reason });
    },
  };
}

function contextOf(
  http: HttpClient,
  routes: Routes,
  budget: RequestBudget,
  {
    workspace,
    hostUrl,
    concurrency,
    clock,
    deadline = null,
    allowRequests = [],
    report = () => undefined,
  }: CloudSourceOptions,
): CloudContext {
  const rest = cloudRest(http);
  const pager = { rest, sizes: new PageSizes(report) };
  const missing = new MissingThings(rest, routes);
  const revisions = new Revisions(rest, routes, missing);
  const addresses = new CloudAddresses(workspace, hostUrl);
  const listings = new RootListings({
    pager,
    routes,
    onListed: (kind, listed) => {
      addresses.learn(kind, listed);
    },
  });
  return {
    pager,
    routes,
    listings,
    files: new FileReads(new CloudFiles({ pager, routes, revisions, missing })),
    plan: new RequestPlan({ listings, budget, clock, deadline, report }),
    addresses,
    asker: new Asker(rest, addresses.rules(routes)),
    requests: {
      allowed: new AllowedRequests(allowRequests, routes.root, requestFlavour.below),
      bounds: new RequestBounds(),
    },
    concurrency,
    warned: new Set(),
  };
}
