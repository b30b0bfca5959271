import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import type { RawItem } from '../../model/page.js';
import {
  type Inspection,
  tinyRequests,
  type TinyRequests,
  type TriedKind,
} from '../tiny-requests.js';
import { toldFailure } from './describe-failure.js';
import { attachedFields } from '../files/attached-files.js';
import { folderItem } from '../files/contents.js';
import { contentField, fileItem } from '../files/file-items.js';
import { treeEntryOf } from '../files/file-source.js';
import type { Contents } from '../kind.js';
import { itemOf, repositoryOf, sourceLink, type ListedRepository } from './items.js';
import { cloudKinds } from './kinds/index.js';
import type { CloudKind } from './kinds/kind.js';
import { repository } from './kinds/repository.js';
import type { Routes } from './routes.js';

const branchBody = z.object({ target: z.object({ hash: z.string().min(1) }) });

/** Entries of a root directory, to find a file or a folder among them. */
const fewEntries = '10';

/** Looks at a workspace of Bitbucket Cloud. Sends nothing yet. */
export function inspectCloud(http: HttpClient, routes: Routes): Inspection {
  const requests = tinyRequests(http, (error) => toldFailure(error).reason, 'BITBUCKET_HOST_URL');
  const { plural, path, widest } = repository;
  let first: Promise<ListedRepository | null> | undefined;
  const firstRepository = (): Promise<ListedRepository | null> =>
    (first ??= requests.first(one(routes.listing(path, widest)), plural, repositoryOf));
  return {
    // Everybody has the same, and it has no number.
    version: () => Promise.resolve(null),
    tryKind: async (name) => {
      const kind = cloudKinds.find((each) => each.name === name);
      if (kind === undefined) return { status: 'untried' };
      return await tryKind(kind, { requests, routes, firstRepository });
    },
    get headers() {
      return requests.headers;
    },
  };
}

/** What a look takes. */
interface Look {
  readonly requests: TinyRequests;
  readonly routes: Routes;
  readonly firstRepository: () => Promise<ListedRepository | null>;
}

async function tryKind(kind: CloudKind, look: Look): Promise<TriedKind> {
  const { requests, routes, firstRepository } = look;
  const { plural, path, widest } = kind;
  if (kind.scope === 'root' && kind !== repository) {
    const url = one(routes.listing(path, widest));
    return readable((await requests.first(url, plural, (value) => itemOf(kind, value)))?.item);
  }
  const within = await firstRepository();
  if (kind === repository)
    return readable(within && { ...within.item, unreadable: attachedFields });
  if (within === null) return { status: 'untried' };
  if (kind.contents !== null) return await tryContents(kind.contents, within, look);
  const found = await requests.first(
    one(routes.below(within.slug, path, widest)),
    `${plural} of ${within.slug}`,
    (value) => itemOf(kind, value, within),
  );
  return readable(found?.item);
}

async function tryContents(
  contents: Contents,
  within: ListedRepository,
  { requests, routes }: Look,
): Promise<TriedKind> {
  const { slug, mainBranch: branch } = within;
  if (branch === null) return { status: 'untried' };
  const { target } = await requests.ask(
    routes.branch(slug, branch),
    `branches of ${slug}`,
    branchBody,
  );
  const type = contents === 'folders' ? 'commit_directory' : 'commit_file';
  const entry = await requests.first(
    routes.directory(slug, target.hash, '', { pagelen: fewEntries }),
    `files of ${slug}`,
    (value) => {
      const found = treeEntryOf(value);
      return found?.type === type ? found : null;
    },
  );
  if (entry === null) return readable(null);
  const link = sourceLink(within.item, entry.commit ?? branch, entry.path);
  const found = { repository: within, branch, entry, link };
  const [item, unreadable] =
    contents === 'folders'
      ? [folderItem(found, branch, entry.path), attachedFields]
      : [fileItem(found, branch, null), [contentField, ...attachedFields]];
  return readable({ ...item, unreadable });
}

function readable(item: RawItem | null | undefined): TriedKind {
  return { status: 'readable', item: item ?? null };
}

function one(url: URL): URL {
  const changed = new URL(url);
  changed.searchParams.set('pagelen', '1');
  return changed;
}
