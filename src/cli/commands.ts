import type { Runtime } from '../runtime.js';
import type { FlagDeclaration, SettingDeclaration } from '../settings/declaration.js';
import { settingGroups, type SettingGroup } from '../settings/declarations/index.js';
import type { FlagValues } from '../settings/flag-values.js';

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

/** A command as the command line offers it. */
export interface CommandDescription {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** A sentence or two, for its own help. */
  readonly description: string;
  readonly options: readonly OptionGroup[];
  /** Command lines that work as they stand, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Imports the command only when it runs, so that the others start quickly. */
  readonly load: () => Promise<CommandRun>;
}

const { integration, port, server, sync, network, output } = settingGroups;

/** All commands, in the order of help. */
export const commands: readonly CommandDescription[] = [
  {
    name: 'sync',
    summary: 'load Bitbucket into Port, and delete what is gone',
    description:
      'Reads Bitbucket, maps it, loads what is new or changed into Port, and deletes from Port what is gone from Bitbucket.',
    options: [integration, port, server, sync, network, output].map(optionGroup),
    examples: [
      { line: 'bitbucket-port sync', does: 'settings from variables' },
      { line: 'bitbucket-port sync --config ci/port.yml', does: 'settings from a file' },
      { line: 'bitbucket-port sync --kinds project,repository', does: 'two kinds only' },
      { line: 'bitbucket-port sync --no-delete --timeout 25m', does: 'no deletions' },
    ],
    load: async () => (await import('../commands/sync.js')).sync,
  },
  {
    name: 'demo',
    summary: 'run sync between a built-in Bitbucket and a built-in Port',
    description:
      'Starts a small Bitbucket and a small Port on this machine, runs sync between them, and shows what is in the catalog.',
    options: [],
    examples: [{ line: 'bitbucket-port demo', does: 'no account and no network needed' }],
    load: async () => (await import('../commands/demo.js')).demo,
  },
];

function optionGroup({ title, flags, settings }: SettingGroup): OptionGroup {
  return {
    title,
    options: [
      ...flags.map((flag) => ({ flag, defaultWords: null })),
      ...settings.flatMap((declaration) =>
        declaration.flag === null
          ? []
          : [{ flag: declaration.flag, defaultWords: defaultOf(declaration) }],
      ),
    ],
  };
}

/** A switch has no default to tell: it is not given. */
function defaultOf(declaration: SettingDeclaration<unknown>): string | null {
  if (declaration.flag?.argument === null) return null;
  const { defaultWords, default: value } = declaration;
  return defaultWords ?? (typeof value === 'string' ? value : null);
}
