import { CommanderError } from 'commander';
import { ProblemError } from '../problems/problem.js';
import type { Runtime } from '../runtime.js';
import { commands as allCommands, type CommandDescription } from './commands.js';
import { createProgram, type Chosen } from './program.js';
import { usageProblem } from './usage-problem.js';
import { ownVersion } from './version.js';

/**
 * Understands the arguments and runs the command; answers its exit code.
 * @throws ProblemError usage-invalid, and whatever the command throws
 */
export async function runCommand(
  runtime: Runtime,
  commands: readonly CommandDescription[] = allCommands,
): Promise<number> {
  const chosen = choose(runtime, commands);
  if (chosen === null) return 0;
  const command = await chosen.command.load();
  return command(runtime, chosen.flags);
}

/** The command that is asked for; null when help was all that was wanted, and was shown. */
function choose(runtime: Runtime, commands: readonly CommandDescription[]): Chosen | null {
  const choices: Chosen[] = [];
  const program = createProgram(runtime, commands, ownVersion(), (chosen) => choices.push(chosen));
  if (runtime.argv.length === 0) {
    program.outputHelp();
    return null;
  }
  try {
    program.parse(runtime.argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw ProblemError.of(usageProblem(error), error);
  }
  return choices[0] ?? null;
}
