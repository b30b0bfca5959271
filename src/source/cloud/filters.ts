import { z } from 'zod';
import { type HttpError, requestOf } from '../../http/http-error.js';
import type { ResourceReference } from '../../model/resource.js';
import type { Problem, ProblemOf } from '../../problems/problem.js';
import type { Selecting } from '../source.js';
import { saidOf, toldReason } from './describe-failure.js';
import type { Rest } from '../listing/rest.js';
import { jsonObject } from '../listing/page.js';
import { httpError } from '../failure.js';
import type { CloudKind } from './kinds/kind.js';
import { repository } from './kinds/repository.js';
import { repositoryFilter } from './repository-filter.js';
import type { Routes } from './routes.js';

/** A text of a selector that becomes part of a listing's query. */
export interface Filter {
  readonly resource: ResourceReference;
  /** Of the selector: `repoQuery`. */
  readonly key: string;
  readonly filter: string;
}

const texts = z.record(z.string(), z.unknown());

/** What a selector narrows the listing of a kind with; null: nothing. */
export function filterOf(
  { filterKey: key }: CloudKind,
  { selector, resource }: Pick<Selecting, 'selector' | 'resource'>,
): Filter | null {
  const filter = key === null ? null : texts.safeParse(selector).data?.[key];
  if (key === null || typeof filter !== 'string' || filter.trim() === '') return null;
  return { resource, key, filter };
}

/** What Bitbucket answers to a query that it does not understand. */
const badRequest = 400;

/**
 * The problem of a filter that Bitbucket refuses; null where a failure says nothing of it.
 * @param failure in Bitbucket Cloud's words
 * @param isEarly whether it was tried before a run began
 */
export function refusedFilter(
  filter: Filter | null,
  failure: HttpError,
  isEarly: boolean,
): ProblemOf<'filter-refused'> | null {
  const isRefused = failure.details.status === badRequest && saidOf(failure) !== null;
  if (filter === null || !isRefused) return null;
  const reason = toldReason(failure);
  return { code: 'filter-refused', ...filter, reason, isEarly, ...requestOf(failure) };
}

/**
 * Tries what selectors narrow the list of repositories with, each once. Any other failure than a refusal is
 * left to the reading itself.
 */
export async function refusedFilters(
  resources: readonly Selecting[],
  rest: Rest,
  routes: Routes,
): Promise<readonly Problem[]> {
  const tried = new Map<string, HttpError | null>();
  const problems: Problem[] = [];
  for (const resource of resources) {
    const filter = filterOf(repository, resource);
    if (filter === null) continue;
    const url = routes.repositories(repositoryFilter(resource.selector));
    url.searchParams.set('pagelen', '1');
    url.searchParams.set('fields', 'size');
    const known = tried.get(url.href);
    const failure = known === undefined ? await failureOf(rest, url) : known;
    tried.set(url.href, failure);
    const problem = failure === null ? null : refusedFilter(filter, failure, true);
    if (problem !== null) problems.push(problem);
  }
  return problems;
}

async function failureOf(rest: Rest, url: URL): Promise<HttpError | null> {
  const request = { url, subject: repository.plural, count: () => undefined };
  try {
    await rest.json(request, jsonObject);
    return null;
  } catch (error) {
    return httpError(error);
  }
}
