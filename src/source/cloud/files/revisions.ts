import { z } from 'zod';
import { HttpError } from '../../../http/http-error.js';
import type { Count, Rest } from '../../listing/rest.js';
import { httpError } from '../../failure.js';
import type { ListedRepository } from '../items.js';
import type { Routes } from '../routes.js';
import { isNotFound, type MissingThings } from './missing.js';

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
      const missing = await this.#missing.of(failure, { repository, revision: null }, count);
      if (missing !== 'branch') throw failure;
      return null;
    }
  }
}

/** The failure of asking for a branch that has to be there. */
export function missingBranch({ name }: ListedRepository, branch: string): HttpError {
  return new HttpError('status', `branch ${branch} of ${name}`, 'is not there');
}
