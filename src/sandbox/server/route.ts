import type { JsonValue } from '../../model/json.js';
import type { Company, Project, Repository } from '../company/company.js';
import { findProject, findRepository } from '../company/lookup.js';
import type { Answer } from '../loopback.js';
import { noSuchProject, noSuchRepository, unknownToContract } from './api-error.js';
import { pageOf, type Listing, type Paging } from './paging.js';

/** What is served, and under which address. */
export interface Site {
  readonly company: Company;
  /** The base URL that links lead to, without a trailing slash. */
  readonly url: string;
}

/** Where versions of the product differ, or its documents are silent. */
export interface Behaviour {
  readonly version: string;
  readonly listsPersonalProjects: boolean;
  readonly emptyRepositoryCommits: 'not-found' | 'empty-page';
  readonly missingReadme: 404 | 204;
  /** How dates of pull requests are told: a development branch once sent texts. */
  readonly dates: 'milliseconds' | 'text';
}

/** One request to a route that exists, by somebody who may. */
export interface Call {
  readonly site: Site;
  readonly behaviour: Behaviour;
  readonly paging: Paging;
  readonly query: URLSearchParams;
  /** The decoded value of a `{name}` in the route's path. */
  readonly parameter: (name: string) => string;
}

/** One operation of the contract; all of them are GET. */
export interface Route {
  /** Below `/rest/api/<version>`. A trailing `{path}` takes several segments. */
  readonly path: string;
  /** The query parameters that it understands. */
  readonly query: readonly string[];
  /** Answers without credentials too. */
  readonly anonymous?: boolean;
  readonly answer: (call: Call) => Answer;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** Raw text, as `raw` and `readme` stream it. */
export function text(body: string): Answer {
  return { status: 200, headers: { 'content-type': 'text/plain;charset=UTF-8' }, body };
}

/** Answers the page of `listing` that the call asks for. */
export function page<Row>(
  call: Call,
  listing: Listing<Row>,
  payload: (row: Row) => JsonValue,
): Answer {
  return ok(pageOf(listing, call.query, call.paging, payload));
}

/** @throws ApiError 404 */
export function projectOf(call: Call): Project {
  const key = call.parameter('projectKey');
  const project = findProject(call.site.company, key);
  if (project === undefined) throw noSuchProject(key);
  return project;
}

/** @throws ApiError 404 */
export function repositoryOf(call: Call): Repository {
  const project = projectOf(call);
  const slug = call.parameter('repositorySlug');
  const repository = findRepository(call.site.company, project.key, slug);
  if (repository === undefined) throw noSuchRepository(project.key, slug);
  return repository;
}

/**
 * The value of a query parameter in upper case, where only some are allowed.
 * @throws ApiError 400 for another one
 */
export function oneOf<Value extends string>(
  query: URLSearchParams,
  name: string,
  allowed: readonly Value[],
): Value | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  const value = allowed.find((candidate) => candidate.toLowerCase() === given.toLowerCase());
  if (value === undefined) throw unknownToContract(`${name}=${given} is not known`, name);
  return value;
}

/**
 * The value of a query parameter that is `true` or `false`.
 * @throws ApiError 400 for another one
 */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const value = oneOf(query, name, ['true', 'false']);
  return value === undefined ? undefined : value === 'true';
}

/** Compares as Data Center's name filters do: case and surrounding spaces do not count. */
export function matches(filter: string | null, value: string): boolean {
  return filter === null || filter.trim().toLowerCase() === value.toLowerCase();
}
