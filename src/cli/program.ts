import { Command, Option } from 'commander';
import { wrapped } from '../report/text.js';
import type { Runtime } from '../runtime.js';
import type { FlagValues } from '../settings/declaration.js';
import {
  type CommandDescription,
  commandGroups,
  type CommandOption,
  type Example,
} from './commands.js';

/** Help is written for a terminal of this width, and narrower ones. */
const WIDEST_HELP = 80;
const NARROWEST_HELP = 40;

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
  const width = helpWidth(runtime);
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
      getOutHelpWidth: () => width,
      getOutHasColors: () => false,
    })
    .configureHelp({
      showGlobalOptions: false,
      minWidthToWrap: NARROWEST_HELP,
      formatItem: (term, termWidth, description) => itemLines(term, termWidth, description, width),
    })
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', closingWords(width));
  program.version(version, '-V, --version', 'show the version');
  for (const command of commands) {
    const [group] = command.name.split(' ');
    const isAlone = group === command.name || group === undefined;
    const parent = isAlone ? program : groupOf(program, group, width);
    parent.addCommand(subcommand(program, command, width, choose));
  }
  return program;
}

function helpWidth({ stdout }: Runtime): number {
  return Math.max(NARROWEST_HELP, Math.min(WIDEST_HELP, stdout.columns ?? WIDEST_HELP));
}

/** The command that others stand below; it does nothing on its own. */
function groupOf(program: Command, name: string, width: number): Command {
  const known = program.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const { summary, examples } = commandGroups[name] ?? { summary: '', examples: [] };
  const group = new Command(name)
    .copyInheritedSettings(program)
    .summary(summary)
    .description(`${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`)
    .helpCommand(false)
    .addHelpText('after', exampleLines('Examples', examples, width).join('\n'));
  program.addCommand(group);
  return group;
}

const FIRST_STEPS: readonly Example[] = [
  { line: 'bitbucket-port demo', does: 'see a whole run, without an account' },
  { line: 'bitbucket-port init', does: 'write settings and a pipeline' },
  { line: 'bitbucket-port check', does: 'find out what is missing' },
  { line: 'bitbucket-port plan', does: 'see what a run would change' },
];

/** What the help of the whole ends with. */
function closingWords(width: number): string {
  const needs = (text: string, first = ''): readonly string[] => wrapped(text, width, first);
  return [
    ...exampleLines('Start here', FIRST_STEPS, width),
    '',
    ...needs('A run needs PORT_CLIENT_ID and PORT_CLIENT_SECRET, and for'),
    itemLines(
      'Bitbucket Data Center',
      21,
      'BITBUCKET_BASE_URL, and BITBUCKET_TOKEN or BITBUCKET_USERNAME with BITBUCKET_PASSWORD',
      width,
    ),
    itemLines('Bitbucket Cloud', 21, 'BITBUCKET_WORKSPACE and BITBUCKET_WORKSPACE_TOKEN', width),
    ...needs('Set them in the environment, a .env file or YAML. No option takes a secret.'),
    '',
    ...needs('--no-color, or the variable NO_COLOR, switches colours off.'),
  ].join('\n');
}

function subcommand(
  program: Command,
  description: CommandDescription,
  width: number,
  choose: (chosen: Chosen) => void,
): Command {
  const command = new Command(description.name.split(' ').at(-1))
    .copyInheritedSettings(program)
    .summary(description.summary)
    .description(description.description)
    .allowExcessArguments(false)
    .addHelpText('after', exampleLines('Examples', description.examples, width).join('\n'))
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

/** Below this many columns beside its term, a description reads better in lines of its own. */
const NARROW = 24;
const INDENT = '  ';
const BELOW = '      ';

/**
 * An item of a list in help: the description beside the term, or below it where it is narrow.
 * @param termWidth that of the longest term of the list
 */
function itemLines(term: string, termWidth: number, description: string, width: number): string {
  if (description === '') return `${INDENT}${term}`;
  const beside = `${INDENT}${term.padEnd(termWidth)}${INDENT}`;
  const lines =
    width - beside.length < NARROW
      ? [`${INDENT}${term}`, ...wrapped(description, width, BELOW)]
      : wrapped(description, width, beside);
  return lines.join('\n');
}

/** Command lines with what each does: side by side where all fit. */
function exampleLines(
  title: string,
  examples: readonly Example[],
  width: number,
): readonly string[] {
  const longest = Math.max(...examples.map(({ line }) => line.length));
  const fits = examples.every(
    ({ does }) => INDENT.length + longest + INDENT.length + does.length <= width,
  );
  const lines = examples.flatMap(({ line, does }) =>
    fits
      ? [`${INDENT}${line.padEnd(longest)}${INDENT}${does}`]
      : [`${INDENT}${line}`, ...wrapped(does, width, BELOW)],
  );
  return ['', `${title}:`, ...lines];
}
