import { z } from 'zod';
import type { HttpError } from '../../../http/http-error.js';
import type { Count, Rest } from '../../listing/rest.js';
import type { ListedRepository } from '../items.js';
import { jsonObject } from '../../listing/page.js';
import type { Routes } from '../routes.js';

/**
 * What is not there where Bitbucket answers 404:
 * - `path`: the branch is there, and has no such path;
 * - `branch`: the repository is there, and has no such branch;
 * - `unknown`: the repository is out of sight or has another main branch by now, so that the answer
 *   proves nothing.
 */
export type Missing = 'path' | 'branch' | 'unknown';

/** What was asked for. */
export interface AskedFor {
  readonly repository: ListedRepository;
  /** A branch or a commit; null: the branch itself was asked for. */
  readonly revision: string | null;
}

const repositoryBody = z.object({ mainbranch: z.object({ name: z.string() }).nullish() });

/** Whether a failure is a 404. */
export function isNotFound({ details }: HttpError): boolean {
  return details.status === 404;
}

/**
 * Tells what a 404 below a repository means. Bitbucket says it when the path alone is missing; whatever
 * else it says leads to one or two more requests, once in a run for each revision.
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
    const key = `${asked.repository.item.key}\n${asked.revision ?? ''}`;
    const known = this.#known.get(key) ?? this.#ask(asked, count);
    this.#known.set(key, known);
    return await known;
  }

  async #ask({ repository, revision }: AskedFor, count: Count): Promise<Missing> {
    const { slug, name, mainBranch } = repository;
    if (revision !== null) {
      const url = this.#routes.directory(slug, revision, '', { pagelen: '10', fields: 'pagelen' });
      const root = { url, subject: `root of ${name} at ${revision}`, count, accepted: [404] };
      if ((await this.#rest.json(root, jsonObject)).status !== 404) return 'path';
    }
    const question = { url: this.#routes.repository(slug), subject: name, count, accepted: [404] };
    const { body } = await this.#rest.json(question, repositoryBody);
    const isUnchanged = body !== null && (body.mainbranch?.name ?? null) === mainBranch;
    return isUnchanged ? 'branch' : 'unknown';
  }
}
