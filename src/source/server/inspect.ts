import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import { isStopped } from '../../http/http-error.js';
import type { RawItem } from '../../model/page.js';
import type { Inspection, TriedKind } from '../inspection.js';
import { tinyRequests } from '../tiny-requests.js';
import { attachmentFields } from './attachments.js';
import { restRoot } from './base-url.js';
import { describeFailure } from './describe-failure.js';
import { projectOf, pullRequestOf, repositoryOf, userOf, type ListedRepository } from './items.js';
import { Routes } from './routes.js';

const propertiesBody = z.object({ version: z.string() });

/** Looks at a Bitbucket Data Center. Sends nothing yet. */
export function inspectServer(http: HttpClient, baseUrl: URL): Inspection {
  const root = restRoot(baseUrl);
  const routes = new Routes(root);
  const requests = tinyRequests(http, describeFailure, 'BITBUCKET_BASE_URL');
  let repository: Promise<ListedRepository | null> | undefined;
  const firstRepository = (): Promise<ListedRepository | null> =>
    (repository ??= requests.first(one(routes.repositories()), 'repositories', repositoryOf));
  const tryPullRequests = async (): Promise<TriedKind> => {
    const within = await firstRepository();
    if (within === null) return { status: 'untried' };
    const { projectKey, slug, name, item } = within;
    const url = one(routes.pullRequests(projectKey, slug, 'ALL'));
    const found = await requests.first(url, `pull requests of ${name}`, (value) =>
      pullRequestOf(item.key, value),
    );
    return readable(found?.item);
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
    tryKind: async (kind) => {
      if (kind === 'project') {
        return readable(
          (await requests.first(one(routes.projects()), 'projects', projectOf))?.item,
        );
      }
      if (kind === 'user') {
        return readable((await requests.first(one(routes.users()), 'users', userOf))?.item);
      }
      return kind === 'repository'
        ? readable(withoutAttachments((await firstRepository())?.item))
        : tryPullRequests();
    },
    get headers() {
      return requests.headers;
    },
  };
}

function readable(item: RawItem | undefined): TriedKind {
  return { status: 'readable', item: item ?? null };
}

/** Attachments take requests of their own. */
function withoutAttachments(item: RawItem | undefined): RawItem | undefined {
  return item && { ...item, unread: Object.values(attachmentFields) };
}

function one(url: URL): URL {
  const changed = new URL(url);
  changed.searchParams.set('limit', '1');
  return changed;
}
