import { HttpError } from '../../../http/http-error.js';
import { httpError } from '../../failure.js';
import { jsonObject } from '../../listing/page.js';
import type { Count } from '../../listing/rest.js';
import type { ListedRepository } from '../items.js';
import { isNotFound } from './missing.js';
import { missingBranch } from './revisions.js';
import { treeEntryOf, type TreeEntry } from './tree-entry.js';
import { TreeWalk, type Tree, type TreeQuestion, type TreeTools } from './tree-walk.js';

/** Looks for files and folders. */
export class Trees {
  readonly #tools: TreeTools;

  constructor(tools: TreeTools) {
    this.#tools = tools;
  }

  /**
   * What a listing would say of one path; null when there is nothing.
   * @throws HttpError also when there is no such branch
   */
  async entry(
    repository: ListedRepository,
    branch: string,
    path: string,
    count: Count,
  ): Promise<TreeEntry | null> {
    const { pager, routes, revisions, missing } = this.#tools;
    const revision = await revisions.of(repository, branch, count);
    if (revision === null) throw missingBranch(repository, branch);
    const url = routes.fileEntry(repository.slug, revision, path);
    const subject = `${path} of ${repository.name}`;
    try {
      const { body } = await pager.rest.json({ url, subject, count }, jsonObject);
      const found = body === null ? null : treeEntryOf(body);
      if (found === null) throw new HttpError('malformed', subject, 'answered with something else');
      return found;
    } catch (error) {
      const failure = httpError(error);
      if (!isNotFound(failure)) throw failure;
      const what = await missing.of(failure, { repository, revision }, count);
      if (what !== 'path') throw failure;
      return null;
    }
  }

  list(question: TreeQuestion, count: Count): Tree {
    return new TreeWalk(this.#tools, question, count);
  }
}
