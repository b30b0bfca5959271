import type { JsonObject, JsonValue } from '../../src/model/json.js';
import type { CloudOptions } from '../../src/sandbox/cloud/cloud.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { LoopbackServer } from '../../src/sandbox/loopback.js';
import type { SandboxPort } from '../../src/sandbox/port/port.js';
import type { IntegrationSeed } from '../../src/sandbox/port/seeds.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import type { DataCenterOptions } from '../../src/sandbox/server/data-center.js';
import { mappingOf, resource } from '../pipeline/safety-world.js';
import { planSchema, plannedChanges } from '../pipeline/plan-world.js';
import { startCloudWorld } from '../world/a-cloud-world.js';
import type { FakeClock } from '../world/fake-clock.js';
import { startServerWorld } from '../world/a-world.js';
import type { TestRuntime } from '../world/a-runtime.js';
import type { RunDifference, RunResult } from '../world/world-around.js';

export type Flavour = 'server' | 'cloud';

export const BOTH: readonly Flavour[] = ['server', 'cloud'];

/** The integration that a run without settings for it uses. */
export const INTEGRATION = {
  server: { type: 'bitbucket-server', identifier: 'my-bitbucket-server-integration' },
  cloud: { type: 'bitbucket-cloud', identifier: 'my-bitbucket-cloud-integration' },
} as const;

/** A Bitbucket of either flavour, a Port that has the blueprints below, and the command between them. */
export interface Day {
  readonly flavour: Flavour;
  readonly bitbucket: LoopbackServer;
  readonly port: SandboxPort;
  readonly clock: FakeClock;
  readonly env: Readonly<Record<string, string>>;
  run(line: string, difference?: RunDifference): Promise<RunResult>;
  runtime(line: string, difference?: RunDifference): TestRuntime;
  identifiers(blueprint: string): readonly string[];
  /** Lets the next test of this day begin; the catalog stays as it is. */
  forget(): void;
  close(): Promise<void>;
}

