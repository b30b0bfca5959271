import { findEngine } from '../mapping/engine/find-engine.js';
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
import { webhooksWith } from './webhooks/webhooks.js';
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
 * `demo`: the real `sync`, twice for each Bitbucket, between servers of our own on loopback; with
 * `--webhooks`, the real `webhooks apply`, and an event.
 * @returns the exit code of the first run that went wrong, or 0
 */
export async function demo(runtime: Runtime, flags: FlagValues): Promise<number> {
  if (flags['--webhooks'] === true) return await showEvents(runtime, flags);
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
  const say = sayTo(runtime);
  say(
    ...introduction,
    '',
    ...namesOf(world.variables),
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

/** Says lines on stdout. */
function sayTo({ stdout }: Runtime): (...lines: readonly string[]) => void {
  return (...lines) => {
    stdout.write(`${lines.join('\n')}\n`);
  };
}

function namesOf(variables: DemoWorld['variables']): readonly string[] {
  return Object.keys(variables).map((name) => `  ${name}`);
}

/** Signs what the built-in Bitbucket posts. Known to nobody but the servers of the demo. */
const WEBHOOK_SECRET = 'demo-webhook-secret';

/** The pull request of the demo company that is merged while no run is under way. */
const MERGED = { id: 4, title: 'Refund part of a charge' };

/** The part of the demo in which a merge arrives without a run. */
async function showEvents(runtime: Runtime, flags: FlagValues): Promise<number> {
  const say = sayTo(runtime);
  const { env, findJq = findEngine } = runtime;
  const search = { jqPath: env.JQ_PATH, searchPath: env.PATH, onProblem: () => undefined };
  const world = await startServerWorld(runtime.clock, () => findJq(search));
  try {
    const variables = { ...world.variables, WEBHOOK_SECRET };
    const { settings, ...rest } = demoSettings({ variables }, runtime, flags);
    const resolved = { ...rest, settings: { ...settings, mapping: null } };
    say(
      'A built-in Bitbucket Data Center that posts events, and a built-in Port that maps',
      'them. The variables:',
      '',
      ...namesOf(variables),
      '',
      heading('bitbucket-port sync: what there is'),
    );
    const first = await syncWith(runtime, resolved);
    say('', heading('bitbucket-port webhooks apply: set up once'), '');
    const applied = await webhooksWith('apply', runtime, resolved, flags);
    const before = stateOf(world);
    const deliveries = await world.merge(MERGED.id);
    say(
      '',
      heading('A pull request is merged, and no run begins'),
      `  Bitbucket: PAY/api #${MERGED.id}, ${MERGED.title}, was merged`,
      ...deliveries.map(
        ({ headers, status }) =>
          `  Bitbucket posted ${headers['X-Event-Key'] ?? ''} to Port, which answered ${status ?? 'nothing'}`,
      ),
      `  Port: its state was ${before}, and is ${stateOf(world)}`,
    );
    return first === 0 ? applied : first;
  } finally {
    await world.close();
  }
}

function stateOf({ port }: DemoWorld): string {
  const { state } =
    port.entities('bitbucketPullRequest').find(({ title }) => title === MERGED.title)?.properties ??
    {};
  return typeof state === 'string' ? state : 'unknown';
}

function heading(text: string): string {
  return `--- ${text} `.padEnd(WIDTH, '-');
}

/**
 * Settings of the demo's own variables: nothing in the surroundings may lead it to a real account.
 * Which jq there is belongs to the machine.
 */
function demoSettings(
  { variables }: Pick<DemoWorld, 'variables'>,
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
