import type { ForeignKinds } from '../mapping/check-kinds.js';
import type { JqEngine } from '../mapping/engine/engine.js';
import { mistakenForMapping, type WrittenText } from '../mapping/mapping-text.js';
import type { ParsedMapping } from '../mapping/parse-mapping.js';
import { validateMapping } from '../mapping/check-expressions.js';
import type { JsonObject } from '../model/json.js';
import { type IntegrationLookUp, listIntegrations, readIntegration } from '../port/integration.js';
import type { PortClient } from '../port/port-client.js';
import { type Problem, ProblemError } from '../problems/problem.js';
import { cloudKinds, cloudKindsWith } from '../source/cloud/kinds/index.js';
import { serverKinds, serverKindsWith } from '../source/server/kinds/index.js';
import type { Source } from '../source/source.js';
import type { Mapping, MappingResource } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';

/** What is known of the integration's record; `unreadable` only where a run can do without it. */
export type IntegrationRecord = IntegrationLookUp | { readonly status: 'unreadable' };

/**
 * Reads the integration's record. A run with a mapping of its own can do without it.
 * @param hasLocalMapping whether settings hold a mapping
 * @param isChosen whether the user chose the identifier
 * @throws ProblemError permission-refused, server-unavailable; integration-ambiguous when the record
 *   is missing and creating one would load a second catalog beside an existing one;
 *   integration-of-other-type
 */
export async function findIntegration(
  client: PortClient,
  hasLocalMapping: boolean,
  isChosen: boolean,
  report: (problem: Problem) => void,
): Promise<IntegrationRecord> {
  let record: IntegrationLookUp;
  try {
    record = await readIntegration(client);
  } catch (error) {
    if (!(error instanceof ProblemError) || !hasLocalMapping) throw error;
    const { identifier } = client.integration;
    const subject = `reading integration ${identifier}`;
    const [problem] = error.problems;
    const reason = 'reason' in problem ? problem.reason : 'Port did not give it';
    const remedy =
      'Nothing is deleted without it. Use PORT_CLIENT_ID and PORT_CLIENT_SECRET of an account that may read integrations';
    report({ code: 'best-effort-failed', subject, reason, remedy });
    return { status: 'unreadable' };
  }
  if (record.status === 'missing' && !isChosen) await refuseSecondCatalog(client);
  if (record.status === 'found') refuseOtherType(client, record.integration.type);
  return record;
}

/** An identifier that another program's integration has: its catalog is not ours to load into. */
function refuseOtherType(client: PortClient, type: string): void {
  const { identifier, type: ours } = client.integration;
  if (type === '' || type.toLowerCase() === ours) return;
  throw ProblemError.of({ code: 'integration-of-other-type', identifier, type, ours });
}

async function refuseSecondCatalog(client: PortClient): Promise<void> {
  const { type, identifier } = client.integration;
  const existing = (await listIntegrations(client))
    .filter((integration) => integration.type === type)
    .map((integration) => integration.identifier);
  if (existing.length > 0) {
    throw ProblemError.of({ code: 'integration-ambiguous', identifier, existing });
  }
}

/** A mapping before it is parsed, and where it stands. */
export interface MappingOrigin {
  readonly value: unknown;
  /** `mapping.yml`, `integration my-integration in Port`, `the built-in default`. */
  readonly origin: string;
  /** Port may know keys that we do not; in the user's own file they are mistakes. */
  readonly unknownKeys: 'error' | 'warning';
  /** The text it was written in; absent where nobody wrote one. */
  readonly written?: WrittenText;
}

/** The mapping that applies: the user's own, else the one in Port, else the built-in default. */
export function mappingOrigin(
  local: MappingOrigin | null,
  record: IntegrationRecord,
  fallback: JsonObject,
): MappingOrigin {
  if (local !== null) return local;
  const builtIn = builtInFor(record, fallback);
  const origin = 'the built-in default mapping';
  if (record.status !== 'found' || record.integration.config === null) {
    return { value: fallback, origin, unknownKeys: 'error' };
  }
  const { identifier, config } = record.integration;
  if (builtIn === null) {
    const held = `the mapping of integration ${identifier} in Port`;
    return { value: config, origin: held, unknownKeys: 'warning' };
  }
  const added = `${origin}, with the other keys of integration ${identifier} in Port`;
  return { value: builtIn, origin: added, unknownKeys: 'warning' };
}

