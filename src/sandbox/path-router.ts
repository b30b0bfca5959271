/** A route and the values in its path. */
export interface Match<Route> {
  readonly route: Route;
  readonly parameters: ReadonlyMap<string, string>;
}

/** How a server reads the path of a request. */
export interface PathRules {
  /** Whether `%2F` parts two segments as a plain slash does. */
  readonly encodedSlashParts: boolean;
  /** Whether a trailing `{path}` may be empty, so that the path ends in a slash. */
  readonly emptyRest: boolean;
}

/** What stands for the segments to the end of the path, in the path of a route. */
const rest = '{path}';

/**
 * Finds the route of a path, percent-encoded as it came; undefined when there is none. The first
 * that fits wins. A `{name}` takes one segment that is not empty, a trailing `{path}` all others.
 */
export function createRouter<Route extends { readonly path: string }>(
  routes: readonly Route[],
  rules: PathRules,
): (path: string) => Match<Route> | undefined {
  const compiled = routes.map((route) => ({ route, segments: route.path.slice(1).split('/') }));
  return (path) => {
    const given = decodedSegments(path, rules);
    if (given === undefined) return undefined;
    for (const { route, segments } of compiled) {
      const parameters = parametersOf(segments, given, rules);
      if (parameters !== undefined) return { route, parameters };
    }
    return undefined;
  };
}

function decodedSegments(path: string, rules: PathRules): readonly string[] | undefined {
  try {
    const segments = path.slice(1).split('/').map(decodeURIComponent);
    return rules.encodedSlashParts ? segments.flatMap((segment) => segment.split('/')) : segments;
  } catch {
    // A stray percent sign: no route has one.
    return undefined;
  }
}

function parametersOf(
  segments: readonly string[],
  given: readonly string[],
  { emptyRest }: PathRules,
): ReadonlyMap<string, string> | undefined {
  const takesRest = segments.at(-1) === rest;
  if (takesRest ? given.length < segments.length : given.length !== segments.length) {
    return undefined;
  }
  const parameters = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const isRest = takesRest && index === segments.length - 1;
    const value = isRest ? given.slice(index).join('/') : (given[index] ?? '');
    if (value === '' && !(isRest && emptyRest)) return undefined;
    if (segment.startsWith('{')) parameters.set(segment.slice(1, -1), value);
    else if (segment !== value) return undefined;
  }
  return parameters;
}
