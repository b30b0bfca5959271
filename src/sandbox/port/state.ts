import type { Clock } from '../../clock.js';
import { Catalog } from './catalog.js';
import { clockOf, type PortConduct, USUAL_CONDUCT } from './conduct.js';
import { Integrations } from './integrations.js';
import type { RateLimitOptions } from './rate-limit.js';
import { Tokens } from './tokens.js';
import { type Jq, Webhooks } from './webhooks.js';
import type { Write } from './writes.js';
import { DataSourcesPage } from './data-sources-page.js';

/** How long a token lives unless told otherwise, in seconds (reference: 3 hours). */
const TOKEN_LIFETIME_SECONDS = 10_800;

/** Which relations `delete_dependents=true` follows: Port does not say. */
export type Cascade = 'any' | 'required';

/** Whose data source an entity carries after another one wrote it: Port does not say. */
export type DatasourceRule = 'creator' | 'last-writer';

/** Whose data source a missing target carries that Port makes for a relation: Port does not say. */
export type StubRule = 'writer' | 'none';

/** What a built-in Port is started with. */
export interface SandboxPortOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  readonly tokenLifetimeSeconds?: number;
  /** Which relations `delete_dependents=true` follows; Port does not say. Default: any. */
  readonly cascade?: Cascade;
  /** What `$datasource` tells once another program wrote; Port does not say. Default: creator. */
  readonly datasource?: DatasourceRule;
  /** What `$datasource` tells of what Port makes as the target of a relation. Default: writer. */
  readonly stubs?: StubRule;
  /** Most entities of a search page, below what the contract allows: pages get shorter unasked. */
  readonly pageLimit?: number;
  /** Requests beyond it are answered 429. Default: more than any run makes. */
  readonly rateLimit?: RateLimitOptions;
  /** Feature flags of the organization. Default: none. */
  readonly featureFlags?: readonly string[];
  /** What it does in its own way from the start. */
  readonly conduct?: Partial<PortConduct>;
  /** Whether integrations name the addresses of the Data sources page. Default: they name none. */
  readonly hasPage?: boolean;
  /** Finds the jq that maps what webhooks bring; it is closed with the server. */
  readonly jq?: () => Promise<Jq>;
  /** Whether the blueprints that every organization has are there. Default: an empty Port. */
  readonly systemBlueprints?: boolean;
}

/** What the routes share. */
export interface PortState {
  /** Port's own clock. */
  readonly clock: Clock;
  readonly conduct: PortConduct;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly cascade: Cascade;
  readonly datasource: DatasourceRule;
  readonly stubs: StubRule;
  /** Most entities of one search page, whatever is asked for. */
  readonly pageLimit: number;
  readonly featureFlags: readonly string[];
  readonly tokens: Tokens;
  readonly catalog: Catalog;
  readonly integrations: Integrations;
  readonly webhooks: Webhooks;
  readonly page: DataSourcesPage;
  /** Changes so far, oldest first. */
  readonly writes: Write[];
}

/** The state of a Port that nobody has written to. */
export function createPortState(options: SandboxPortOptions): PortState {
  const { clientId, clientSecret } = options;
  const conduct = { ...USUAL_CONDUCT, ...options.conduct };
  const clock = clockOf(options.clock, conduct);
  return {
    clock,
    conduct,
    clientId,
    clientSecret,
    cascade: options.cascade ?? 'any',
    datasource: options.datasource ?? 'creator',
    stubs: options.stubs ?? 'writer',
    pageLimit: options.pageLimit ?? Infinity,
    featureFlags: options.featureFlags ?? [],
    tokens: new Tokens(options.tokenLifetimeSeconds ?? TOKEN_LIFETIME_SECONDS, clock),
    catalog: new Catalog(),
    integrations: new Integrations(),
    webhooks: new Webhooks(),
    page: new DataSourcesPage(),
    writes: [],
  };
}
