import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import { isStopped } from '../../http/http-error.js';
import type { RawItem } from '../../model/page.js';
import { type Inspection, tinyRequests, type TriedKind } from '../tiny-requests.js';
import { restRoot, Routes } from './routes.js';
import { describeFailure } from './describe-failure.js';
import { itemOf, repositoryOf, type ListedRepository } from './items.js';
import { serverKinds } from './kinds/index.js';
import type { ServerKind } from './kinds/kind.js';
import { attachmentFields, repository } from './kinds/repository.js';

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
  const tryKind = async (kind: ServerKind): Promise<TriedKind> => {
    if (kind === repository) return readable(withoutAttachments((await firstRepository())?.item));
    const { path, plural, widest } = kind;
    if (kind.scope === 'root') {
      const found = await requests.first(routes.listing(path, widest, 1), plural, (value) =>
        itemOf(kind, value),
      );
      return readable(found?.item);
    }
    const within = await firstRepository();
    if (within === null) return { status: 'untried' };
    const url = routes.listingIn(within, path, widest, 1);
    const found = await requests.first(url, `${plural} of ${within.name}`, (value) =>
      itemOf(kind, value, within),
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
    tryKind: async (name) => {
      const kind = serverKinds.find((one) => one.name === name);
      return kind === undefined ? { status: 'untried' } : await tryKind(kind);
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
