import { Command, Option } from 'commander';
import type { Runtime } from '../runtime.js';
import type { FlagValues } from '../settings/flag-values.js';
import {
  commandGroups,
  type CommandDescription,
  type CommandOption,
  type Example,
} from './commands.js';

/** Help is written for a terminal of this width, and narrower ones. */
const WIDEST_HELP = 80;

/** What the command line asks for. */
export interface Chosen {
  readonly command: CommandDescription;
  readonly flags: FlagValues;
}

/**
 * The commander program of these commands. Parsing it calls `choose` for the command that was
 * named, prints help on the runtime's stdout, and throws commander's error for anything else.
 */
export function createProgram(
  runtime: Runtime,
  commands: readonly CommandDescription[],
  version: string,
  choose: (chosen: Chosen) => void,
): Command {
  const program = new Command('bitbucket-port')
    .description('Loads Bitbucket into the Port software catalog, in one run.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        runtime.stdout.write(text);
      },
      // Errors are worded and printed where all others are.
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(WIDEST_HELP, runtime.stdout.columns ?? WIDEST_HELP),
      getOutHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: false })
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', closingWords);
  program.version(version, '-V, --version', 'show the version');
  for (const command of commands) {
    const [group] = command.name.split(' ');
    const isAlone = group === command.name || group === undefined;
    const parent = isAlone ? program : groupOf(program, group);
    parent.addCommand(subcommand(program, command, choose));
  }
  return program;
}

/** The command that others stand below; it does nothing on its own. */
function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const { summary, examples } = commandGroups[name] ?? { summary: '', examples: [] };
  const group = new Command(name)
    .copyInheritedSettings(program)
    .summary(summary)
    .description(`${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`)
    .helpCommand(false)
    .addHelpText('after', examplesOf(examples));
  program.addCommand(group);
  return group;
}

const closingWords = `
Start here:
  bitbucket-port demo         see a whole run, without any account
  bitbucket-port init         write settings and a pipeline
  bitbucket-port check        find out what is missing
  bitbucket-port plan         see what a run would change

A run needs PORT_CLIENT_ID and PORT_CLIENT_SECRET, and for
  Bitbucket Data Center  BITBUCKET_BASE_URL, and BITBUCKET_TOKEN or
                         BITBUCKET_USERNAME with BITBUCKET_PASSWORD
  Bitbucket Cloud        BITBUCKET_WORKSPACE and BITBUCKET_WORKSPACE_TOKEN
They come from the environment, a .env file or YAML; secrets never from options.`;

function subcommand(
  program: Command,
  description: CommandDescription,
  choose: (chosen: Chosen) => void,
): Command {
  const command = new Command(description.name.split(' ').at(-1))
    .copyInheritedSettings(program)
    .summary(description.summary)
    .description(description.description)
    .allowExcessArguments(false)
    .addHelpText('after', examplesOf(description.examples))
    .action(() => {
      choose({ command: description, flags: flagValues(command) });
    });
  for (const { title, options } of description.options) {
    for (const option of options) command.addOption(commanderOption(option, title));
  }
  return command;
}

function commanderOption({ flag, defaultWords }: CommandOption, title: string): Option {
  const syntax = flag.argument === null ? flag.name : `${flag.name} ${flag.argument}`;
  const ending = defaultWords === null ? '' : ` (default: ${defaultWords})`;
  return new Option(syntax, `${flag.description}${ending}`).helpGroup(`${title}:`);
}

function examplesOf(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  const lines = examples.map(({ line, does }) => `  ${line.padEnd(width)}  ${does}`);
  return ['', 'Examples:', ...lines].join('\n');
}

/** What was given on the command line, and nothing that commander adds. */
function flagValues(command: Command): FlagValues {
  const given = command.options.filter(
    (option) => command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  return Object.fromEntries(
    given.map((option): [string, string | true] => {
      const value: unknown = command.getOptionValue(option.attributeName());
      return [option.long ?? option.flags, typeof value === 'string' ? value : true];
    }),
  );
}
