import { z } from 'zod';
import { HttpError } from '../../../http/http-error.js';
import { errorIn, httpError } from '../../failure.js';
import { outcomeOf } from '../../files/file-reads.js';
import {
  type FileOutcome,
  type RepositoryRevision,
  type FileSource,
  missingBranch,
  type Tree,
  type TreeEntry,
  treeEntryOf,
  type TreeQuestion,
} from '../../files/file-source.js';
import { jsonObject } from '../../listing/page.js';
import type { Count } from '../../listing/rest.js';
import { endsReading, toldReason } from '../describe-failure.js';
import { type ListedRepository, sourceLink } from '../items.js';
import { isNotFound } from './revisions.js';
import { type TreeTools, TreeWalk } from './tree-walk.js';

/** Files of a workspace of Bitbucket Cloud, below `src`. */
export class CloudFiles implements FileSource<ListedRepository> {
  readonly describe = toldReason;
  readonly endsReading = endsReading;
  readonly #tools: TreeTools;

  constructor(tools: TreeTools) {
    this.#tools = tools;
  }

  nameOf(_: ListedRepository, branch: string): Promise<string> {
    return Promise.resolve(branch);
  }

  list(question: TreeQuestion<ListedRepository>, count: Count): Tree {
    return new TreeWalk(this.#tools, question, count);
  }

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
      const what = await missing.of(failure, { repository, branch, revision }, count);
      if (what !== 'path') throw failure;
      return null;
    }
  }

  async read(
    { repository, branch, commit }: RepositoryRevision<ListedRepository>,
    path: string,
    count: Count,
  ): Promise<FileOutcome> {
    const { pager, routes, revisions, missing } = this.#tools;
    const revision = commit ?? (await revisions.of(repository, branch, count));
    if (revision === null) return { type: 'none', missing: 'branch' };
    const url = routes.file(repository.slug, revision, path);
    const subject = `${path} of ${repository.name}`;
    try {
      const { body } = await pager.rest.text({ url, subject, count });
      const words = errorIn(body, /\.json$/i.test(path));
      if (words !== null) {
        throw new HttpError('malformed', subject, `answered with an error in its place: ${words}`);
      }
      return isDirectory(path, body) ? { type: 'none', missing: 'path' } : outcomeOf(body);
    } catch (error) {
      const failure = httpError(error);
      if (!isNotFound(failure)) throw failure;
      const what = await missing.of(failure, { repository, branch, revision }, count);
      if (what === 'unknown') throw failure;
      return { type: 'none', missing: what };
    }
  }

  linkTo(
    { repository, branch, commit }: RepositoryRevision<ListedRepository>,
    path: string,
    line?: number,
  ): string | null {
    const link = sourceLink(repository.item, commit ?? branch, path);
    return link === null || line === undefined ? link : `${link}#lines-${line}`;
  }
}

const listing = z.object({
  pagelen: z.number(),
  values: z.array(z.object({ type: z.string().startsWith('commit_'), path: z.string() })).min(1),
});

/**
 * Whether the answer to a question for a file is the listing of a directory of that path, which
 * Bitbucket gives without being asked for one. Git knows no empty directories.
 */
function isDirectory(path: string, text: string): boolean {
  if (!/^\s*\{/.test(text) || !text.includes('"commit_')) return false;
  try {
    const { data } = listing.safeParse(JSON.parse(text));
    return (
      data?.values.every((entry) => entry.path.startsWith(path === '' ? '' : `${path}/`)) ?? false
    );
  } catch {
    return false;
  }
}
