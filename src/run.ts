import type { CommandDescription } from './cli/commands.js';
import { inOurSpelling } from './cli/run-command.js';
import { ownVersion } from './cli/version.js';
import type { Runtime } from './runtime.js';
import { ProblemError } from './problems/problem.js';

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

/**
 * Minds signals and bugs while no part of a command does: before its run has begun, and once that is
 * over. Without it, either would end the process without a word, or with a stack trace.
 */
class Watch {
  /** The same process; who listens to it takes over from here. */
  readonly runtime: Runtime;
  /** What ended the command. Never comes while somebody else minds it. */
  readonly ended: Promise<unknown>;
  #end: (error: unknown) => void = () => undefined;
  #forget: readonly (() => void)[] = [];

  constructor(private readonly process: Runtime) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.runtime = {
      ...process,
      onSignal: (listener) => this.#handOver(process.onSignal(listener)),
    };
    this.#begin();
  }

  release(): void {
    for (const forget of this.#forget) forget();
    this.#forget = [];
  }

  #begin(): void {
    const { onSignal, onBug } = this.process;
    this.#forget = [
      onSignal((signal) => {
        this.#end(ProblemError.of({ code: 'interrupted', signal }));
      }),
      onBug?.((error) => {
        this.#end(error);
      }) ?? (() => undefined),
    ];
  }

  #handOver(release: () => void): () => void {
    this.release();
    return () => {
      release();
      this.#begin();
    };
  }
}