/**
 * The mapping that Port is to hold from the first run on: the built-in one, with what the integration
 * holds besides resources. Null: Port holds a mapping.
 */
export function builtInFor(record: IntegrationRecord, fallback: JsonObject): JsonObject | null {
  const config = record.status === 'found' ? record.integration.config : null;
  if (config === null) return fallback;
  const { resources, ...others } = config;
  // A mapping that stands below another key is a mistake, which reading it tells.
  const isThere = (resources ?? null) !== null || mistakenForMapping(config) !== null;
  return isThere ? null : { ...fallback, ...others };
}

/** Which kinds there are, by the type of the source. */
export const KINDS = {
  'bitbucket-cloud': cloudKinds,
  'bitbucket-server': serverKinds,
} as const;

/** The same as settings of a run have them. */
export function kindsFor(
  type: Source['type'],
  { enrich, allowRequests }: Parameters<typeof serverKindsWith>[0],
): Source['kinds'] {
  return type === 'bitbucket-cloud'
    ? cloudKindsWith(allowRequests)
    : serverKindsWith({ enrich, allowRequests });
}

/** The kinds that a mapping for the other Bitbucket names. */
const FOREIGN_KINDS = {
  'bitbucket-cloud': {
    side: 'Bitbucket Data Center',
    names: serverKinds.map(({ name }) => name),
  },
  'bitbucket-server': { side: 'Bitbucket Cloud', names: cloudKinds.map(({ name }) => name) },
} as const satisfies Record<Source['type'], ForeignKinds>;

/**
 * Reads a mapping for a source and compiles its expressions.
 * @throws ProblemError mapping-invalid and expression-invalid, with all that is wrong
 */
export function readMapping(
  { value, ...rest }: MappingOrigin,
  engine: JqEngine,
  { type, kinds }: Pick<Source, 'type' | 'kinds'>,
): Promise<ParsedMapping> {
  return validateMapping(engine, value, { ...rest, kinds, foreignKinds: FOREIGN_KINDS[type] });
}

/** What a flag or variable leaves out of one run. */
export interface Narrowing {
  /** Kinds to run; null for all. */
  readonly kinds: readonly string[] | null;
  /** Kinds whose items a setting selects for this run, such as `pull-request` by their state. */
  readonly selectedKinds: ReadonlySet<string>;
}

/** The resources that run. */
export function narrowedResources(
  { resources }: Mapping,
  { kinds }: Narrowing,
): readonly MappingResource[] {
  return kinds === null ? resources : resources.filter(({ kind }) => kinds.includes(kind));
}

/**
 * The blueprints that narrowing touches: those that a resource feeds which is left out or selects
 * less, and those that entities of a left-out blueprint relate to. A resource that computes its
 * blueprint may feed any.
 */
export function narrowedBlueprints(
  { resources }: Mapping,
  { kinds, selectedKinds }: Narrowing,
  blueprints: ReadonlyMap<string, Blueprint>,
): ReadonlySet<string> {
  const touched = new Set<string>();
  for (const { kind, feeds } of resources) {
    const isLeftOut = kinds !== null && !kinds.includes(kind);
    if (!isLeftOut && !selectedKinds.has(kind)) continue;
    if (feeds.some(({ blueprint }) => blueprint.type === 'computed')) {
      return new Set(blueprints.keys());
    }
    for (const { blueprint } of feeds) {
      if (blueprint.type !== 'literal') continue;
      touched.add(blueprint.identifier);
      const relations = blueprints.get(blueprint.identifier)?.relations.values() ?? [];
      for (const { target } of relations) if (isLeftOut) touched.add(target);
    }
  }
  return touched;
}
