import type { Answer, RecordedRequest } from '../loopback.js';
import type { Actor } from './entity.js';
import { ContractBreach, Refusal } from './refusal.js';
import type { Route } from './route.js';
import type { PortState } from './state.js';

interface Match {
  readonly route: Route;
  readonly parts: ReadonlyMap<string, string>;
}

/** Makes the function that answers a request, and tells of what the contract does not know. */
export function routerOf(
  state: PortState,
  routes: readonly Route[],
): (request: RecordedRequest, violation: (what: string) => void) => Answer {
  const table = routes.map((route) => ({ route, segments: route.path.split('/') }));

  const match = (request: RecordedRequest): Match => {
    const given = request.path.split('/').map(decoded);
    for (const { route, segments } of table) {
      if (route.method !== request.method) continue;
      const parts = partsOf(segments, given);
      if (parts !== undefined) return { route, parts };
    }
    throw new ContractBreach(404, 'not_found', 'there is no such route');
  };

  return (request, violation) => {
    try {
      const { route, parts } = match(request);
      if (!route.open && !state.tokens.accepts(request.headers.authorization)) {
        throw new Refusal(401, 'unauthorized', 'the access token is missing, wrong or expired');
      }
      return route.answer(request, parts, actorOf(state, request));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error instanceof ContractBreach) {
        violation(`${request.method} ${request.path}: ${error.message}`);
      }
      return error.answer();
    }
  };
}

function partsOf(
  segments: readonly string[],
  given: readonly (string | undefined)[],
): ReadonlyMap<string, string> | undefined {
  if (segments.length !== given.length) return undefined;
  const parts = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const value = given[index];
    if (value === undefined) return undefined;
    if (!segment.startsWith('{')) {
      if (segment !== value) return undefined;
    } else {
      if (value === '') return undefined;
      parts.set(segment.slice(1, -1), value);
    }
  }
  return parts;
}

/** Undefined for a broken percent-encoding, which no route can have. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function actorOf(state: PortState, request: RecordedRequest): Actor {
  const datasource = request.headers['user-agent'] ?? null;
  return {
    by: state.clientId,
    datasource:
      state.conduct.datasourceCase === 'lower' ? (datasource?.toLowerCase() ?? null) : datasource,
    at: new Date(state.clock.now()).toISOString(),
  };
}
