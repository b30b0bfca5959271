import { z } from 'zod';
import { DEFAULTS } from '../../src/defaults/index.js';
import { distinctMapping } from '../../src/defaults/distinct-mapping.js';
import { OPT_IN } from '../../src/defaults/opt-in.js';
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../src/model/json.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Fault, FaultRule, RecordedRequest } from '../../src/sandbox/loopback.js';
import { startCloudWorld } from '../world/a-cloud-world.js';
import { startServerWorld } from '../world/a-world.js';
import type { BuiltInBitbucket, WorldAround } from '../world/world-around.js';

export type Flavour = keyof typeof DEFAULTS;

/** Both Bitbuckets, for tables. */
export const FLAVOURS = ['bitbucket-cloud', 'bitbucket-server'] as const satisfies Flavour[];

/** A built-in Bitbucket whose requests can be looked at and spoiled. */
interface Bitbucket extends BuiltInBitbucket {
  readonly requests: readonly RecordedRequest[];
  fail(rule: FaultRule): void;
}

/** A world whose Port holds the mapping of repositories and of one kind that is not read by default. */
export type KindWorld = WorldAround<Bitbucket>;

const IDENTIFIERS: Readonly<Record<Flavour, string>> = {
  'bitbucket-cloud': 'my-bitbucket-cloud-integration',
  'bitbucket-server': 'my-bitbucket-server-integration',
};

/** Starts a world around a company. `selector`, `mappings`: keys beside the default ones. */
export async function startKindWorld(
  flavour: Flavour,
  company: Company,
  kind: string,
  selector: JsonObject = {},
  mappings: JsonObject = {},
): Promise<KindWorld> {
  const world: KindWorld =
    flavour === 'bitbucket-cloud'
      ? await startCloudWorld(company)
      : await startServerWorld(company);
  const optIn = OPT_IN[flavour][kind];
  if (optIn === undefined) throw new Error(`no mapping of ${kind} for ${flavour}`);
  const blueprints = new Map(
    [...DEFAULTS[flavour].blueprints, optIn.blueprint].map((each) => [each.identifier, each]),
  );
  for (const each of blueprints.values()) world.port.putBlueprint(each);
  putSelector(world, flavour, kind, selector, mappings);
  return world;
}

/** Puts the integration with other keys in the selector. */
export function putSelector(
  world: KindWorld,
  flavour: Flavour,
  kind: string,
  selector: JsonObject,
  mappings: JsonObject = {},
): void {
  const { resource } = OPT_IN[flavour][kind] ?? {};
  const own = objectOf(resource?.selector);
  const port = objectOf(resource?.port);
  const entity = objectOf(port.entity);
  const mapped = { entity: { mappings: { ...objectOf(entity.mappings), ...mappings } } };
  const changed = { ...resource, selector: { ...own, ...selector }, port: { ...port, ...mapped } };
  putResources(world, flavour, [repositories(flavour), changed]);
}

/** Puts the integration with a mapping of these; it remembers that deletions were judged. */
export function putResources(
  { port, clock }: KindWorld,
  flavour: Flavour,
  resources: readonly JsonObject[],
): void {
  const judged = new Date(clock.now()).toISOString().replace('.000Z', 'Z');
  const identifier = IDENTIFIERS[flavour];
  port.putIntegration({
    spec: port.integration(identifier)?.spec ?? { bitbucketPort: { judged } },
    installationId: identifier,
    installationAppType: flavour,
    version: 'bitbucket-port-0.0.1',
    changelogDestination: {},
    config: {
      createMissingRelatedEntities: true,
      deleteDependentEntities: true,
      resources,
    },
  });
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The resource of repositories as `init` writes it, without what takes requests of its own. */
export function repositories(flavour: Flavour, properties: JsonObject = {}): JsonObject {
  const { resources } = distinctMapping(flavour).value;
  const found = (isJsonArray(resources) ? resources : [])
    .filter(isJsonObject)
    .find((resource) => resource.kind === 'repository');
  const { port } = found ?? {};
  const entity = isJsonObject(port) && isJsonObject(port.entity) ? port.entity : {};
  const { identifier = '' } = isJsonObject(entity.mappings) ? entity.mappings : {};
  const blueprint = '"bitbucketRepository"';
  const mappings = { identifier, title: '.name', blueprint, properties };
  return { kind: 'repository', selector: { query: 'true' }, port: { entity: { mappings } } };
}

/** `blueprint identifier` of all that was deleted, sorted. */
export function deletedIn({ port }: KindWorld): readonly string[] {
  return port.writes
    .flatMap((write) =>
      write.type === 'entity-deleted' ? [`${write.blueprint} ${write.identifier}`] : [],
    )
    .sort();
}

/** All that was written into or taken out of the catalog. */
export function entityWrites({ port }: KindWorld): readonly unknown[] {
  return port.writes.filter(({ type }) => type.startsWith('entity'));
}

/** Gives true answers that lack some fields, wherever these are. */
export function without(fields: readonly string[]): Fault {
  const reviver = (key: string, value: unknown): unknown =>
    fields.includes(key) ? undefined : value;
  return {
    type: 'changed',
    change: (answer) => {
      const body: unknown = JSON.parse(JSON.stringify(answer.body), reviver);
      return { ...answer, body };
    },
  };
}

const page = z.looseObject({ values: z.array(z.unknown()) });

/** Gives true pages, and leaves out what is last, as a listing does that forgets. */
export const withoutLast: Fault = {
  type: 'changed',
  change: (answer) => {
    const { values, ...rest } = page.parse(answer.body);
    // What it says of its size must not give it away.
    const body = { ...rest, size: undefined, values: values.slice(0, -1) };
    return { ...answer, body };
  },
};
