import { type Command, CommanderError } from 'commander';
import { type Problem, ProblemError } from '../problems/problem.js';
import type { Runtime } from '../runtime.js';
import type { FlagValues } from '../settings/declaration.js';
import { type CommandDescription, commands as allCommands } from './commands.js';
import { type Chosen, createProgram } from './program.js';
import { ownVersion } from './version.js';

/** What a person needs who types the name alone. */
const FIRST_STEPS = `bitbucket-port loads Bitbucket into the Port software catalog, in one run.

  npx bitbucket-port init   write settings, a mapping and a pipeline
  npx bitbucket-port check  test settings, servers and mapping
  npx bitbucket-port plan   show what sync would change in Port
  npx bitbucket-port sync   load Bitbucket into Port, and delete what is gone

npx bitbucket-port demo shows a whole run without any account, and
npx bitbucket-port --help lists all commands.
`;

/**
 * Understands the arguments and runs the command; answers its exit code.
 * @throws ProblemError usage-invalid, and whatever the command throws
 */
export async function runCommand(
  runtime: Runtime,
  commands: readonly CommandDescription[] = allCommands,
): Promise<number> {
  const chosen = await choose(runtime, commands);
  if (chosen === null) return 0;
  const command = await chosen.command.load();
  try {
    return await command(runtime, chosen.flags);
  } catch (error) {
    throw withHelpOf(chosen.command.name, error);
  }
}

/** A command that finds its own options wrong need not say where they are explained. */
function withHelpOf(name: string, error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error;
  const [problem, ...others] = error.problems;
  if (problem.code !== 'usage-invalid' || problem.suggestion !== undefined) return error;
  return new ProblemError([{ ...problem, suggestion: helpHint([name]) }, ...others], {
    cause: error,
  });
}

/** The command that is asked for; null when help was all that was wanted, and was shown. */
async function choose(
  runtime: Runtime,
  commands: readonly CommandDescription[],
): Promise<Chosen | null> {
  if (runtime.argv.length === 0) {
    runtime.stdout.write(FIRST_STEPS);
    return null;
  }
  const choices: Chosen[] = [];
  const newProgram = (): Command =>
    createProgram(runtime, commands, ownVersion(), (chosen) => choices.push(chosen));
  const program = newProgram();
  const argv = upToUnknownName(program, withOwnHelp(runtime.argv));
  const error = parseError(program, argv);
  if (error === null) return choices[0] ?? null;
  if (error.exitCode === 0) return null;
  // A name that others stand below was given alone: these are shown.
  if (error.code === 'commander.help') {
    const group = program.commands.find((command) => runtime.argv.includes(command.name()));
    group?.outputHelp();
    return null;
  }
  const names = knownNames(program, argv);
  const others = otherUnknownOptions(error, argv, newProgram);
  const problem = usageProblem(error, names);
  const all = [problem, ...others.map((other) => usageProblem(other, names))] as const;
  // Without the options that no command has, the others may make sense.
  const rest = choices[0] === undefined ? [] : await wrongValues(runtime, choices[0].flags);
  throw new ProblemError([...all, ...rest], { cause: error });
}

/** What is wrong with the values of options, whatever else is or is not set. */
async function wrongValues({ env, cwd }: Runtime, flags: FlagValues): Promise<readonly Problem[]> {
  // Most command lines are right, and need no more than the settings of their command.
  const { readSettings } = await import('../settings/read-settings.js');
  const { problems } = await readSettings({ flags, env, cwd });
  return problems.filter(
    (problem) => problem.code === 'setting-invalid' && problem.spelling.startsWith('--'),
  );
}

