import type { HttpClient } from '../../http/client.js';
import type { Problem } from '../../problems/problem.js';
import { FileReads } from '../files/file-reads.js';
import { PageSizes } from '../listing/page-sizes.js';
import type { Source } from '../source.js';
import { Asker } from '../addresses/asker.js';
import { serverAddressRules, serverPages } from './addresses.js';
import { Attachments } from './attachments.js';
import type { AttachmentName } from './kinds/repository.js';
import { baseOf, restRoot, Routes } from './routes.js';
import { serverKinds, serverKindsWith } from './kinds/index.js';
import type { SelectorOverrides } from './kinds/kind.js';
import type { ServerContext } from './context.js';
import { request as anyRequest, requestFlavour } from './kinds/request.js';
import { openRequest } from './open-request.js';
import { AllowedRequests } from '../requests/allowed-requests.js';
import { RequestBounds } from '../requests/answers.js';
import { openKind } from './open-kind.js';
import { probe } from './probe.js';
import { serverRest } from './describe-failure.js';
import { RootListings } from './root-listings.js';
import { ServerFiles } from './server-files.js';

/** What a Data Center source needs. */
export interface ServerSourceOptions {
  /** Of the origin of `baseUrl`, with the credentials. */
  readonly http: HttpClient;
  /** As the user wrote it: a context path, a trailing slash, the path of the REST API are fine. */
  readonly baseUrl: URL;
  /** How many repositories one reading asks about at the same time. */
  readonly concurrency: number;
  readonly overrides?: SelectorOverrides;
  /** Attachments of repositories that may be fetched; both by default. */
  readonly enrich?: readonly AttachmentName[];
  /** Paths that mappings may ask for, as patterns; none by default. */
  readonly allowRequests?: readonly string[];
  /** Variables that hold the credentials, for messages. */
  readonly credentialVariables: readonly string[];
  /** Takes what the run as a whole meets, such as pages that are too large for the server. */
  readonly report?: (problem: Problem) => void;
}

/**
 * Bitbucket Data Center or Server, for one run: what was listed is remembered and shared.
 *
 * Call `read` for every resource before the first page of any is taken: which root listings are read
 * is decided by what all resources need together.
 */
export function createServerSource(options: ServerSourceOptions): Source {
  const root = restRoot(options.baseUrl);
  const { allowRequests = [] } = options;
  const rest = serverRest(options.http, new PageSizes(options.report));
  const routes = new Routes(root);
  const base = baseOf(root);
  const pages = serverPages(base);
  const files = new ServerFiles(rest, routes);
  const context: ServerContext = {
    rest,
    routes,
    listings: new RootListings({
      rest,
      routes,
      onListed: (kind, { segments, item }) => {
        pages.learn(kind, segments, item.link);
      },
    }),
    asker: new Asker(rest, serverAddressRules(routes, pages)),
    warned: new Set(),
    attachments: new Attachments(rest, routes, files),
    files: new FileReads(files),
    enrich: options.enrich ?? ['readme', 'latestCommit'],
    concurrency: options.concurrency,
    overrides: options.overrides ?? {},
    requests: {
      allowed: new AllowedRequests(allowRequests, base, requestFlavour.below),
      bounds: new RequestBounds(),
    },
  };
  const kinds = serverKindsWith({ enrich: context.enrich, allowRequests });
  return {
    type: 'bitbucket-server',
    kinds,
    probe: () =>
      probe(rest, routes, {
        origin: base,
        credentialVariables: options.credentialVariables,
      }),
    read: (request) => {
      const kind = serverKinds.find(({ name }) => name === request.kind);
      if (kind === undefined) throw new TypeError(`no kind ${request.kind} in Data Center`);
      if (kind === anyRequest) {
        const own = kinds.find(({ name }) => name === kind.name) ?? kind;
        return openRequest(own, context, request);
      }
      return openKind(kind, context, request);
    },
    addressOf: (link) => pages.addressOf(link),
    close: () => options.http.close(),
  };
}
