import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import type { RawItem } from '../../model/page.js';
import type { Inspection, TriedKind } from '../inspection.js';
import { tinyRequests } from '../tiny-requests.js';
import { toldFailure } from './describe-failure.js';
import { includedFilesField, mappedFilesField } from './files/attached-files.js';
import { contentField, fileItem } from './files/file-items.js';
import { folderItem } from './files/folder-item.js';
import { treeEntryOf, type TreeEntry } from './files/tree-entry.js';
import { projectOf, pullRequestOf, repositoryOf, type ListedRepository } from './items.js';
import { Routes } from './routes.js';

const branchBody = z.object({ target: z.object({ hash: z.string().min(1) }) });

/** The repositories that the credentials see, none left out. */
const everyRepository = { role: null, query: null };

/** Beside `q` no state counts but those that it names. */
const anyState = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED']
  .map((state) => `state="${state}"`)
  .join(' OR ');

/** Entries of a root directory, to find a file or a folder among them. */
const fewEntries = '10';

/** Files take requests of their own. */
const attachedFields = [includedFilesField, mappedFilesField];

/** Looks at a workspace of Bitbucket Cloud, with the first of its tokens. Sends nothing yet. */
export function inspectCloud(http: HttpClient, hostUrl: URL, workspace: string): Inspection {
  const routes = new Routes(hostUrl, workspace);
  const requests = tinyRequests(http, (error) => toldFailure(error).reason, 'BITBUCKET_HOST_URL');
  let repository: Promise<ListedRepository | null> | undefined;
  const firstRepository = (): Promise<ListedRepository | null> =>
    (repository ??= requests.first(
      one(routes.repositories(everyRepository)),
      'repositories',
      repositoryOf,
    ));
  const tryPullRequests = async ({ slug, item }: ListedRepository): Promise<TriedKind> => {
    const url = one(routes.pullRequests(slug, anyState));
    const found = await requests.first(url, `pull requests of ${slug}`, (value) =>
      pullRequestOf(item, value),
    );
    return readable(found?.item);
  };
  const firstEntry = async (
    { slug }: ListedRepository,
    branch: string,
    type: string,
  ): Promise<TreeEntry | null> => {
    const { target } = await requests.ask(
      routes.branch(slug, branch),
      `branches of ${slug}`,
      branchBody,
    );
    const url = routes.directory(slug, target.hash, '', { pagelen: fewEntries });
    return requests.first(url, `files of ${slug}`, (value) => {
      const entry = treeEntryOf(value);
      return entry?.type === type ? entry : null;
    });
  };
  const tryFolders = async (within: ListedRepository, branch: string): Promise<TriedKind> => {
    const entry = await firstEntry(within, branch, 'commit_directory');
    if (entry === null) return readable();
    const item = folderItem(within, branch, entry, entry.path);
    return readable({ ...item, unread: attachedFields });
  };
  const tryFiles = async (within: ListedRepository, branch: string): Promise<TriedKind> => {
    const entry = await firstEntry(within, branch, 'commit_file');
    if (entry === null) return readable();
    const item = fileItem({ repository: within, branch, entry }, null);
    return readable({ ...item, unread: [contentField, ...attachedFields] });
  };
  return {
    // Everybody has the same, and it has no number.
    version: () => Promise.resolve(null),
    tryKind: async (kind) => {
      if (kind === 'project') {
        return readable(
          (await requests.first(one(routes.projects()), 'projects', projectOf))?.item,
        );
      }
      const within = await firstRepository();
      if (kind === 'repository') {
        return readable(within === null ? undefined : { ...within.item, unread: attachedFields });
      }
      if (within === null) return { status: 'untried' };
      if (kind === 'pull-request') return tryPullRequests(within);
      const branch = within.mainBranch;
      if (branch === null) return { status: 'untried' };
      return kind === 'folder' ? tryFolders(within, branch) : tryFiles(within, branch);
    },
    get headers() {
      return requests.headers;
    },
  };
}

function readable(item?: RawItem): TriedKind {
  return { status: 'readable', item: item ?? null };
}

function one(url: URL): URL {
  const changed = new URL(url);
  changed.searchParams.set('pagelen', '1');
  return changed;
}
