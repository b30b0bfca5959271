import { encodedSegment } from '../segment.js';
import type { Parameters } from '../kind.js';
import { pageItems } from './kinds/kind.js';

/** Where things are below the root of the REST API. Listings ask for the largest page. */
export class Routes {
  readonly #root: string;

  /** @param root without a trailing slash */
  constructor(root: URL) {
    this.#root = root.href;
  }

  /** A listing below the root: `projects`. */
  listing(path: readonly string[], parameters: Parameters = {}, limit = pageItems): URL {
    return this.#url(path, { ...parameters, limit });
  }

  /** A listing in another part of the server's REST API, such as `build-status`. */
  listingOf(part: string, path: readonly string[], limit = pageItems): URL {
    const url = this.listing(path, {}, limit);
    url.pathname = url.pathname.replace(restPath, restPath.replace('api', part));
    return url;
  }

  /** Repositories of one project, archived ones included. */
  repositoriesOf(projectKey: string): URL {
    return this.listing(['projects', projectKey, 'repos']);
  }

  /** A listing below a repository: `pull-requests`. */
  listingIn(
    { projectKey, slug }: RepositoryPath,
    path: readonly string[],
    parameters: Parameters = {},
    limit = pageItems,
  ): URL {
    return this.listing(['projects', projectKey, 'repos', slug, ...path], parameters, limit);
  }

  /** Something in a repository that is no listing. */
  within(
    { projectKey, slug }: RepositoryPath,
    path: readonly string[],
    parameters: Parameters = {},
  ): URL {
    return this.#url(['projects', projectKey, 'repos', slug, ...path], parameters);
  }

  /** Something by its own address. */
  item(path: readonly string[]): URL {
    return this.#url(path, {});
  }

  /** The readme's text on the default branch, whatever the case of its name. */
  readme(place: RepositoryPath): URL {
    return this.within(place, ['readme']);
  }

  /** The newest commit of the default branch. */
  latestCommit(place: RepositoryPath): URL {
    return this.listingIn(place, ['commits'], {}, 1);
  }

  #url(segments: readonly string[], parameters: Readonly<Record<string, string | number>>): URL {
    const path = segments.map(encodedSegment).join('/');
    const url = new URL(`${this.#root}/${path}`);
    for (const [name, value] of Object.entries(parameters))
      url.searchParams.set(name, String(value));
    return url;
  }
}

/** What the URLs of a repository are made of. */
export interface RepositoryPath {
  readonly projectKey: string;
  readonly slug: string;
}

/** The REST API's version. Servers of every age answer to it; `latest` is another name for it. */
const restPath = '/rest/api/1.0';

/** The address of the server that a root of the REST API is at, without a trailing slash. */
export function baseOf(root: URL): string {
  return root.href.slice(0, root.href.lastIndexOf('/rest/api/'));
}

/**
 * The root of the REST API, without a trailing slash, of a base URL as users write it: with or without
 * a context path, a trailing slash, or the path of the REST API itself. User information, query and
 * fragment are left out: none of them belongs into a request's URL.
 */
export function restRoot(baseUrl: URL): URL {
  const contextPath = baseUrl.pathname
    .replace(/\/+$/, '')
    .replace(/\/+rest\/+api(\/+(latest|\d+(\.\d+)*))?$/i, '')
    .replace(/\/+$/, '');
  return new URL(`${baseUrl.origin}${contextPath}${restPath}`);
}
