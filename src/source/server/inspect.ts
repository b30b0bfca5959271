import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import { isStopped } from '../../http/http-error.js';
import type { Inspection } from '../inspection.js';
import { tinyRequests } from '../tiny-requests.js';
import { restRoot } from './base-url.js';
import { describeFailure } from './describe-failure.js';
import { Routes } from './routes.js';

const propertiesBody = z.object({ version: z.string() });
const repositoriesBody = z.object({
  values: z.array(z.object({ slug: z.string(), project: z.object({ key: z.string() }) })),
});

/** Looks at a Bitbucket Data Center. Sends nothing yet. */
export function inspectServer(http: HttpClient, baseUrl: URL): Inspection {
  const root = restRoot(baseUrl);
  const routes = new Routes(root);
  const requests = tinyRequests(http, describeFailure);
  const one = (url: URL): URL => withParameter(url, 'limit', '1');
  const tryPullRequests = async (): Promise<'readable' | 'untried'> => {
    const { values } = await requests.ask(
      one(routes.repositories()),
      'repositories',
      repositoriesBody,
    );
    const [first] = values;
    if (first === undefined) return 'untried';
    const { project, slug } = first;
    const subject = `pull requests of ${project.key}/${slug}`;
    await requests.ask(one(routes.pullRequests(project.key, slug, 'OPEN')), subject, z.unknown());
    return 'readable';
  };
  const tryListing = async (url: URL, subject: string): Promise<'readable'> => {
    await requests.ask(one(url), subject, z.unknown());
    return 'readable';
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
    tryKind: (kind) => {
      if (kind === 'project') return tryListing(routes.projects(), 'projects');
      if (kind === 'repository') return tryListing(routes.repositories(), 'repositories');
      if (kind === 'user') return tryListing(routes.users(), 'users');
      return tryPullRequests();
    },
    get headers() {
      return requests.headers;
    },
  };
}

function withParameter(url: URL, name: string, value: string): URL {
  const changed = new URL(url);
  changed.searchParams.set(name, value);
  return changed;
}
