import type { JsonObject, JsonValue } from '../../model/json.js';
import type { Company } from '../company/company.js';
import type { Hooks } from '../hooks.js';
import type { RecordedRequest } from '../loopback.js';
import type { Caller } from './auth.js';
import type { Fields } from './bbql/fields.js';
import { filter, order } from './bbql/filter.js';
import { noSuchRepository } from './cloud-error.js';
import type { ListingStyle, Pager } from './paging.js';
import type { Permission } from './scopes.js';
import type { HostedRepository, Workspace } from './workspace.js';

/** What is served, and under which address. */
export interface Site {
  readonly company: Company;
  readonly workspace: Workspace;
  /** How the workspace is called. */
  readonly identity: { readonly slug: string; readonly name: string; readonly uuid: string };
  /** Where pages for people would be; no trailing slash. */
  readonly url: string;
  /** The root of the API: the same, with `/2.0`. */
  readonly api: string;
}

/** Where the product differs from place to place, or its documents are silent. */
export interface Behaviour {
  /** Code search was to go on 1 November 2026: answers 410, 404 as where it is off, or still. */
  readonly codeSearch: 'gone' | 'off' | 'answers';
  /** The largest `max_depth` that does not time out with 555; none by default. */
  readonly deepestListing: number;
  /** The old slug of a repository: leads to the new one, answers with it, or with 404. */
  readonly movedRepositories: 'redirect' | 'answer' | 'not-found';
  /** Where the bytes of LFS files are: another origin, to which a read is redirected. */
  readonly mediaUrl: string;
  /** Whether the caller may not manage the webhooks of a repository, by slug; null: of the workspace. */
  readonly refusesHooks: (slug: string | null) => boolean;
}

/** One request to a route that exists, by somebody whom the server knows. */
export interface Call {
  readonly site: Site;
  readonly behaviour: Behaviour;
  readonly pager: Pager;
  readonly caller: Caller;
  readonly hooks: Hooks;
  readonly request: RecordedRequest;
  /** The decoded value of a `{name}` in the route's path. */
  readonly parameter: (name: string) => string;
}

/** What a route has to say. The bytes of files are counted apart. */
export type Outcome =
  | { readonly type: 'document'; readonly document: JsonObject }
  | {
      readonly type: 'file';
      readonly body: string | Uint8Array;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly type: 'moved'; readonly location: string }
  | { readonly type: 'made'; readonly document: JsonObject }
  | { readonly type: 'deleted' };

/** One resource of the contract. */
export interface Route {
  /** Below `/2.0`. A trailing `{path}` takes several segments. */
  readonly path: string;
  /** The query parameters that it understands, beside `fields`. */
  readonly query: readonly string[];
  readonly needs: Permission;
  /** Not for access tokens, which are nobody's. */
  readonly forUsers?: boolean;
  /** Paths of the document that come only when `fields` names them. */
  readonly hidden?: readonly string[];
  /** To GET. */
  readonly answer: (call: Call) => Outcome;
  /** What changes it, by the method; most resources are read only. `body`: the JSON that came. */
  readonly writes?: Readonly<Record<string, Write>>;
}

/** One way to change a resource. */
export interface Write {
  readonly needs: readonly Permission[];
  readonly answer: (call: Call, body: unknown) => Outcome;
}

export function document(content: JsonObject): Outcome {
  return { type: 'document', document: content };
}

/** Most listings. */
export const numberedPages: ListingStyle = { rows: 'others', pages: 'numbers' };

/** Listings that walk through git. */
export const hashedPages: ListingStyle = { rows: 'others', pages: 'hashes' };

/** Those of Bitbucket Pipelines. */
export const unnamedPages: ListingStyle = { rows: 'others', pages: 'unnamed' };

/** Answers the page that the call asks for. */
export function page<Row>(
  call: Call,
  rows: readonly Row[],
  payload: (row: Row) => JsonValue,
  style: ListingStyle = numberedPages,
): Outcome {
  return document(call.pager.page(call.request, rows, payload, style));
}

/**
 * The rows that `q` lets through, in the order of `sort`.
 * @throws CloudError 400
 */
export function selected<Row>(
  { request: { query } }: Call,
  rows: readonly Row[],
  fields: Fields<Row>,
): readonly Row[] {
  const found = rows.filter(filter(query.get('q'), fields));
  const sort = query.get('sort');
  return sort === null ? found : found.sort(order(sort, fields));
}

/** A repository that has another slug by now. */
export class MovedRepository extends Error {
  override readonly name = 'MovedRepository';

  constructor(readonly slug: string) {
    super(`moved to ${slug}`);
  }
}

/**
 * The repository in the path, by slug or UUID.
 * @throws CloudError 404, also without access
 * @throws MovedRepository
 */
export function repositoryOf(call: Call): HostedRepository {
  const identifier = call.parameter('repo_slug');
  const hosted = call.site.workspace.find(identifier);
  if (hosted !== undefined && call.caller.role(hosted) !== null) return hosted;
  const moved = call.site.workspace.moved(identifier);
  if (moved === undefined || call.caller.role(moved) === null) throw noSuchRepository();
  switch (call.behaviour.movedRepositories) {
    case 'answer':
      return moved;
    case 'redirect':
      throw new MovedRepository(moved.slug);
    case 'not-found':
      throw noSuchRepository();
  }
}
