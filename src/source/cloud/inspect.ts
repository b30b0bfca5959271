import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import type { RawItem } from '../../model/page.js';
import {
  type AskOptions,
  type Inspection,
  tinyRequests,
  type TinyRequests,
  type Trial,
  type TriedKind,
} from '../tiny-requests.js';
import { toldFailure } from './describe-failure.js';
import { attachedFields } from '../files/attached-files.js';
import { folderItem, type Sought, soughtBy } from '../files/contents.js';
import { contentField, fileItem } from '../files/file-items.js';
import { treeEntryOf } from '../files/file-source.js';
import type { Parameters } from '../kind.js';
import type { Addressed } from '../listing/page.js';
import { Selection } from '../reading/selection.js';
import { filterOf, refusedFilter } from './filters.js';
import { itemOf, repositoryOf, sourceLink, type ListedRepository } from './items.js';
import { cloudKinds } from './kinds/index.js';
import type { CloudKind } from './kinds/kind.js';
import { project } from './kinds/project.js';
import { repository } from './kinds/repository.js';
import { request } from './kinds/request.js';
import { repositoryValues } from './open-request.js';
import type { AllowedRequests } from '../requests/allowed-requests.js';
import { askedIn } from '../requests/asked.js';
import { projectParent } from '../requests/request-reading.js';
import { tryRequest } from '../requests/try-request.js';
import { repositoryFilter } from './repository-filter.js';
import type { Routes } from './routes.js';

const branchBody = z.object({ target: z.object({ hash: z.string().min(1) }) });

/** Among so many of what is listed, one is looked for that a selector takes. */
const someRows = '100';

/** Looks at a workspace of Bitbucket Cloud. Sends nothing yet. */
export function inspectCloud(
  http: HttpClient,
  routes: Routes,
  allowed: AllowedRequests,
): Inspection {
  const requests = tinyRequests(http, (error) => toldFailure(error).reason, 'BITBUCKET_HOST_URL');
  return {
    // Everybody has the same, and it has no number.
    version: () => Promise.resolve(null),
    tryKind: async (name, trial) => {
      const kind = cloudKinds.find((each) => each.name === name);
      if (kind === undefined || (kind === request && trial === null)) return { status: 'untried' };
      return kind === request
        ? await tryAsked(trial?.selector, allowed, { requests, routes })
        : await tryKind(kind, trial, { requests, routes });
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
}

async function tryAsked(
  selector: unknown,
  allowed: AllowedRequests,
  { requests, routes }: Look,
): Promise<TriedKind> {
  const asked = askedIn(selector);
  const look = { requests, allowed, smallest: { pagelen: '1' } };
  const { workspace } = routes;
  if (asked.each === 'workspace') return await tryRequest(asked, null, { workspace }, look);
  if (asked.each === 'repository') {
    const url = few('1', routes.repositories(repositoryFilter(selector)));
    const within = await requests.first(url, repository.plural, repositoryOf);
    if (within === null) return { status: 'untried' };
    return await tryRequest(asked, within, repositoryValues(workspace, within), look);
  }
  const url = few('1', routes.listing(project.path, project.widest));
  const found = await requests.first(url, project.plural, (value) => itemOf(project, value));
  if (found === null) return { status: 'untried' };
  const parent = projectParent(found);
  return await tryRequest(asked, parent, { workspace, project: parent.name }, look);
}

async function tryKind(kind: CloudKind, trial: Trial | null, look: Look): Promise<TriedKind> {
  const { requests, routes } = look;
  const { plural, contents } = kind;
  const sought = contents === null ? null : soughtBy(contents, trial?.selector ?? null);
  if (kind.scope === 'root' && kind !== repository) {
    const { path, query } = kind.wanted(trial?.selector ?? {}, null);
    const url = few('1', routes.listing(path, query));
    return readable((await requests.first(url, plural, (value) => itemOf(kind, value)))?.item);
  }
  const isAny = trial === null || sought === null || kind.scope === 'root';
  const within = await requests.first(
    few(isAny ? '1' : someRows, routes.repositories(repositoryFilter(trial?.selector ?? {}))),
    repository.plural,
    (value) => {
      const found = repositoryOf(value);
      return found !== null && (sought?.isAbout(found) ?? true) ? found : null;
    },
    naming(repository, trial),
  );
  if (kind === repository)
    return readable(within && { ...within.item, unreadable: attachedFields });
  if (within === null) return { status: 'untried' };
  if (sought !== null) return await tryContents(kind, sought, within, look);
  // Any item shows what others look like; a filter is tried all the same.
  const selection = new Selection(kind, trial?.selector ?? {}, trial?.now ?? 0);
  const firstOf = (query: Parameters): Promise<Addressed | null> =>
    requests.first(
      few(selection.isAny ? '1' : '50', routes.below(within.slug, kind.path, query)),
      `${plural} of ${within.slug}`,
      (value) => (selection.isNamed(value) ? itemOf(kind, value, within) : null),
      naming(kind, trial),
    );
  const isFiltered = trial !== null && filterOf(kind, trial) !== null;
  const { query } = kind.wanted(trial?.selector ?? {}, selection.since);
  const found = (isFiltered ? await firstOf(query) : null) ?? (await firstOf(kind.widest));
  return readable(found?.item);
}

/** Tells of a filter that Bitbucket refuses. */
function naming<Body>(kind: CloudKind, trial: Trial | null): AskOptions<Body> {
  if (trial === null) return {};
  return { name: (failure) => refusedFilter(filterOf(kind, trial), toldFailure(failure), true) };
}

async function tryContents(
  { contents }: CloudKind,
  { directory, taking }: Sought,
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
    routes.directory(slug, target.hash, directory, { pagelen: someRows }),
    `files of ${slug}`,
    (value) => {
      const found = treeEntryOf(value);
      return found?.type === type && taking(found.path) !== null ? found : null;
    },
    directory === '' ? {} : { missing: { values: [] } },
  );
  if (entry === null) return readable(null);
  const link = sourceLink(within.item, entry.commit ?? branch, entry.path);
  const found = { repository: within, branch, entry, link };
  const [item, unreadable] =
    contents === 'folders'
      ? [folderItem(found, branch, taking(entry.path) ?? entry.path), attachedFields]
      : [fileItem(found, branch, null), [contentField, ...attachedFields]];
  return readable({ ...item, unreadable });
}

function readable(item: RawItem | null | undefined): TriedKind {
  return { status: 'readable', item: item ?? null };
}

function few(rows: string, url: URL): URL {
  const changed = new URL(url);
  changed.searchParams.set('pagelen', rows);
  return changed;
}
