import { z } from 'zod';
import { HttpError } from '../../../http/http-error.js';
import type { Count } from '../../server/rest.js';
import type { ListedRepository } from '../items.js';
import type { Rest } from '../rest.js';
import type { Routes } from '../routes.js';

const branchBody = z.object({ target: z.object({ hash: z.string().min(1) }) });

/** How branches stand in URLs. */
export class Revisions {
  readonly #rest: Rest;
  readonly #routes: Routes;
  readonly #commits = new Map<string, Promise<string | null>>();

  constructor(rest: Rest, routes: Routes) {
    this.#rest = rest;
    this.#routes = routes;
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
    { slug, name }: ListedRepository,
    branch: string,
    count: Count,
  ): Promise<string | null> {
    const subject = `branch ${branch} of ${name}`;
    const url = this.#routes.branch(slug, branch);
    const answer = await this.#rest.json({ url, subject, count, accepted: [404] }, branchBody);
    if (answer.status === 404) return null;
    if (answer.body === null) throw new HttpError('malformed', subject, 'answered with nothing');
    return answer.body.target.hash;
  }
}
