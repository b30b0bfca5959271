import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { types } from 'node:util';

/** What to spawn: no shell ever reads the arguments. */
export interface CommandLine {
  readonly file: string;
  readonly arguments: readonly string[];
  /** Whether the command watches over a line to us, see `boundedScript`. */
  readonly hasLifeline: boolean;
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

/** File descriptor of the line between us and what watches over the command. */
const lifeline = 3;

/**
 * Sets the limits and turns into the command that follows. A Ctrl-C goes to every process of the
 * terminal, and a run that is interrupted still finishes its batches: jq has to outlive it. No core
 * files; where a system knows no `ulimit -v` (macOS), the command runs without that limit.
 *
 * A jq that is busy does not notice that we are gone, killed with SIGKILL for one. So a child of it
 * waits on a line to us: when it breaks off, `$$` is killed, which is the command's process by then.
 * A line of text instead says that the command has ended.
 */
const boundedScript = `trap "" INT TERM HUP
ulimit -c 0 2>/dev/null
ulimit -v "$0" 2>/dev/null
{ read -r word || kill -KILL $$; } <&${lifeline} >/dev/null 2>&1 ${lifeline}<&- &
exec "$@" ${lifeline}<&-`;

/**
 * `path` with its memory bounded, and bound to end with us, where the system offers a way: a shell that
 * sets the limit and replaces itself by `path`. Elsewhere (Windows, images without a shell) plain
 * `path`.
 */
export function boundedCommand(
  path: string,
  args: readonly string[],
  memoryBytes: number,
): CommandLine {
  if (!isExecutable(shell)) return { file: path, arguments: args, hasLifeline: false };
  const kibibytes = String(Math.floor(memoryBytes / 1024));
  const bounded = ['-c', boundedScript, kibibytes, path, ...args];
  return { file: shell, arguments: bounded, hasLifeline: true };
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

/**
 * Starts a command without environment. Its event `error` tells that it could not be started.
 * @throws when the system refuses the arguments, see `isTooLong`
 */
export function spawnCommand({ file, arguments: args, hasLifeline }: CommandLine): ChildProcess {
  const stdio = Array.from(
    { length: hasLifeline ? lifeline + 1 : lifeline },
    () => 'pipe' as const,
  );
  const child = spawn(file, [...args], { env: {}, windowsHide: true, stdio });
  // What has ended says so through 'close'.
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  const line = child.stdio[lifeline];
  if (line !== null && line !== undefined && 'end' in line) {
    child.once('exit', () => line.end('ended\n', () => line.destroy()));
  }
  return child;
}

/** Runs a command without input, and collects what it says. */
export function runCommand(command: CommandLine, timeoutMilliseconds: number): Promise<CommandEnd> {
  return new Promise((resolve) => {
    try {
      const child = spawnCommand(command);
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMilliseconds);
      const said = { stdout: '', stderr: '' };
      child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
      child.once('error', (error) => {
        clearTimeout(timer);
        resolve(notStarted(error));
      });
      child.once('close', (code) => {
        clearTimeout(timer);
        resolve({ status: 'ended', code, ...said });
      });
      child.stdin?.end();
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

/** What a caught value says. Errors of another realm (a worker, a test runner) are errors as well. */
export function reasonOf(caught: unknown): string {
  return types.isNativeError(caught) ? caught.message : String(caught);
}