/** What commander finds wrong, or has shown in place of a command; null: nothing. */
function parseError(program: Command, argv: readonly string[]): CommanderError | null {
  try {
    program.parse(argv, { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error;
  }
}

const UNKNOWN_OPTION = /^error: unknown option '([^]*)'$/u;

/**
 * The options that no command has, after the first one: commander tells one at a time, and a person wants
 * to correct all of them at once. What else it finds then may only follow from these.
 */
function otherUnknownOptions(
  first: CommanderError,
  argv: readonly string[],
  newProgram: () => Command,
): readonly CommanderError[] {
  const others = new Map<string, CommanderError>();
  let left = argv;
  let error: CommanderError | null = first;
  while (error?.code === 'commander.unknownOption') {
    if (error !== first) others.set(error.message, error);
    const [, option = ''] = UNKNOWN_OPTION.exec(error.message.split('\n')[0] ?? '') ?? [];
    if (!left.includes(option)) break;
    left = left.filter((argument) => argument !== option);
    error = parseError(newProgram(), left);
  }
  return [...others.values()];
}

/**
 * The arguments, without what follows a name that no command has. Where help is asked for as well,
 * commander would show that of the command above and pass over the name.
 */
function upToUnknownName(program: Command, argv: readonly string[]): readonly string[] {
  const known = knownNames(program, argv);
  const command = commandOf(program, known);
  const next = argv[known.length];
  if (next === undefined || next.startsWith('-') || command.commands.length === 0) return argv;
  return [...known, next];
}

/** The words at the beginning that name a command, or one that others stand below. */
function knownNames(program: Command, argv: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (const word of argv) {
    const below = commandOf(program, names).commands;
    if (!below.some((command) => command.name() === word)) break;
    names.push(word);
  }
  return names;
}

function commandOf(program: Command, names: readonly string[]): Command {
  return names.reduce(
    (above, name) => above.commands.find((command) => command.name() === name) ?? above,
    program,
  );
}

/**
 * `help schema config` as `schema config --help`: commander's own `help` knows the first name only.
 */
function withOwnHelp(argv: readonly string[]): readonly string[] {
  const [word, ...names] = argv;
  const isOfCommand = word === 'help' && names[0]?.startsWith('-') === false;
  return isOfCommand ? [...names, '--help'] : argv;
}

/** `--dotenv`: Node.js takes `--env-file` for its own, wherever it stands, and ends where the file is missing. */
const DOTENV = /^--dotenv(?=$|=)/u;

const DRY_RUN: readonly string[] = ['-n', '--dry-run'];

/**
 * The command line in our own words, where it was written in those of other programs: `-v` and `version`,
 * `sync --dry-run` and `-n` for `plan`, `--dotenv FILE`, and `--no-color`.
 */
export function inOurSpelling(runtime: Runtime): Runtime {
  const isColorless = runtime.argv.includes('--no-color');
  const argv = runtime.argv
    .filter((argument) => argument !== '--no-color')
    .map((argument) => argument.replace(DOTENV, '--env-file'));
  return {
    ...runtime,
    argv: withoutDryRun(withVersion(argv)),
    ...(isColorless ? { env: { ...runtime.env, NO_COLOR: '1' } } : {}),
  };
}

function withVersion(argv: readonly string[]): readonly string[] {
  return argv.length === 1 && (argv[0] === 'version' || argv[0] === '-v') ? ['--version'] : argv;
}

function withoutDryRun(argv: readonly string[]): readonly string[] {
  const [command, ...others] = argv;
  if (command !== 'sync' || !others.some((argument) => DRY_RUN.includes(argument))) return argv;
  return ['plan', ...others.filter((argument) => !DRY_RUN.includes(argument))];
}

const SUGGESTION = /\((Did you mean [^)]*)\)/u;
/** Options that people try for what must not stand on a command line. */
const SECRET_OPTION = /'--?[\w-]*(?:secret|password|token|client-id)/iu;

/** Where the options of a command are explained. `names`: of the command, the outer one first. */
function helpHint(names: readonly string[]): string {
  return names.length === 0
    ? 'Run npx bitbucket-port --help for the commands and options'
    : `Run npx bitbucket-port ${names.join(' ')} --help for what it takes`;
}

/**
 * Says what commander found wrong with the command line, without repeating any value in it.
 * @param names those of the command that it is about, as far as there is one
 */
function usageProblem(error: CommanderError, names: readonly string[]): Problem {
  const [line = ''] = error.message.split('\n');
  const reason = withoutValues(line.replace(/^error: /u, ''));
  if (SECRET_OPTION.test(reason)) {
    return {
      code: 'usage-invalid',
      reason,
      suggestion: 'Secrets come from the environment, a .env file or YAML, never from an option',
    };
  }
  const suggestion = SUGGESTION.exec(error.message)?.[1];
  return { code: 'usage-invalid', reason, suggestion: suggestion ?? helpHint(names) };
}

/** `'--token=abc'` -> `'--token'`, `'-pabc'` -> `'-p'`. */
function withoutValues(text: string): string {
  return text.replace(/'(--[^='\s]+)=[^\n]*'/u, "'$1'").replace(/'(-[^-\s])[^\n]*'/u, "'$1'");
}
