import type { Clock } from '../../clock.js';
import type { HttpClient } from '../../http/client.js';
import type { Wait } from '../../http/gate.js';
import type { Problem } from '../../problems/problem.js';
import type { Source } from '../source.js';
import type { CredentialFacts } from './auth.js';
import { FileReads } from './files/file-reads.js';
import { Revisions } from './files/revisions.js';
import { Trees } from './files/trees.js';
import { cloudKinds } from './kinds/index.js';
import type { CloudContext } from './kinds/kind.js';
import { defaultReserve, RequestBudget, type BudgetOptions } from './limits/budget.js';
import { RequestPlan } from './limits/request-plan.js';
import { PageSizes } from './page-sizes.js';
import { probe } from './probe.js';
import { Rest } from './rest.js';
import { RootListings } from './root-listings.js';
import { RotatingClient, type Patience } from './rotating-client.js';
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
  /** What the user allows this run; by default what Bitbucket does, less a reserve. */
  readonly budget?: Partial<Omit<BudgetOptions, 'tokens'>>;
  /** Milliseconds since the epoch after which no wait may end; null: there is none. */
  readonly deadline?: number | null;
  /** Told of each wait for the limits as it begins. */
  readonly onWait?: (wait: Wait) => void;
  /** Ends every wait: the run was stopped. */
  readonly signal?: AbortSignal;
  /** Takes what the run as a whole meets, such as the forecast of its requests. */
  readonly report?: (problem: Problem) => void;
}

/**
 * A workspace of Bitbucket Cloud, for one run: what was listed is remembered and shared.
 *
 * Call `read` for every resource before the first page of any is taken: what several ask for is kept.
 */
export function createCloudSource(options: CloudSourceOptions): Source {
  const { clients, hostUrl, workspace, credentials } = options;
  if (clients.length === 0) throw new TypeError('a source without any client');
  const budget = new RequestBudget({
    tokens: clients.length,
    reserve: defaultReserve,
    maxRequests: null,
    quota: null,
    ...options.budget,
  });
  const http = new RotatingClient(clients, budget, patienceOf(options));
  const routes = new Routes(hostUrl, workspace);
  const context = contextOf(http, routes, budget, options);
  return {
    type: 'bitbucket-cloud',
    kinds: cloudKinds,
    probe: () => probe(clients, routes, { origin: hostUrl.origin, workspace, credentials }),
    read: (request) => {
      const kind = cloudKinds.find(({ name }) => name === request.kind);
      if (kind === undefined) throw new TypeError(`no kind ${request.kind} in Bitbucket Cloud`);
      return kind.open(context, request);
    },
    close: () => http.close(),
  };
}

function patienceOf({ clock, deadline, onWait, signal }: CloudSourceOptions): Patience {
  return {
    clock,
    deadline: deadline ?? null,
    onWait: onWait ?? (() => undefined),
    signal: signal ?? new AbortController().signal,
  };
}

function contextOf(
  http: HttpClient,
  routes: Routes,
  budget: RequestBudget,
  { concurrency, clock, deadline = null, report = () => undefined }: CloudSourceOptions,
): CloudContext {
  const rest = new Rest(http);
  const pager = { rest, sizes: new PageSizes() };
  const revisions = new Revisions(rest, routes);
  const listings = new RootListings(pager, routes);
  return {
    pager,
    routes,
    listings,
    files: new FileReads(rest, routes, revisions),
    trees: new Trees(pager, routes, revisions),
    plan: new RequestPlan({ listings, budget, clock, deadline, report }),
    concurrency,
  };
}
