/** The REST API's version. Servers of every age answer to it; `latest` is another name for it. */
const restPath = '/rest/api/1.0';

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
