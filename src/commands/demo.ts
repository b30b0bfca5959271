import { ProblemError } from '../problems/problem.js';
import type { Runtime } from '../runtime.js';
import { type DemoWorld, startCloudWorld, startServerWorld } from '../sandbox/demo-world.js';
import type { FlagValues } from '../settings/declaration.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import type { ResolvedSettings } from '../settings/settings.js';
import {
  catalogTables,
  type CatalogView,
  CLOUD_VIEWS,
  demoMapping,
  SERVER_VIEWS,
} from './demo-catalog.js';
import { syncWith } from './sync.js';
import { PHASES } from '../model/page-row.js';
import { counted, grouped, textTable } from '../report/text.js';
import type { SandboxPort } from '../sandbox/port/port.js';

/** Half of the demo: one Bitbucket into one Port. */
interface Act {
  /** Says what is to be seen, before the names of the variables. */
  readonly introduction: readonly string[];
  readonly start: (clock: Runtime['clock']) => Promise<DemoWorld>;
  readonly views: readonly CatalogView[];
}

const ACTS: readonly Act[] = [
  {
    introduction: [
      'A built-in Bitbucket Data Center and a built-in Port, on loopback. Besides what',
      'the built-in mapping reads: branches, tags, groups, and the services that files',
      'describe. This is what a pipeline runs, with the variables that it would set:',
    ],
    start: startServerWorld,
    views: SERVER_VIEWS,
  },
  {
    introduction: [
      'The same company in a built-in Bitbucket Cloud, and a Port of its own, as the',
      'default blueprints of both have the same names. Names with a space, which Port',
      'refuses as identifiers, give way to slugs. The variables:',
    ],
    start: startCloudWorld,
    views: CLOUD_VIEWS,
  },
];

/** What our tables and headings are made for, in columns. */
const WIDTH = 80;

/**
 * `demo`: the real `sync`, twice for each Bitbucket, between servers of our own on loopback.
 * @returns the exit code of the first run that went wrong, or 0
 */
export async function demo(runtime: Runtime, flags: FlagValues): Promise<number> {
  for (const act of ACTS) {
    const world = await act.start(runtime.clock);
    try {
      const exitCode = await show(act, world, runtime, flags);
      if (exitCode !== 0) return exitCode;
    } finally {
      await world.close();
    }
  }
  return 0;
}

async function show(
  { introduction, views }: Act,
  world: DemoWorld,
  runtime: Runtime,
  flags: FlagValues,
): Promise<number> {
  const { stdout } = runtime;
  const say = (...lines: readonly string[]): void => {
    stdout.write(`${lines.join('\n')}\n`);
  };
  say(
    ...introduction,
    '',
    ...Object.keys(world.variables).map((name) => `  ${name}`),
    '',
    heading('First run: everything is new'),
  );
  const first = await syncWith(runtime, demoSettings(world, runtime, flags));
  say(
    '',
    heading('A day later'),
    ...world.liveOneDay().map((event) => `  ${event}`),
    '',
    heading('Second run: only what changed'),
  );
  const second = await syncWith(runtime, demoSettings(world, runtime, flags));
  say('', heading("What Port's Data sources page shows of it"), ...pageTable(world.port));
  say('', heading('What is in the catalog now'), ...catalogTables(world.port, views), '');
  return first === 0 ? second : first;
}

function heading(text: string): string {
  return `--- ${text} `.padEnd(WIDTH, '-');
}

/**
 * Settings of the demo's own variables: nothing in the surroundings may lead it to a real account.
 * Which jq there is belongs to the machine.
 */
function demoSettings(
  { variables }: DemoWorld,
  { env }: Runtime,
  flags: FlagValues,
): ResolvedSettings {
  const resolution = resolveSettings({
    flags,
    env: { ...variables, JQ_PATH: env.JQ_PATH },
    dotEnv: null,
    yaml: null,
  });
  const [first, ...others] = resolution.problems;
  if (first !== undefined) throw new ProblemError([first, ...others]);
  const { settings } = resolution;
  if (settings === null) throw new Error('the demo has no settings');
  const mapping = { origin: 'the demo', value: demoMapping(settings.integration.type) };
  return { ...resolution, settings: { ...settings, mapping, authorities: [] } };
}

const COLUMNS = ['Kind', 'State', 'Read', 'Mapped', 'Loaded', 'Same', 'Failed', 'Deleted'];

/** What the built-in Port was told of the last run: a table of kinds and phases, and its log. */
function pageTable({ page }: Pick<SandboxPort, 'page'>): readonly string[] {
  if (page === null) return [];
  const all = page.rows();
  const last = all.at(-1)?.eventId;
  const rows = all.filter(({ eventId, kind }) => eventId === last && kind !== PHASES.run);
  const table = textTable(
    COLUMNS.map((title, index) => ({ title, align: index < 2 ? 'left' : 'right' })),
    rows.map(({ kind, syncState, metrics: { phase } }) => [
      kind,
      syncState,
      ...[
        phase.extract?.object_count_type.raw_extracted,
        phase.transform?.object_count_type.transformed,
        phase.load?.object_count_type.loaded,
        phase.load?.object_count_type.skipped,
        phase.load?.object_count_type.failed,
        phase.delete?.object_count_type.deleted,
      ].map((count) => (count === undefined ? '' : grouped(count.object_count))),
    ]),
  );
  const lines = page.lines.filter(({ extra }) => extra.instance === last).length;
  return [
    '',
    ...table.map((line) => `  ${line}`),
    '',
    `  and ${counted(lines, 'line', 'lines')} of its log`,
  ];
}
