import type { Runtime } from '../runtime.js';
import { initFlags } from '../commands/init/init-options.js';
import {
  checkFlags,
  demoFlags,
  localMappingWords,
  mappingFlags,
  planFlags,
  previewFlags,
  webhookFlags,
} from '../commands/options.js';
import type { FlagDeclaration, FlagValues, SettingDeclaration } from '../settings/declaration.js';
import { envFileFlag } from '../settings/declarations/files.js';
import { reportSettings } from '../settings/declarations/output.js';
import { settingGroups, type SettingGroup } from '../settings/declarations/index.js';

/** Runs a command and answers the exit code. */
export type CommandRun = (runtime: Runtime, flags: FlagValues) => Promise<number>;

/** Options under one heading of a command's help. */
export interface OptionGroup {
  readonly title: string;
  readonly options: readonly CommandOption[];
}

/** An option with its default in words; null where there is none worth telling. */
export interface CommandOption {
  readonly flag: FlagDeclaration;
  readonly defaultWords: string | null;
}

/** A command line that works as it stands, with what it does. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** A command as the command line offers it. */
export interface CommandDescription {
  /** `sync`, or below a group: `mapping pull`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** A sentence or two, for its own help. */
  readonly description: string;
  readonly options: readonly OptionGroup[];
  readonly examples: readonly Example[];
  /** Imports the command only when it runs, so that the others start quickly. */
  readonly load: () => Promise<CommandRun>;
}

const { bitbucket, integration, port, server, cloud, sync, network, output, reports } =
  settingGroups;

/** A report in JSON is `sync`'s own: `plan` and `check` have `--output json`. */
const summary: SettingGroup = { ...reports, settings: [reportSettings.summaryFile] };

/** Commands that stand below a name of their own, such as `mapping pull`: what help says of the name. */
export const commandGroups: Readonly<
  Record<string, { readonly summary: string; readonly examples: readonly Example[] }>
> = {
  schema: {
    summary: 'print JSON Schemas, for editors and programs',
    examples: [
      { line: 'bitbucket-port schema config', does: 'of bitbucket-port.yml' },
      { line: 'bitbucket-port schema mapping', does: 'of mapping.yml' },
      { line: 'bitbucket-port schema report', does: 'of what --report-file writes' },
    ],
  },
  mapping: {
    summary: 'copy the mapping between Port and a file',
    examples: [
      { line: 'bitbucket-port mapping pull --file m.yml', does: 'from Port to a file' },
      { line: 'bitbucket-port mapping diff --mapping m.yml', does: 'what push would change' },
      { line: 'bitbucket-port mapping push --mapping m.yml', does: 'from a file to Port' },
    ],
  },
  webhooks: {
    summary: 'have Bitbucket tell Port of changes between two runs',
    examples: [
      { line: 'bitbucket-port webhooks plan', does: 'what would be set up' },
      { line: 'bitbucket-port webhooks apply', does: 'in Port and in Bitbucket' },
      { line: 'bitbucket-port webhooks remove', does: 'takes it away again' },
    ],
  },
};

