import { z } from 'zod';
import { HttpError } from '../../../http/http-error.js';
import { httpError } from '../../failure.js';
import { jsonObject } from '../../listing/page.js';
import type { Count, Rest } from '../../listing/rest.js';
import type { ListedRepository } from '../items.js';
import type { Routes } from '../routes.js';

/**
 * What is not there where Bitbucket answers 404:
 * - `path`: the branch is there, and has no such path;
 * - `branch`: the repository is there, and its list of branches has no such branch;
 * - `unknown`: the repository is out of sight, has another main branch by now or does list the branch, so
 *   that the answer proves nothing.
 */
export type Missing = 'path' | 'branch' | 'unknown';

/** What was asked for. */
export interface AskedFor {
  readonly repository: ListedRepository;
  readonly branch: string;
  /** The branch or its commit; null: the branch itself was asked for. */
  readonly revision: string | null;
}

const repositoryBody = z.object({ mainbranch: z.object({ name: z.string() }).nullish() });
const noBranches = z.object({ values: z.tuple([]) });

/** Whether a failure is a 404. */
export function isNotFound({ details }: HttpError): boolean {
  return details.status === 404;
}

/**
 * Tells what a 404 below a repository means. Bitbucket says it when the path alone is missing; whatever
 * else it says leads to up to three more requests, once in a run for each branch and revision.
 */
export class MissingThings {
  readonly #rest: Rest;
  readonly #routes: Routes;
  readonly #known = new Map<string, Promise<Missing>>();

  constructor(rest: Rest, routes: Routes) {
    this.#rest = rest;
    this.#routes = routes;
  }

  /** @throws HttpError */
  async of(failure: HttpError, asked: AskedFor, count: Count): Promise<Missing> {
    // The words of Bitbucket for a path that a commit does not hold.
    if (/No such file or directory/i.test(failure.reason)) return 'path';
    const key = [asked.repository.item.key, asked.branch, asked.revision ?? ''].join('\n');
    const known = this.#known.get(key) ?? this.#ask(asked, count);
    this.#known.set(key, known);
    return await known;
  }

  async #ask({ repository, branch, revision }: AskedFor, count: Count): Promise<Missing> {
    const { slug, name, mainBranch } = repository;
    if (revision !== null) {
      const url = this.#routes.directory(slug, revision, '', { pagelen: '10', fields: 'pagelen' });
      const root = { url, subject: `root of ${name} at ${revision}`, count, accepted: [404] };
      if ((await this.#rest.json(root, jsonObject)).status !== 404) return 'path';
    }
    const question = { url: this.#routes.repository(slug), subject: name, count, accepted: [404] };
    const { body } = await this.#rest.json(question, repositoryBody);
    const isUnchanged = body !== null && (body.mainbranch?.name ?? null) === mainBranch;
    if (!isUnchanged) return 'unknown';
    const url = this.#routes.branchesCalled(slug, branch);
    const listing = { url, subject: `branches of ${name}`, count, accepted: [404] };
    const listed = await this.#rest.json(listing, jsonObject);
    return noBranches.safeParse(listed.body).success ? 'branch' : 'unknown';
  }
}

const branchBody = z.object({ target: z.object({ hash: z.string().min(1) }) });

/** How branches stand in URLs. */
export class Revisions {
  readonly #rest: Rest;
  readonly #routes: Routes;
  readonly #missing: MissingThings;
  readonly #commits = new Map<string, Promise<string | null>>();

  constructor(rest: Rest, routes: Routes, missing: MissingThings) {
    this.#rest = rest;
    this.#routes = routes;
    this.#missing = missing;
  }

  /**
   * What names the branch in one segment of a path: its name or, as a slash cannot stand there, the
   * commit that it points at, which takes one request in a run. Null when there is no such branch.
   * @throws HttpError
   */
  async of(repository: ListedRepository, branch: string, count: Count): Promise<string | null> {
    if (!branch.includes('/')) return branch;
    const key = `${repository.item.key}\n${branch}`;
    const known = this.#commits.get(key) ?? this.#resolve(repository, branch, count);
    this.#commits.set(key, known);
    return await known;
  }

  async #resolve(
    repository: ListedRepository,
    branch: string,
    count: Count,
  ): Promise<string | null> {
    const { slug, name } = repository;
    const subject = `branch ${branch} of ${name}`;
    const url = this.#routes.branch(slug, branch);
    try {
      const { body } = await this.#rest.json({ url, subject, count }, branchBody);
      if (body === null) throw new HttpError('malformed', subject, 'answered with nothing');
      return body.target.hash;
    } catch (error) {
      const failure = httpError(error);
      if (!isNotFound(failure)) throw failure;
      const missing = await this.#missing.of(
        failure,
        { repository, branch, revision: null },
        count,
      );
      if (missing !== 'branch') throw failure;
      return null;
    }
  }
}
