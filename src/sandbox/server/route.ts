import type { JsonValue } from '../../model/json.js';
import type { Company, Project, Repository } from '../company/company.js';
import { findMoved, findProject, findRepository } from '../company/lookup.js';
import type { Hooks } from '../hooks.js';
import type { Answer } from '../loopback.js';
import { notPermitted, type Caller, type View } from './auth.js';
import { noSuchProject, noSuchRepository, unknownToContract } from './api-error.js';
import { pageOf, type Listing, type Paging } from './paging.js';

/** What is served, and under which address. */
export interface Site {
  /** What the caller may see of it. */
  readonly company: Company;
  /** What there is. */
  readonly all: Company;
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
  /** How it answers who asks for what they may not see: as documented, or as if it were not there. */
  readonly hidden: 401 | 404;
  /** The old address of a repository: leads to the new one, answers with it, or with 404. */
  readonly movedRepositories: 'redirect' | 'answer' | 'not-found';
  /** The status of the refusal where the caller may not manage webhooks; null where they may. */
  readonly refusesHooks: (place: HookPlace) => 401 | 403 | null;
  /** Whether a webhook that is read shows its secret. */
  readonly tellsHookSecrets: boolean;
  /** What a webhook is made with: 200 is documented, 201 was seen. */
  readonly createdHook: 200 | 201;
}

/** What a webhook is for. */
export interface HookPlace {
  /** Key of the project. */
  readonly project: string;
  /** Of the repository; undefined: for all that is in the project. */
  readonly slug?: string;
}

/** One request to a route that exists, by somebody who may. */
export interface Call {
  readonly site: Site;
  readonly behaviour: Behaviour;
  readonly paging: Paging;
  readonly caller: Caller;
  readonly hooks: Hooks;
  readonly query: URLSearchParams;
  /** The decoded value of a `{name}` in the route's path. */
  readonly parameter: (name: string) => string;
}

/** One resource of the contract. */
export interface Route {
  /** Below `/rest/api/<version>`; another part of the API, such as `build-status`, is named first. A trailing `{path}` takes several segments. */
  readonly path: string;
  /** The query parameters that it understands. */
  readonly query: readonly string[];
  /** Answers without credentials too. */
  readonly anonymous?: boolean;
  /** Only for those who have an account. */
  readonly forUsers?: boolean;
  /** To GET. */
  readonly answer: (call: Call) => Answer;
  /** What changes it, by the method; most resources are read only. `body`: the JSON that came. */
  readonly writes?: Readonly<Record<string, (call: Call, body: unknown) => Answer>>;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** There is nothing to say. */
export const noContent: Answer = { status: 204 };

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

/** A company as somebody sees it. */
export function seenBy(company: Company, view: View): Company {
  const repositories = company.repositories.filter((each) => view.repository(each));
  const held = new Set(company.repositories.map(({ project }) => project));
  const seen = new Set(repositories.map(({ project }) => project));
  const projects = company.projects.filter((project) =>
    held.has(project.key) ? seen.has(project.key) : view.emptyProject(project),
  );
  return { ...company, projects, repositories };
}

/** @throws ApiError 404; for one that the caller may not see, as the server hides it */
export function projectOf({ site, behaviour, parameter }: Call): Project {
  const key = parameter('projectKey');
  const project = findProject(site.company, key);
  if (project !== undefined) return project;
  if (behaviour.hidden === 401 && findProject(site.all, key) !== undefined) throw notPermitted();
  throw noSuchProject(key);
}

/**
 * @throws ApiError 404; for one that the caller may not see, as the server hides it
 * @throws MovedRepository
 */
export function repositoryOf(call: Call): Repository {
  const { site, behaviour, parameter } = call;
  const slug = parameter('repositorySlug');
  const moved = findMoved(site.company, parameter('projectKey'), slug);
  if (moved !== undefined && behaviour.movedRepositories === 'answer') return moved;
  if (moved !== undefined && behaviour.movedRepositories === 'redirect') {
    throw new MovedRepository(moved);
  }
  const project = projectOf(call);
  const repository = findRepository(site.company, project.key, slug);
  if (repository !== undefined) return repository;
  const isHidden = findRepository(site.all, project.key, slug) !== undefined;
  if (behaviour.hidden === 401 && isHidden) throw notPermitted();
  throw noSuchRepository(project.key, slug);
}

/** A repository that has another address by now. */
export class MovedRepository extends Error {
  override readonly name = 'MovedRepository';

  constructor(readonly repository: Repository) {
    super(`moved to ${repository.project}/${repository.slug}`);
  }
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