/** All commands, in the order of help. */
export const commands: readonly CommandDescription[] = [
  {
    name: 'sync',
    summary: 'load Bitbucket into Port, and delete what is gone',
    description:
      'Reads Bitbucket, maps it, loads what is new or changed into Port, and deletes from Port what is gone from Bitbucket.',
    options: [integration, port, bitbucket, server, cloud, sync, network, output, reports].map(
      optionGroup,
    ),
    examples: [
      { line: 'bitbucket-port sync', does: 'settings from variables' },
      { line: 'bitbucket-port sync --config ci/port.yml', does: 'settings from a file' },
      { line: 'bitbucket-port sync --kinds project,repository', does: 'two kinds only' },
      { line: 'bitbucket-port sync --no-delete --timeout 25m', does: 'no deletions' },
      { line: 'bitbucket-port sync --dry-run', does: 'the same as plan' },
    ],
    load: async () => (await import('../commands/sync.js')).sync,
  },
  {
    name: 'plan',
    summary: 'show what sync would change in Port',
    description:
      'Does everything that sync does except writing, and shows what sync would create, update and delete.',
    options: [
      { title: 'Plan', options: planFlags.map((flag) => ({ flag, defaultWords: null })) },
      ...[integration, port, bitbucket, server, cloud, sync, network, output, summary].map(
        optionGroup,
      ),
    ],
    examples: [
      { line: 'bitbucket-port plan', does: 'before the first sync' },
      { line: 'bitbucket-port plan --mapping mapping.yml', does: 'try a mapping' },
      {
        line: 'bitbucket-port plan --detailed-exitcode',
        does: 'exits with 10 if there are changes',
      },
      { line: 'bitbucket-port plan --output json', does: 'for a program' },
    ],
    load: async () => (await import('../commands/plan.js')).plan,
  },
  {
    name: 'check',
    summary: 'test settings, servers and mapping, and say what is wrong',
    description:
      'Tests everything that a run depends on: settings and where each comes from, what the credentials may read, the mapping, and the blueprints. Prints a line for each, with what to do. Writes nothing.',
    options: [
      { title: 'Check', options: checkFlags.map(plainOption) },
      ...[bitbucket, integration, port, server, cloud, network, output, summary].map(optionGroup),
    ],
    examples: [
      { line: 'bitbucket-port check', does: 'everything' },
      { line: 'bitbucket-port check --log-level debug', does: 'with every setting' },
      { line: 'bitbucket-port check --offline', does: 'for pull requests: needs no secret' },
      { line: 'bitbucket-port check --output json', does: 'for a program' },
    ],
    load: async () => (await import('../commands/check/check.js')).check,
  },
  {
    name: 'init',
    summary: 'write settings, a mapping and a pipeline',
    description:
      'Writes bitbucket-port.yml, mapping.yml and a pipeline, and says what to do next. On a terminal, it asks for what the options do not say. Existing files stay, unless you use --force.',
    options: [
      { title: 'Init', options: initFlags.map(plainOption) },
      { title: 'Files', options: [plainOption(envFileFlag)] },
    ],
    examples: [
      { line: 'bitbucket-port init', does: 'asks what to write' },
      { line: 'bitbucket-port init --type cloud --ci github', does: 'asks nothing' },
      { line: 'bitbucket-port init --type server --ci none --dir ops', does: 'no pipeline' },
    ],
    load: async () => (await import('../commands/init/init.js')).init,
  },
  ...schemaCommands(),
  {
    name: 'mapping pull',
    summary: 'print the mapping that Port holds, as YAML',
    description:
      'Prints the mapping of the integration in Port as YAML, or writes it to a file. Settings are those of sync.',
    options: mappingOptions('pull'),
    examples: [
      { line: 'bitbucket-port mapping pull', does: 'on stdout' },
      { line: 'bitbucket-port mapping pull --file mapping.yml', does: 'into a new file' },
    ],
    load: async () => (await import('../commands/mapping/pull.js')).pull,
  },
  {
    name: 'mapping push',
    summary: 'replace the mapping in Port with a local one',
    description:
      'Checks a local mapping, shows what changes, and writes it to the integration in Port, without asking. mapping diff shows the same and writes nothing.',
    options: mappingOptions('push'),
    examples: [
      { line: 'bitbucket-port mapping push --mapping m.yml', does: 'shows and writes' },
      {
        line: 'bitbucket-port mapping push --mapping m.yml --backup old.yml',
        does: 'keeps the old one',
      },
    ],
    load: async () => (await import('../commands/mapping/push.js')).push,
  },
  {
    name: 'mapping diff',
    summary: 'compare a local mapping with the one that Port holds',
    description:
      'Shows what mapping push would change. The order of keys and the YAML style are ignored.',
    options: mappingOptions('diff'),
    examples: [
      { line: 'bitbucket-port mapping diff --mapping m.yml', does: 'line by line' },
      {
        line: 'bitbucket-port mapping diff --mapping m.yml --detailed-exitcode',
        does: 'for a script',
      },
    ],
    load: async () => (await import('../commands/mapping/diff.js')).diff,
  },
  {
    name: 'preview',
    summary: 'show what the mapping makes of a few items',
    description:
      'Runs the mapping on the first few items of Bitbucket, or on raw items in a file, and shows each item, its entity, and the result of every expression. Writes nothing to Port. The exit code is 4 if an item fails.',
    options: [
      { title: 'What to look at', options: Object.values(previewFlags).map(plainOption) },
      ...[bitbucket, integration, server, cloud, network, output].map(optionGroup),
    ],
    examples: [
      { line: 'bitbucket-port preview --kind repository --limit 1', does: 'live, one item' },
      { line: 'bitbucket-port preview --mapping mapping.yml', does: 'live, 3 of each kind' },
      { line: 'bitbucket-port preview --kind user --input raw.json', does: 'no account' },
      { line: 'bitbucket-port preview --kind user --output json', does: 'for a program' },
    ],
    load: async () => (await import('../commands/preview/preview.js')).preview,
  },
  ...webhookCommands(),
  {
    name: 'demo',
    summary: 'run sync between a built-in Bitbucket and a built-in Port',
    description:
      'Starts a small Bitbucket and a small Port on this machine, runs sync between them, and shows what is in the catalog.',
    options: [{ title: 'What to show', options: demoFlags.map(plainOption) }],
    examples: [
      { line: 'bitbucket-port demo', does: 'no account and no network needed' },
      { line: 'bitbucket-port demo --webhooks', does: 'a merge that arrives without a run' },
    ],
    load: async () => (await import('../commands/demo.js')).demo,
  },
];

