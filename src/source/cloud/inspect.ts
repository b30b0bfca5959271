import { z } from 'zod';
import type { HttpClient } from '../../http/client.js';
import type { Inspection } from '../inspection.js';
import { tinyRequests } from '../tiny-requests.js';
import { toldFailure } from './describe-failure.js';
import { Routes } from './routes.js';

const repositoriesBody = z.object({
  values: z.array(
    z.object({ slug: z.string(), mainbranch: z.object({ name: z.string() }).nullish() }),
  ),
});

/** The repositories that the credentials see, none left out. */
const everyRepository = { role: null, query: null };

/** Looks at a workspace of Bitbucket Cloud, with the first of its tokens. Sends nothing yet. */
export function inspectCloud(http: HttpClient, hostUrl: URL, workspace: string): Inspection {
  const routes = new Routes(hostUrl, workspace);
  const requests = tinyRequests(http, (error) => toldFailure(error).reason);
  const one = (url: URL): URL => {
    const changed = new URL(url);
    changed.searchParams.set('pagelen', '1');
    return changed;
  };
  const repositories = (): Promise<z.output<typeof repositoriesBody>> =>
    requests.ask(one(routes.repositories(everyRepository)), 'repositories', repositoriesBody);
  const belowRepository = async (kind: string): Promise<'readable' | 'untried'> => {
    const [first] = (await repositories()).values;
    if (first === undefined) return 'untried';
    const { slug, mainbranch } = first;
    if (kind === 'pull-request') {
      const url = one(routes.pullRequests(slug, 'state="OPEN"'));
      await requests.ask(url, `pull requests of ${slug}`, z.unknown());
      return 'readable';
    }
    const branch = mainbranch?.name;
    if (branch === undefined) return 'untried';
    await requests.ask(routes.branch(slug, branch), `branches of ${slug}`, z.unknown());
    return 'readable';
  };
  return {
    // Everybody has the same, and it has no number.
    version: () => Promise.resolve(null),
    tryKind: async (kind) => {
      if (kind === 'project') await requests.ask(one(routes.projects()), 'projects', z.unknown());
      else if (kind === 'repository') await repositories();
      else return belowRepository(kind);
      return 'readable';
    },
    get headers() {
      return requests.headers;
    },
  };
}
