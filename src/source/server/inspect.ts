import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import { isStopped } from '../../http/http-error.js';
import { isJsonObject, type JsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { attachedFields } from '../files/attached-files.js';
import { folderItem, type Sought, soughtBy } from '../files/contents.js';
import { contentField, fileItem } from '../files/file-items.js';
import type { Addressed } from '../listing/page.js';
import { withUnreadable } from '../reading/furnished.js';
import { Selection } from '../reading/selection.js';
import {
  type Inspection,
  tinyRequests,
  type TinyRequests,
  type Trial,
  type TriedKind,
} from '../tiny-requests.js';
import { childOf, childrenBody, linkIn } from './server-files.js';
import { baseOf, restRoot, Routes } from './routes.js';
import { describeFailure } from './describe-failure.js';
import { itemOf } from '../kind.js';
import { repositoryOf, type ListedRepository } from './items.js';
import { serverKinds } from './kinds/index.js';
import type { ServerKind } from './kinds/kind.js';
import { attachmentFields, repository } from './kinds/repository.js';
import { project } from './kinds/project.js';
import { request, requestFlavour } from './kinds/request.js';
import { AllowedRequests } from '../requests/allowed-requests.js';
import { askedIn } from '../requests/asked.js';
import { projectParent } from '../requests/request-reading.js';
import { tryRequest } from '../requests/try-request.js';
import { projectFilter } from './project-filter.js';

/** Among so many of what is listed, one is looked for that a selector takes. */
const someRows = 100;

const branchOf = z.object({ id: z.string().min(1), displayId: z.string().min(1) });
const propertiesBody = z.object({ version: z.string() });

/** Looks at a Bitbucket Data Center. Sends nothing yet. */
export function inspectServer(
  http: HttpClient,
  baseUrl: URL,
  allowRequests: readonly string[] = [],
): Inspection {
  const root = restRoot(baseUrl);
  const routes = new Routes(root);
  const requests = tinyRequests(http, describeFailure, 'BITBUCKET_BASE_URL');
  const look = { requests, routes };
  const allowed = new AllowedRequests(allowRequests, baseOf(root), requestFlavour.below);
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
    tryKind: async (name, trial) => {
      const kind = serverKinds.find((one) => one.name === name);
      if (kind === undefined || (kind === request && trial === null)) return { status: 'untried' };
      return kind === request
        ? await tryAsked(trial?.selector, allowed, look)
        : await tryKind(kind, trial, look);
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
  const look = { requests, allowed, smallest: { limit: '1' } };
  if (asked.each === 'workspace') return await tryRequest(asked, null, {}, look);
  const filter = projectFilter(selector, undefined);
  const rows = filter.narrows ? someRows : 1;
  const kind = asked.each === 'project' ? project : repository;
  const within = await requests.first(
    routes.listing(kind.path, kind.widest, rows),
    kind.plural,
    (value) => {
      const found = itemOf(kind, value);
      return found !== null && filter.matches(found.segments[0] ?? '') ? found : null;
    },
  );
  if (within === null) return { status: 'untried' };
  const [key = '', slug = ''] = within.segments;
  return asked.each === 'project'
    ? await tryRequest(asked, projectParent(within), { project: key }, look)
    : await tryRequest(
        asked,
        { ...within, name: `${key}/${slug}` },
        { project: key, repository: slug },
        look,
      );
}

async function tryKind(kind: ServerKind, trial: Trial | null, look: Look): Promise<TriedKind> {
  const { requests, routes } = look;
  const { plural, contents, more } = kind;
  const selector = trial?.selector ?? {};
  const sought = contents === null ? null : soughtBy(contents, trial?.selector ?? null);
  const selection = new Selection(kind, selector, trial?.now ?? 0);
  // What is asked for each item besides its listing takes requests of its own, as attachments do.
  const unreadable = more === null ? [] : [more.field];
  const whole = (found: Addressed | null): TriedKind =>
    readable(found === null ? null : withUnreadable(found.item, unreadable));
  if (kind.scope === 'root' && kind !== repository) {
    const { path, query } = kind.wanted(selector, { since: null, mentions: () => false });
    const url = routes.listing(path, query, 1);
    return whole(await requests.first(url, plural, (value) => itemOf(kind, value)));
  }
  const filter = trial === null ? null : projectFilter(selector, undefined);
  const isAbout = (one: ListedRepository): boolean =>
    (filter?.matches(one.projectKey) ?? true) && (sought?.isAbout(one) ?? true);
  const isAny = trial === null || (filter?.narrows !== true && sought === null);
  const within = await requests.first(
    routes.listing(repository.path, repository.widest, isAny ? 1 : someRows),
    repository.plural,
    (value) => {
      const found = repositoryOf(value);
      return found !== null && isAbout(found) ? found : null;
    },
  );
  if (kind === repository)
    return readable(within === null ? null : withoutAttachments(within.item));
  if (within === null) return { status: 'untried' };
  if (sought !== null) return await tryContents(kind, sought, within, look);
  const subject = `${plural} of ${within.name}`;
  if (kind.perBranch !== null) {
    const { field, of } = kind.perBranch;
    const branch = await requests.first(
      routes.listingIn(within, kind.path, kind.widest, 1),
      subject,
      (value) => {
        const place = of(value);
        return place && { row: value, place };
      },
    );
    // Nothing was pushed to it yet.
    if (branch === null) return { status: 'untried' };
    const { row, place } = branch;
    const url = routes.listingOf(place.part, place.path, 1);
    const read = (value: JsonObject): Addressed | null =>
      itemOf(kind, { ...value, [field]: row }, within);
    return whole(await requests.first(url, subject, read));
  }
  // Any item shows what others look like.
  const rows = selection.isAny ? 1 : someRows;
  return whole(
    await requests.first(
      routes.listingIn(within, kind.path, kind.widest, rows),
      subject,
      (value) => (selection.isNamed(value) ? itemOf(kind, value, within) : null),
    ),
  );
}

/** The first file or folder that a selector takes, right in the directory where it looks. */
async function tryContents(
  { contents }: ServerKind,
  { directory, taking }: Sought,
  repository: ListedRepository,
  { requests, routes }: Look,
): Promise<TriedKind> {
  const { name } = repository;
  const main = await requests.first(
    routes.listingIn(repository, ['branches'], {}, 1),
    `branches of ${name}`,
    (value) => branchOf.safeParse(value).data ?? null,
  );
  // Nothing was pushed to it yet.
  if (main === null) return { status: 'untried' };
  const branch = main.displayId;
  const path = ['browse', ...(directory === '' ? [] : directory.split('/'))];
  const { values } = await requests.ask(
    routes.listingIn(repository, path, { at: main.id }, someRows),
    `files of ${name}`,
    childrenBody,
    directory === '' ? {} : { missing: { values: [], isLastPage: true } },
  );
  const type = contents === 'folders' ? 'commit_directory' : 'commit_file';
  const entry = values
    .flatMap((value) => (isJsonObject(value) ? (childOf(value, directory) ?? []) : []))
    .find((found) => found.type === type && taking(found.path) !== null);
  if (entry === undefined) return readable(null);
  const link = linkIn({ repository, branch, commit: null }, entry.path);
  const found = { repository, branch, entry, link };
  const [item, unreadable] =
    contents === 'folders'
      ? [folderItem(found, branch, taking(entry.path) ?? entry.path), attachedFields]
      : [fileItem(found, branch, null), [contentField, ...attachedFields]];
  return readable({ ...item, unreadable });
}

function readable(item: RawItem | null): TriedKind {
  return { status: 'readable', item };
}

/** Attachments take requests of their own. */
function withoutAttachments(item: RawItem): RawItem {
  return withUnreadable(item, [...Object.values(attachmentFields), ...attachedFields]);
}
