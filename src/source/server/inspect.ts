import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import { isStopped } from '../../http/http-error.js';
import { isJsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { attachedFields } from '../files/attached-files.js';
import { folderItem } from '../files/contents.js';
import { contentField, fileItem } from '../files/file-items.js';
import type { TreeEntry } from '../files/file-source.js';
import type { Contents } from '../kind.js';
import { withUnreadable } from '../reading/furnished.js';
import {
  type Inspection,
  tinyRequests,
  type TinyRequests,
  type TriedKind,
} from '../tiny-requests.js';
import { childOf, childrenBody, linkIn } from './server-files.js';
import { restRoot, Routes } from './routes.js';
import { describeFailure } from './describe-failure.js';
import { itemOf } from '../kind.js';
import { repositoryOf, type ListedRepository } from './items.js';
import { serverKinds } from './kinds/index.js';
import type { ServerKind } from './kinds/kind.js';
import { attachmentFields, repository } from './kinds/repository.js';

/** Entries of a root directory, to find a file or a folder among them. */
const fewEntries = 10;

const branchOf = z.object({ id: z.string().min(1), displayId: z.string().min(1) });
const propertiesBody = z.object({ version: z.string() });

/** Looks at a Bitbucket Data Center. Sends nothing yet. */
export function inspectServer(http: HttpClient, baseUrl: URL): Inspection {
  const root = restRoot(baseUrl);
  const routes = new Routes(root);
  const requests = tinyRequests(http, describeFailure, 'BITBUCKET_BASE_URL');
  let oneRepository: Promise<ListedRepository | null> | undefined;
  const firstRepository = (): Promise<ListedRepository | null> =>
    (oneRepository ??= requests.first(
      routes.listing(repository.path, repository.widest, 1),
      repository.plural,
      repositoryOf,
    ));
  let top: Promise<Top | null> | undefined;
  const tryKind = async (kind: ServerKind): Promise<TriedKind> => {
    if (kind === repository) return readable(withoutAttachments((await firstRepository())?.item));
    const { path, plural, widest } = kind;
    if (kind.scope === 'root') {
      const found = await requests.first(routes.listing(path, widest, 1), plural, (value) =>
        itemOf(kind, value),
      );
      return readable(withoutMore(kind, found?.item));
    }
    const within = await firstRepository();
    if (within === null) return { status: 'untried' };
    if (kind.contents !== null) {
      const found = await (top ??= topOf(within, { requests, routes }));
      return found === null ? { status: 'untried' } : firstOf(kind.contents, within, found);
    }
    const url = routes.listingIn(within, path, widest, 1);
    const found = await requests.first(url, `${plural} of ${within.name}`, (value) =>
      itemOf(kind, value, within),
    );
    return readable(withoutMore(kind, found?.item));
  };
  return {
    version: async () => {
      const url = new URL(`${root.href}/application-properties`);
      const request = { method: 'GET', url, subject: 'the version', repeatable: true } as const;
      try {
        return (await http.json(request, propertiesBody)).body?.version ?? null;
      } catch (error) {
        if (isStopped(error)) throw error;
        return null;
      }
    },
    tryKind: async (name) => {
      const kind = serverKinds.find((one) => one.name === name);
      return kind === undefined ? { status: 'untried' } : await tryKind(kind);
    },
    get headers() {
      return requests.headers;
    },
  };
}

/** Some of what is at the top of a branch; null in an empty repository, which has none. */
interface Top {
  readonly branch: string;
  readonly entries: readonly TreeEntry[];
}

async function topOf(
  within: ListedRepository,
  { requests, routes }: { readonly requests: TinyRequests; readonly routes: Routes },
): Promise<Top | null> {
  const branch = await requests.first(
    routes.listingIn(within, ['branches'], {}, 1),
    `branches of ${within.name}`,
    (value) => branchOf.safeParse(value).data ?? null,
  );
  if (branch === null) return null;
  const url = routes.listingIn(within, ['browse'], { at: branch.id }, fewEntries);
  const { values } = await requests.ask(url, `files of ${within.name}`, childrenBody);
  const entries = values.flatMap((value) =>
    isJsonObject(value) ? (childOf(value, '') ?? []) : [],
  );
  return { branch: branch.displayId, entries };
}

/** The first file or folder at the top. */
function firstOf(
  contents: Contents,
  repository: ListedRepository,
  { branch, entries }: Top,
): TriedKind {
  const type = contents === 'folders' ? 'commit_directory' : 'commit_file';
  const entry = entries.find((found) => found.type === type);
  if (entry === undefined) return readable(undefined);
  const link = linkIn({ repository, branch, commit: null }, entry.path);
  const found = { repository, branch, entry, link };
  const [item, unreadable] =
    contents === 'folders'
      ? [folderItem(found, branch, entry.path), attachedFields]
      : [fileItem(found, branch, null), [contentField, ...attachedFields]];
  return readable({ ...item, unreadable });
}

function readable(item: RawItem | undefined): TriedKind {
  return { status: 'readable', item: item ?? null };
}

/** Attachments take requests of their own. */
function withoutAttachments(item: RawItem | undefined): RawItem | undefined {
  return item && withUnreadable(item, [...Object.values(attachmentFields), ...attachedFields]);
}

/** So does what is asked for each item besides its listing. */
function withoutMore({ more }: ServerKind, item: RawItem | undefined): RawItem | undefined {
  return item && withUnreadable(item, more === null ? [] : [more.field]);
}
