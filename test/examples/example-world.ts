import type { Clock } from '../../src/clock.js';
import type { JsonObject } from '../../src/model/json.js';
import { run } from '../../src/run.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { readScopes } from '../../src/sandbox/cloud/credential.js';
import type { SandboxPort } from '../../src/sandbox/port/port.js';
import { startCloudWorld, WORKSPACE_TOKEN } from '../world/a-cloud-world.js';
import { aRuntime } from '../world/a-runtime.js';
import { startWorld } from '../world/a-world.js';
import type { FakeClock } from '../world/fake-clock.js';
import type { RunResult } from '../world/world-around.js';

type Variables = Readonly<Record<string, string>>;

/** Built-in servers for an example, and the variables that its README asks for. */
export interface ExampleWorld {
  readonly port: SandboxPort;
  /** For this Bitbucket and Port; not all of them need be in a README. */
  readonly variables: Variables;
  /** Addresses of the built-in servers, where the true ones are the default. */
  readonly addresses: Variables;
  readonly clock: FakeClock;
  /** The Bitbucket's own address, which stands in links. */
  readonly bitbucketUrl: string;
  close(): Promise<void>;
}

/** Entities by blueprint and identifier, as far as an example speaks of them. */
export type Catalog = Readonly<Record<string, Readonly<Record<string, ExpectedEntity>>>>;

/** What an entity holds; what is not mapped stands nowhere. */
export interface ExpectedEntity {
  readonly title: string | null;
  readonly properties: JsonObject;
  readonly relations: JsonObject;
}

/** A company for an example, and what becomes of it. */
export interface ExampleCase {
  readonly start: () => Promise<ExampleWorld>;
  /** Blueprints that Port has of its own, and what is in them. */
  readonly prepare?: (port: SandboxPort) => void;
  readonly expected: Catalog;
  /** Blueprints whose entities belong to teams, and which those are, by identifier. */
  readonly teams?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Entities that are sent in every run, as only Port knows what they relate to. */
  readonly searched?: readonly string[];
  /** Identifiers that the raw samples lead to, by kind. */
  readonly previewed: Readonly<Record<string, readonly string[]>>;
}

/** Stands for the address of the built-in Bitbucket. */
export const BITBUCKET = 'https://bitbucket.example';

/** A workspace of Bitbucket Cloud. */
export async function aCloud(
  company: Company,
  slug = 'acme',
  scopes: readonly string[] = readScopes,
): Promise<ExampleWorld> {
  const world = await startCloudWorld(company, {
    bitbucket: {
      workspace: { slug, name: slug.toUpperCase() },
      credentials: [{ type: 'workspace-token', token: WORKSPACE_TOKEN, scopes }],
    },
  });
  const { bitbucket, port, clock, env } = world;
  return {
    port,
    clock,
    close: () => world.close(),
    bitbucketUrl: new URL(bitbucket.url).origin,
    addresses: { PORT_BASE_URL: port.url, BITBUCKET_HOST_URL: bitbucket.url },
    variables: {
      ...portVariables(env),
      WORKSPACE: slug,
      BITBUCKET_WORKSPACE: slug,
      BITBUCKET_WORKSPACE_TOKEN: WORKSPACE_TOKEN,
    },
  };
}

/** A Bitbucket Data Center. */
export async function aDataCenter(company: Company): Promise<ExampleWorld> {
  const token = 'data-center-token';
  const world = await startWorld(company, { bitbucket: { token } });
  const { bitbucket, port, clock, env } = world;
  return {
    port,
    clock,
    close: () => world.close(),
    bitbucketUrl: bitbucket.url,
    addresses: { PORT_BASE_URL: port.url },
    variables: {
      ...portVariables(env),
      BITBUCKET_BASE_URL: bitbucket.url,
      BITBUCKET_TOKEN: token,
    },
  };
}

function portVariables(env: Variables): Variables {
  return {
    PORT_CLIENT_ID: env.OCEAN__PORT__CLIENT_ID ?? '',
    PORT_CLIENT_SECRET: env.OCEAN__PORT__CLIENT_SECRET ?? '',
  };
}

/**
 * Runs a command line with these variables and the addresses of the world; nothing else is set.
 * @param runClock the clock of the run, by default that of the world
 */
export async function runIn(
  { addresses, clock }: Pick<ExampleWorld, 'addresses' | 'clock'>,
  argv: readonly string[],
  variables: Variables,
  runClock: Clock = clock,
): Promise<RunResult> {
  // Not JQ_PATH: an older jq is a warning, and examples must do without any.
  const { PATH = '' } = process.env;
  const runtime = aRuntime({
    argv,
    clock: runClock,
    env: { PATH, ...addresses, ...variables },
  });
  const exitCode = await run(runtime);
  // A moment passes between runs, as entities carry the time of their last change.
  clock.advance(60_000);
  const { stdout, stderr } = runtime.written;
  return { exitCode, stdout, stderr, result: stdout.replace(/\s+/gu, ' ') };
}

/** What a catalog holds in these blueprints, with `BITBUCKET` for the address of the built-in one. */
export function catalogOf(
  { port, bitbucketUrl }: Pick<ExampleWorld, 'port' | 'bitbucketUrl'>,
  blueprints: readonly string[],
): Catalog {
  const held = blueprints.map((blueprint) => {
    const entities = port
      .entities(blueprint)
      .map(({ identifier, title, properties, relations }) => {
        const entity: ExpectedEntity = { title, properties, relations };
        return [identifier, entity] as const;
      });
    return [blueprint, Object.fromEntries(entities)] as const;
  });
  const text = JSON.stringify(Object.fromEntries(held)).replaceAll(bitbucketUrl, BITBUCKET);
  // What was a catalog before it was text is one after it.
  return JSON.parse(text) as Catalog;
}
