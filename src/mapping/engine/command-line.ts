import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { reasonOf } from './reason.js';

/** What to spawn: no shell ever reads the arguments. */
export interface CommandLine {
  readonly file: string;
  readonly arguments: readonly string[];
}

/** How a short command ended. */
export type CommandEnd =
  | {
      readonly status: 'ended';
      readonly code: number | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly status: 'not started'; readonly reason: string; readonly tooLong: boolean };

const shell = '/bin/sh';

/**
 * Sets the limits and turns into the command that follows. A Ctrl-C goes to every process of the
 * terminal, and a run that is interrupted still finishes its batches: jq has to outlive it. No core
 * files; where a system knows no `ulimit -v` (macOS), the command runs without that limit.
 */
const boundedScript =
  'trap "" INT TERM HUP; ulimit -c 0 2>/dev/null; ulimit -v "$0" 2>/dev/null; exec "$@"';

/**
 * `path` with its memory bounded, where the system offers a way: a shell that sets the limit and
 * replaces itself by `path`. Elsewhere (Windows, images without a shell) plain `path`.
 */
export function boundedCommand(
  path: string,
  args: readonly string[],
  memoryBytes: number,
): CommandLine {
  if (!isExecutable(shell)) return { file: path, arguments: args };
  const kibibytes = String(Math.floor(memoryBytes / 1024));
  return { file: shell, arguments: ['-c', boundedScript, kibibytes, path, ...args] };
}

/** Whether there is a file that we may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a command without input and without environment, and collects what it says. */
export function runCommand(command: CommandLine, timeoutMilliseconds: number): Promise<CommandEnd> {
  return new Promise((resolve) => {
    try {
      const child = execFile(
        command.file,
        [...command.arguments],
        { env: {}, timeout: timeoutMilliseconds, killSignal: 'SIGKILL', windowsHide: true },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : error.code;
          if (typeof code === 'string') resolve(notStarted(error));
          else resolve({ status: 'ended', code: code ?? null, stdout, stderr });
        },
      );
      // A command that ends at once never reads this.
      child.stdin?.on('error', () => undefined).end();
    } catch (error) {
      resolve(notStarted(error));
    }
  });
}

/** Whether a spawn failed because the arguments are longer than the system takes. */
export function isTooLong(error: unknown): boolean {
  return /\b(?:E2BIG|ENAMETOOLONG)\b/.test(reasonOf(error));
}

function notStarted(error: unknown): CommandEnd {
  return { status: 'not started', reason: reasonOf(error), tooLong: isTooLong(error) };
}
