import type { JsonObject, JsonValue } from '../../model/json.js';
import {
  startLoopbackServer,
  type Answer,
  type Handler,
  type LoopbackServer,
} from '../loopback.js';
import type { CatalogBlueprint } from './blueprint.js';
import { timeHeaders, type PortConduct } from './conduct.js';
import type { CatalogEntity } from './entity.js';
import type { Integration } from './integrations.js';
import { GENEROUS_RATE_LIMIT, RateLimit } from './rate-limit.js';
import { Refusal } from './refusal.js';
import { routerOf } from './router.js';
import { portRoutes } from './routes/index.js';
import { pageRoutes } from './routes/page.js';
import { seedsOf, type BlueprintAuthors, type IntegrationSeed, type SeedSource } from './seeds.js';
import { createPortState, type SandboxPortOptions } from './state.js';
import type { DataSourcesPage } from './data-sources-page.js';
import { SYSTEM_BLUEPRINTS } from './system-blueprints.js';
import { ingest } from './ingest.js';
import { INGEST_PATH, type IngestedEvent, type Jq, type Webhook } from './webhooks.js';
import type { Write } from './writes.js';

/** A running Port. What is read and put here goes past HTTP and is recorded nowhere. */
export interface SandboxPort extends LoopbackServer {
  /** Changes that calls made, oldest first. */
  readonly writes: readonly Write[];
  /** All blueprints, oldest first. */
  blueprints(): readonly CatalogBlueprint[];
  blueprint(identifier: string): CatalogBlueprint | undefined;
  /** All entities of a blueprint, oldest first; none when there is no such blueprint. */
  entities(blueprint: string): readonly CatalogEntity[];
  entity(blueprint: string, identifier: string): CatalogEntity | undefined;
  integration(installationId: string): Integration | undefined;
  /** All webhooks, with their secrets. */
  webhooks(): readonly Webhook[];
  /** Events that came to webhooks, oldest first. */
  readonly events: readonly IngestedEvent[];
  /** What runs told the Data sources page, and the server that takes it; null where there is none. */
  readonly page: (DataSourcesPage & { readonly server: LoopbackServer }) | null;
  /** Raw examples that the integration sent for a kind. */
  examples(installationId: string, kind: string): readonly JsonValue[];
  /** Puts a blueprint, as the API's JSON. @throws when the API would refuse it */
  putBlueprint(blueprint: JsonObject, authors?: BlueprintAuthors): void;
  /** Puts an entity, replacing one of the same name. @throws when the API would refuse it */
  putEntity(blueprint: string, entity: JsonObject, source: SeedSource): void;
  /** Puts an integration in place of one of the same name. @throws when the API would refuse it */
  putIntegration(integration: IntegrationSeed): void;
  /** Somebody saves another mapping in Port. @throws when the API would refuse it */
  putMapping(installationId: string, config: JsonObject): void;
  /** Another program signs the integration, as each does that loads for it. */
  sign(installationId: string, version: string): void;
  /** Another run of the integration tells that it began so long ago, by Port's clock. */
  beginResync(installationId: string, millisecondsAgo?: number): void;
  /** Makes all entities so much older: time passes, and no clock moves. */
  age(milliseconds: number): void;
  /** Changes what this Port does in its own way. */
  behave(changes: Partial<PortConduct>): void;
  /** Ends the active token at once, so that the next call with it is answered 401. */
  expireToken(): void;
}

/** Starts a Port of its own on loopback, empty. */
export async function startPort(options: SandboxPortOptions): Promise<SandboxPort> {
  const state = createPortState(options);
  const { catalog, integrations, tokens, webhooks } = state;
  const rateLimit = new RateLimit(options.rateLimit ?? GENEROUS_RATE_LIMIT, state.clock);
  const seeds = seedsOf(state);
  if (options.systemBlueprints === true)
    for (const blueprint of SYSTEM_BLUEPRINTS) seeds.putBlueprint(blueprint);
  const respond = routerOf(state, portRoutes(state));
  let answered = 0;

  let jq: Promise<Jq> | undefined;
  const startedJq = (): Promise<Jq> => {
    if (options.jq === undefined) throw new Error('this Port was started without a jq');
    jq ??= options.jq();
    return jq;
  };
  const handler: Handler = (request, violation): Answer | Promise<Answer> => {
    if (request.path.startsWith(INGEST_PATH)) return ingest(state, startedJq, request);
    answered += 1;
    const { exceeded, headers } = rateLimit.take();
    const answer = exceeded ? tooManyRequests.answer() : respond(request, violation);
    return { ...answer, headers: { ...headers, 'x-trace-id': traceId(answered) } };
  };
  const server = await startLoopbackServer(handler, () => timeHeaders(state.clock, state.conduct));
  const pageServer =
    options.hasPage === true ? await startLoopbackServer(routerOf(state, pageRoutes(state))) : null;
  integrations.pageUrl = pageServer?.url ?? null;
  webhooks.serverUrl = server.url;

  return {
    ...server,
    get violations() {
      return [...server.violations, ...(pageServer?.violations ?? [])];
    },
    reset: () => {
      server.reset();
      pageServer?.reset();
      state.page.clear();
      state.writes.length = 0;
      webhooks.events.length = 0;
    },
    close: async () => {
      await Promise.all([server.close(), pageServer?.close(), (await jq)?.close()]);
    },
    page: pageServer === null ? null : Object.assign(state.page, { server: pageServer }),
    writes: state.writes,
    blueprints: () => catalog.shelves().map(({ blueprint }) => blueprint),
    blueprint: (identifier) => catalog.find(identifier)?.blueprint,
    entities: (blueprint) => catalog.entities(blueprint),
    entity: (blueprint, identifier) => catalog.entity({ blueprint, identifier }),
    integration: (installationId) => integrations.find(installationId),
    webhooks: () => webhooks.list(),
    events: webhooks.events,
    examples: (installationId, kind) => integrations.examples(installationId, kind),
    ...seeds,
    behave: (changes) => {
      Object.assign(state.conduct, changes);
    },
    expireToken: () => {
      tokens.expire();
    },
  };
}

const tooManyRequests = new Refusal(429, 'too_many_requests', 'the rate limit is exceeded');

function traceId(answered: number): string {
  return answered.toString(16).padStart(32, '0');
}