/** What is different about a day. */
export interface DayDifference {
  readonly server?: Partial<DataCenterOptions>;
  readonly cloud?: Partial<CloudOptions>;
  readonly port?: Partial<SandboxPortOptions>;
  /** By default, `mappingOn` with nothing different. */
  readonly mapping?: JsonObject;
  /** Variables of all runs. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts a day on which nothing was loaded yet, and no run has judged deletions. */
export async function aDay(
  flavour: Flavour,
  company: Company,
  {
    mapping = mappingOn(flavour),
    port = {},
    server = {},
    cloud = {},
    env = {},
  }: DayDifference = {},
): Promise<Day> {
  const world =
    flavour === 'server'
      ? await startServerWorld(company, { bitbucket: server, port })
      : await startCloudWorld(company, { bitbucket: cloud, port });
  const added = ({ env: more, ...rest }: RunDifference = {}): RunDifference => ({
    ...rest,
    env: { ...env, ...more },
  });
  const day: Day = {
    ...world,
    flavour,
    run: (line, difference) => world.run(line, added(difference)),
    runtime: (line, difference) => world.runtime(line, added(difference)),
  };
  for (const each of BLUEPRINTS) day.port.putBlueprint(each);
  putIntegration(day, mapping);
  return day;
}

/** The same after a first load; then a day goes by, on which something changes. */
export async function theDayAfter(
  flavour: Flavour,
  company: Company,
  change: () => void,
  difference: DayDifference = {},
): Promise<Day> {
  const day = await aDay(flavour, company, difference);
  await done(day.run('sync'));
  change();
  day.port.reset();
  day.bitbucket.reset();
  return day;
}

/** Expects nothing of a run but that it ends well. @throws with all that it said */
export async function done(run: Promise<RunResult>): Promise<RunResult> {
  const result = await run;
  if (result.exitCode !== 0) throw new Error(`${result.stderr}${result.stdout}`);
  return result;
}

/** Puts our integration. It keeps what it remembers, unless told otherwise. */
export function putIntegration(
  { flavour, port }: Day,
  config: JsonObject | null,
  difference: Partial<IntegrationSeed> = {},
): void {
  const { type, identifier } = INTEGRATION[flavour];
  const before = port.integration(identifier);
  port.putIntegration({
    ...(before?.spec === undefined ? {} : { spec: before.spec }),
    installationId: identifier,
    installationAppType: type,
    version: before?.version ?? 'bitbucket-port-0.0.1',
    changelogDestination: {},
    config,
    arePortResourcesInitialized: true,
    ...difference,
  });
}

/** What `plan` would delete, as `- blueprint identifier`, and what it ends with. */
export async function planned(
  day: Day,
  flags = '',
): Promise<{
  readonly exitCode: number;
  readonly deletes: readonly string[];
  readonly postponed: readonly string[];
}> {
  const { exitCode, stdout } = await day.run(`plan --output json${flags}`);
  const document = planSchema.parse(JSON.parse(stdout));
  return {
    exitCode,
    deletes: plannedChanges(document).filter((change) => change.startsWith('- ')),
    postponed: document.plan.postponed
      .map(({ blueprint, identifier, why }) => `${why}: ${blueprint} ${identifier}`)
      .sort(),
  };
}

const text = { type: 'string' };
const toOne = (target: string): JsonObject => ({
  [target]: { title: target, target, required: false, many: false },
});

function blueprint(identifier: string, relations: JsonObject = {}): JsonObject {
  const properties = { link: text, note: text };
  return { identifier, title: identifier, schema: { properties, required: [] }, relations };
}

/** `team` for projects, `service` for repositories, `change` for pull requests, and one more. */
export const BLUEPRINTS: readonly JsonObject[] = [
  blueprint('team'),
  blueprint('service', toOne('team')),
  blueprint('change', toOne('service')),
  blueprint('extra'),
];

/** What of the mapping is different. */
export interface MappingDifference {
  readonly kinds?: readonly ('project' | 'repository' | 'pull-request')[];
  /** Whether a property holds each item's own link. */
  readonly links?: boolean;
  readonly relations?: boolean;
  /** What identifiers of repositories and pull requests begin with. */
  readonly prefix?: string;
  /** Whether the identifier of a repository names its project; that of a pull request too, on Data Center. */
  readonly isQualified?: boolean;
  /** Of each resource, by kind. */
  readonly selectors?: Readonly<Record<string, JsonObject>>;
  /** What the resource of repositories says besides. */
  readonly ofRepositories?: JsonObject;
  /** Resources besides. */
  readonly more?: readonly JsonObject[];
  readonly rest?: JsonObject;
}

const ITEMS = {
  server: {
    link: '.links.self[0].href',
    repository: '.toRef.repository.slug',
    project: '.toRef.repository.project.key',
  },
  cloud: {
    link: '.links.html.href',
    repository: '(.destination.repository.full_name | split("/")[1])',
    project: null,
  },
} as const;

/** A mapping that gives the same catalog on either flavour. */
export function mappingOn(
  flavour: Flavour,
  {
    kinds = ['project', 'repository', 'pull-request'],
    links = true,
    relations = true,
    prefix = '',
    isQualified = false,
    selectors = {},
    ofRepositories = {},
    more = [],
    rest = {},
  }: MappingDifference = {},
): JsonObject {
  const { link, repository, project } = ITEMS[flavour];
  const home = isQualified && project !== null ? `${project} + "-" + ${repository}` : repository;
  const own = isQualified ? '.project.key + "-" + .slug' : '.slug';
  const prefixed = (expression: string): string =>
    prefix === '' ? expression : `"${prefix}" + ${expression}`;
  const entity = (name: string, identifier: string, related: JsonObject): JsonValue => ({
    identifier,
    title: '.name // .title',
    blueprint: `"${name}"`,
    properties: links ? { link } : {},
    ...(relations ? { relations: related } : {}),
  });
  const entities = {
    project: entity('team', '.key', {}),
    repository: entity('service', prefixed(own), { team: '.project.key' }),
    'pull-request': entity('change', prefixed(`${home} + "-" + (.id|tostring)`), {
      // A pull request of Cloud does not name the project: the relation is left out there.
      ...(isQualified && project === null ? {} : { service: prefixed(home) }),
    }),
  };
  const resources = kinds.map((kind) => ({
    ...resource(kind, entities[kind], selectors[kind]),
    ...(kind === 'repository' ? ofRepositories : {}),
  }));
  return mappingOf([...resources, ...more], rest);
}