function schemaCommands(): readonly CommandDescription[] {
  const subjects = {
    config: 'the settings file',
    mapping: 'a mapping',
    report: 'what --report-file writes',
  } as const;
  return (['config', 'mapping', 'report'] as const).map((name) => ({
    name: `schema ${name}`,
    summary: `print the JSON Schema of ${subjects[name]}`,
    description: `Prints the JSON Schema (draft 2020-12) of ${subjects[name]} on stdout.`,
    options: [],
    examples: [{ line: `bitbucket-port schema ${name}`, does: 'to keep it, add > and a file' }],
    load: async () => (await import('../commands/schema/schema.js')).schemaCommand(name),
  }));
}

function webhookCommands(): readonly CommandDescription[] {
  const { webhooks } = settingGroups;
  const described = {
    plan: {
      summary: 'show what webhooks apply would set up',
      description:
        'Shows the webhook in Port and those in Bitbucket field by field, what events leave to sync, and what sample events make. Writes nothing.',
      examples: [
        { line: 'bitbucket-port webhooks plan', does: 'before the first apply' },
        { line: 'bitbucket-port webhooks plan --projects PAY,WEB', does: 'for two projects' },
        { line: 'bitbucket-port webhooks plan --detailed-exitcode', does: '10 for changes' },
      ],
    },
    apply: {
      summary: 'set up webhooks in Port and in Bitbucket',
      description:
        'Makes one webhook in Port, from the mapping that sync uses, and webhooks in Bitbucket that post to it. They update pull requests, repositories and projects between two runs; sync stays what loads and deletes the rest. WEBHOOK_SECRET signs what is posted. Run it again after a change of the mapping: a second run without one writes nothing.',
      examples: [
        { line: 'bitbucket-port webhooks apply', does: 'wherever the version has them' },
        { line: 'bitbucket-port webhooks apply --level repository', does: 'in each repository' },
        {
          line: 'bitbucket-port webhooks apply --rotate-secret',
          does: 'after a new WEBHOOK_SECRET',
        },
      ],
    },
    remove: {
      summary: 'remove what webhooks apply has set up',
      description:
        'Removes the webhooks of Bitbucket that post to the webhook in Port, then that one. Entities stay.',
      examples: [
        { line: 'bitbucket-port webhooks remove', does: 'everywhere' },
        { line: 'bitbucket-port webhooks remove --projects PAY', does: 'in one project' },
      ],
    },
  } as const;
  return (['plan', 'apply', 'remove'] as const).map((name) => ({
    name: `webhooks ${name}`,
    ...described[name],
    options: [
      { title: 'Webhooks', options: webhookFlags[name].map(plainOption) },
      ...[integration, port, bitbucket, server, cloud, webhooks, network, output, summary].map(
        optionGroup,
      ),
    ],
    load: async () => (await import('../commands/webhooks/webhooks.js')).webhooksCommand(name),
  }));
}

function mappingOptions(command: keyof typeof mappingFlags): readonly OptionGroup[] {
  const own = mappingFlags[command].map((flag) => ({ flag, defaultWords: null }));
  const { title, options } = optionGroup(integration);
  const description = localMappingWords[command];
  // Its usual words tell what a run falls back on; these commands have one meaning for it each.
  const files = options.map((option) =>
    option.flag.name === '--mapping' ? plainOption({ ...option.flag, description }) : option,
  );
  return [
    { title: 'Mapping', options: own },
    { title, options: files },
    ...[port, network, output].map(optionGroup),
  ];
}

function optionGroup({ title, flags, settings }: SettingGroup): OptionGroup {
  return {
    title,
    options: [
      ...flags.map(plainOption),
      ...settings.flatMap((declaration) =>
        declaration.flag === null
          ? []
          : [{ flag: declaration.flag, defaultWords: defaultOf(declaration) }],
      ),
    ],
  };
}

/** An option that is no setting tells its default itself. */
function plainOption(flag: FlagDeclaration): CommandOption {
  return { flag, defaultWords: null };
}

/** A switch has no default to tell: it is not given. */
function defaultOf(declaration: SettingDeclaration<unknown>): string | null {
  if (declaration.flag?.argument === null) return null;
  const { defaultWords, default: value } = declaration;
  return defaultWords ?? (typeof value === 'string' ? value : null);
}
