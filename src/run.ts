import type { CommandDescription } from './cli/commands.js';
import { inOurSpelling } from './cli/other-spellings.js';
import { ownVersion } from './cli/version.js';
import { Watch } from './cli/watch.js';
import type { Runtime } from './runtime.js';

/**
 * Runs the command that the arguments ask for and answers the exit code. Never throws: this is the
 * one place where everything that was thrown ends.
 * @param commands those on offer; without it, all
 */
export async function run(
  given: Runtime,
  commands?: readonly CommandDescription[],
): Promise<number> {
  const runtime = inOurSpelling(given);
  const watch = new Watch(runtime);
  const exitCode = await Promise.race([ran(watch.runtime, commands), ended(watch)]);
  watch.release();
  const lost = (await runtime.stdout.lost?.()) ?? null;
  if (lost === null) return exitCode;
  const { reportLostResult } = await import('./cli/failure.js');
  return await reportLostResult(runtime, lost, exitCode);
}

/** Tells what ended the process while no part of the command minded it, and ends it. */
async function ended({ runtime, ended: error }: Watch): Promise<number> {
  const reason = await error;
  const { reportFailure } = await import('./cli/failure.js');
  const exitCode = await reportFailure(runtime, reason);
  // Whatever is under way would keep the process from ending.
  runtime.exitNow(exitCode);
  return exitCode;
}

async function ran(runtime: Runtime, commands?: readonly CommandDescription[]): Promise<number> {
  try {
    if (isVersionAsked(runtime.argv)) {
      runtime.stdout.write(`${ownVersion()}\n`);
      return 0;
    }
    const { runCommand } = await import('./cli/run-command.js');
    return await runCommand(runtime, commands);
  } catch (error) {
    const { reportFailure } = await import('./cli/failure.js');
    return await reportFailure(runtime, error);
  }
}

/** Answered before anything is loaded: scripts ask for it often. */
function isVersionAsked(argv: readonly string[]): boolean {
  return argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V');
}
