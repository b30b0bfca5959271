/** A value of a query parameter; a list repeats the parameter. */
export type QueryValue = string | number | boolean | readonly string[];

/**
 * The URL of an API route.
 * @param base the base URL as set; with or without a trailing slash, `/v1`, or a path of a proxy
 * @param path segments after `/v1`, not yet encoded: identifiers may hold `/`, `:` and the like
 */
export function routeUrl(
  base: URL,
  path: readonly string[],
  query: Readonly<Record<string, QueryValue>> = {},
): URL {
  const url = new URL(base.origin);
  const root = base.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
  url.pathname = [root, 'v1', ...path.map(encodedSegment)].join('/');
  for (const [name, value] of Object.entries(query)) {
    const values = typeof value === 'object' ? value : [String(value)];
    for (const each of values) url.searchParams.append(name, each);
  }
  return url;
}

/** `.` and `..` would lead to another route; Port refuses both as identifiers. */
function encodedSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') {
    throw new RangeError(`'${segment}' cannot be a part of a path`);
  }
  return encodeURIComponent(segment);
}
