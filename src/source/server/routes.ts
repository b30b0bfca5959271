/** The state of a pull request, as the `state` parameter takes it. */
export type PullRequestState = 'ALL' | 'OPEN' | 'MERGED' | 'DECLINED';

/**
 * The largest page that a server gives unless its administrator says otherwise. Asking for more than
 * it allows is no error: it gives what it allows and says so.
 */
const pageItems = 1_000;

/** Where things are below the root of the REST API. Listings ask for the largest page. */
export class Routes {
  readonly #root: string;

  /** @param root without a trailing slash */
  constructor(root: URL) {
    this.#root = root.href;
  }

  /** One project: the smallest question that needs credentials. */
  probe(): URL {
    return this.#url(['projects'], { limit: 1 });
  }

  projects(): URL {
    return this.#listing(['projects']);
  }

  users(): URL {
    return this.#listing(['users']);
  }

  /** Repositories of every project. Without `archived` the server hides archived ones (since 8.0). */
  repositories(): URL {
    return this.#listing(['repos'], { archived: 'ALL' });
  }

  /** Repositories of one project, archived ones included. */
  repositoriesOf(projectKey: string): URL {
    return this.#listing(['projects', projectKey, 'repos']);
  }

  pullRequests(projectKey: string, slug: string, state: PullRequestState): URL {
    return this.#listing(['projects', projectKey, 'repos', slug, 'pull-requests'], { state });
  }

  /** The readme's text on the default branch, whatever the case of its name. */
  readme(projectKey: string, slug: string): URL {
    return this.#url(['projects', projectKey, 'repos', slug, 'readme'], {});
  }

  /** The newest commit of the default branch. */
  latestCommit(projectKey: string, slug: string): URL {
    return this.#url(['projects', projectKey, 'repos', slug, 'commits'], { limit: 1 });
  }

  #listing(segments: readonly string[], parameters: Readonly<Record<string, string>> = {}): URL {
    return this.#url(segments, { ...parameters, limit: pageItems });
  }

  #url(segments: readonly string[], parameters: Readonly<Record<string, string | number>>): URL {
    const path = segments.map((segment) => encodeURIComponent(segment)).join('/');
    const url = new URL(`${this.#root}/${path}`);
    for (const [name, value] of Object.entries(parameters))
      url.searchParams.set(name, String(value));
    return url;
  }
}
